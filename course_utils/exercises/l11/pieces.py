"""Task 11.3: Chinese runs into character n-grams."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_list
from course_utils.exercises.theirs import shorten

CASES: list[tuple[str, int]] = [
    ("红色茶壶", 2),
    ("Brand 05 红茶壶 gift BOX", 2),
    ("红茶2024款茶壶", 2),
    ("红色茶壶", 3),
    ("茶", 2),
    ("红茶 壶", 2),
    ("红红红茶", 2),
    ("红茶 tea", 1),
    ("green tea", 2),
    ("tea tea 茶壶茶壶", 2),
    ("红茶-壶盖", 3),
    ("", 2),
]


def _runs(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+|[\u4e00-\u9fff]+", text.lower())


def _grams(run: str, n: int) -> list[str]:
    return [run[at : at + n] for at in range(max(1, len(run) - n + 1))]


def _pieces(text: str, n: int) -> list[str]:
    return [one for run in _runs(text) for one in ([run] if run.isascii() else _grams(run, n))]


def _read(value: Any, case: Case) -> list[str]:
    what = f"{_shown(case)}: the result"
    pieces = as_list(value, what)
    if not all(isinstance(one, str) for one in pieces):
        bad = next(one for one in pieces if not isinstance(one, str))
        reject(f"{what} must be a list of strings; it holds {shorten(bad)}.")
    return [str(one) for one in pieces]


def check_pieces(answer: Any) -> None:
    compare(answer, CASES, _pieces, _read, _shown, MISTAKES)


def _shown(case: Case) -> str:
    return f"pieces({case[0]!r}, {case[1]})"


def whole_runs(text: str, n: int) -> list[str]:
    return _runs(text)


def by_character(text: str, n: int) -> list[str]:
    return [one for run in _runs(text) for one in ([run] if run.isascii() else run)]


def english_too(text: str, n: int) -> list[str]:
    return [one for run in _runs(text) for one in _grams(run, n)]


def across(text: str, n: int) -> list[str]:
    chinese = "".join(run for run in _runs(text) if not run.isascii())
    return [run for run in _runs(text) if run.isascii()] + (_grams(chinese, n) if chinese else [])


def english_first(text: str, n: int) -> list[str]:
    return sorted(_pieces(text, n), key=lambda one: not one.isascii())


def one_missing(text: str, n: int) -> list[str]:
    return [
        one
        for run in _runs(text)
        for one in ([run] if run.isascii() else [run[at : at + n] for at in range(len(run) - n)])
    ]


def tail(text: str, n: int) -> list[str]:
    return [
        one
        for run in _runs(text)
        for one in ([run] if run.isascii() else [run[at : at + n] for at in range(len(run))])
    ]


def steps(text: str, n: int) -> list[str]:
    return [
        one
        for run in _runs(text)
        for one in ([run] if run.isascii() else [run[at : at + n] for at in range(0, len(run), n)])
    ]


def short_dropped(text: str, n: int) -> list[str]:
    return [one for one in _pieces(text, n) if one.isascii() or len(one) == n]


def each_once(text: str, n: int) -> list[str]:
    return list(dict.fromkeys(_pieces(text, n)))


def capitals_dropped(text: str, n: int) -> list[str]:
    runs = re.findall(r"[a-z0-9]+|[\u4e00-\u9fff]+", text)
    return [one for run in runs for one in ([run] if run.isascii() else _grams(run, n))]


def always_two(text: str, n: int) -> list[str]:
    return _pieces(text, 2)


def chinese_only(text: str, n: int) -> list[str]:
    return [one for one in _pieces(text, n) if not one.isascii()]


MISTAKES: dict[str, Callable[..., list[str]]] = {
    "Chinese runs stay whole": whole_runs,
    "Chinese is cut into single characters, whatever n is": by_character,
    "English words are cut into pieces too": english_too,
    "pieces reach across a gap: join nothing that does not stand together": across,
    "English comes first: keep the order of the text": english_first,
    "the last piece of every run is missing": one_missing,
    "pieces shorter than n stand at the end of every run": tail,
    "the pieces do not overlap": steps,
    "a run shorter than n is dropped: it stays whole": short_dropped,
    "a piece that repeats is kept once: BM25 counts repeats": each_once,
    "capital letters are lost: make the text lower case first": capitals_dropped,
    "n is not used": always_two,
    "English words are dropped": chinese_only,
}


TASK = Task(
    id="11.3",
    prompt="Cut Chinese runs into overlapping pieces of n characters; keep English words whole.",
    check_answer=check_pieces,
    hints=(
        "Find the runs first, with the pattern of the text, then decide for each run.",
        "run.isascii() is True for an English run. A Chinese run has len(run) - n + 1 pieces.",
        "[run[i:i + n] for i in range(max(1, len(run) - n + 1))] also keeps a run that is too "
        "short for n, whole.",
    ),
    insight="No dictionary, no model: overlapping pairs make Chinese searchable by counting.",
)
