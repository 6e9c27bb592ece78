"""Task 11.3: Chinese runs into character n-grams."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from course_utils.exercises.engine import Task, Wrong, as_list, reject, shorten
from course_utils.exercises.l11.judging import judge

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


def _read(value: Any, what: str) -> list[str]:
    pieces = as_list(value, what)
    if not all(isinstance(one, str) for one in pieces):
        bad = next(one for one in pieces if not isinstance(one, str))
        reject(f"{what} must be a list of strings; it holds {shorten(bad)}.")
    return [str(one) for one in pieces]


def check_pieces(answer: Any) -> None:
    judge(answer, CASES, _pieces, _read, lambda text, n: f"pieces({text!r}, {n})", MISTAKES)


def _whole_runs(text: str, n: int) -> list[str]:
    return _runs(text)


def _characters(text: str, n: int) -> list[str]:
    return [one for run in _runs(text) for one in ([run] if run.isascii() else run)]


def _english_too(text: str, n: int) -> list[str]:
    return [one for run in _runs(text) for one in _grams(run, n)]


def _across(text: str, n: int) -> list[str]:
    chinese = "".join(run for run in _runs(text) if not run.isascii())
    return [run for run in _runs(text) if run.isascii()] + (_grams(chinese, n) if chinese else [])


def _english_first(text: str, n: int) -> list[str]:
    return sorted(_pieces(text, n), key=lambda one: not one.isascii())


def _one_missing(text: str, n: int) -> list[str]:
    return [
        one
        for run in _runs(text)
        for one in ([run] if run.isascii() else [run[at : at + n] for at in range(len(run) - n)])
    ]


def _tail(text: str, n: int) -> list[str]:
    return [
        one
        for run in _runs(text)
        for one in ([run] if run.isascii() else [run[at : at + n] for at in range(len(run))])
    ]


def _steps(text: str, n: int) -> list[str]:
    return [
        one
        for run in _runs(text)
        for one in ([run] if run.isascii() else [run[at : at + n] for at in range(0, len(run), n)])
    ]


def _short_dropped(text: str, n: int) -> list[str]:
    return [one for one in _pieces(text, n) if one.isascii() or len(one) == n]


def _once(text: str, n: int) -> list[str]:
    return list(dict.fromkeys(_pieces(text, n)))


def _capitals_dropped(text: str, n: int) -> list[str]:
    runs = re.findall(r"[a-z0-9]+|[\u4e00-\u9fff]+", text)
    return [one for run in runs for one in ([run] if run.isascii() else _grams(run, n))]


def _always_two(text: str, n: int) -> list[str]:
    return _pieces(text, 2)


def _chinese_only(text: str, n: int) -> list[str]:
    return [one for one in _pieces(text, n) if not one.isascii()]


MISTAKES: dict[str, Callable[..., list[str]]] = {
    "Chinese runs stay whole": _whole_runs,
    "Chinese is cut into single characters, whatever n is": _characters,
    "English words are cut into pieces too": _english_too,
    "pieces reach across a gap: join nothing that does not stand together": _across,
    "English comes first: keep the order of the text": _english_first,
    "the last piece of every run is missing": _one_missing,
    "pieces shorter than n stand at the end of every run": _tail,
    "the pieces do not overlap": _steps,
    "a run shorter than n is dropped: it stays whole": _short_dropped,
    "a piece that repeats is kept once: BM25 counts repeats": _once,
    "capital letters are lost: make the text lower case first": _capitals_dropped,
    "n is not used": _always_two,
    "English words are dropped": _chinese_only,
}


def _by_characters(text: str, n: int) -> Any:
    found: list[str] = []
    run = ""
    for character in [*text.lower(), " "]:
        if "\u4e00" <= character <= "\u9fff":
            if run and run.isascii():
                found.append(run)
                run = ""
            run += character
            continue
        if run and not run.isascii():
            found += [run[i : i + n] for i in range(len(run) - n + 1)] or [run]
            run = ""
        if character.isascii() and character.isalnum():
            run += character
        elif run:
            found.append(run)
            run = ""
    return tuple(found)


def _by_zip(text: str, n: int) -> Any:
    result: list[str] = []
    for word, chinese in re.findall(r"([a-z0-9]+)|([\u4e00-\u9fff]+)", text.lower()):
        if word:
            result += [word]
        elif len(chinese) < n:
            result += [chinese]
        else:
            shifted = [chinese[at:] for at in range(n)]
            result += ["".join(one) for one in zip(*shifted, strict=False)]
    return result


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
    right=[_by_characters, _by_zip],
    wrong=[
        Wrong(_whole_runs, "Chinese runs stay whole", silent=True),
        Wrong(_characters, "single characters, whatever n is", silent=True),
        Wrong(_english_too, "English words are cut", silent=True),
        Wrong(_across, "reach across a gap", silent=True),
        Wrong(_english_first, "English comes first", silent=True),
        Wrong(_one_missing, "the last piece of every run", silent=True),
        Wrong(_tail, "stand at the end of every run", silent=True),
        Wrong(_steps, "do not overlap", silent=True),
        Wrong(_short_dropped, "a run shorter than n is dropped", silent=True),
        Wrong(_once, "kept once", silent=True),
        Wrong(_capitals_dropped, "capital letters are lost", silent=True),
        Wrong(_always_two, "n is not used", silent=True),
        Wrong(_chinese_only, "English words are dropped", silent=True),
        Wrong(lambda text, n: list(text.encode()), "must be a list of strings"),
    ],
    insight="No dictionary, no model: overlapping pairs make Chinese searchable by counting.",
)
