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

CASES: list[Case] = [
    ("红色茶壶", 2),
    ("Brand 05 红茶壶 gift BOX", 2),
    ("红茶2024款茶壶", 2),
    ("红色茶壶", 3),
    ("红色茶壶", 4),
    ("茶", 2),
    ("红茶 壶", 2),
    ("红红红茶", 2),
    ("红茶 tea", 1),
    ("green tea", 2),
    ("tea tea 茶壶茶壶", 2),
    ("红茶-壶盖", 3),
    ("", 2),
    ("…!", 2),
    ("usb3 3in1", 2),
    ("size_42_红茶", 2),
    ("women's 3.5mm", 2),
    ("café 茶壶", 2),
    ("茶の壶", 2),
    ("龥龦茶", 2),
    ("一茶鿿", 2),
    ("红\u3400茶\uf900壶", 2),  # characters outside the pattern's range
    ("tea\uff12茶", 1),  # a full-width 2
    ("red\n\t红\u3000茶", 2),
    ("Straße", 2),
    ("3\u212a \u017fa", 2),  # the Kelvin sign, whose lower case is k; the long s is none
    ("红\U00020000茶々壶", 2),  # an ideograph outside the range, and the mark of repetition
    ("tea " * 20 + "茶壶", 2),
]

CHINESE = r"[\u4e00-\u9fff]+"
PATTERN = rf"[a-z0-9]+|{CHINESE}"


def _runs(text: str, pattern: str = PATTERN) -> list[str]:
    return re.findall(pattern, text.lower())


def _grams(run: str, n: int) -> list[str]:
    return [run[at : at + n] for at in range(max(1, len(run) - n + 1))]


def _cut(
    text: str,
    n: int,
    grams: Callable[[str, int], list[str]] = _grams,
    pattern: str = PATTERN,
) -> list[str]:
    """Every run that begins with a Chinese character is cut, all others stay whole."""
    return [
        one
        for run in _runs(text, pattern)
        for one in (grams(run, n) if re.match(CHINESE, run) else [run])
    ]


def right_ngrams(text: str, n: int) -> list[str]:
    return _cut(text, n)


def _across(text: str, n: int) -> list[str]:
    chinese = "".join(run for run in _runs(text) if not run.isascii())
    return [run for run in _runs(text) if run.isascii()] + (_grams(chinese, n) if chinese else [])


def _capitals_dropped(text: str, n: int) -> list[str]:
    runs = re.findall(PATTERN, text)
    return [one for run in runs for one in ([run] if run.isascii() else _grams(run, n))]


def _with(
    grams: Callable[[str, int], list[str]] = _grams, pattern: str = PATTERN
) -> Callable[[str, int], list[str]]:
    return lambda text, n: _cut(text, n, grams, pattern)


MISTAKES: dict[str, Callable[..., Any]] = {
    "Chinese runs stay whole": lambda text, n: _runs(text),
    "Chinese is cut into single characters, whatever n is": _with(lambda run, n: list(run)),
    "English words are cut into n-grams too": lambda text, n: [
        one for run in _runs(text) for one in _grams(run, n)
    ],
    "n-grams reach across a gap: join nothing that does not stand together": _across,
    "English comes first: keep the order of the text": lambda text, n: sorted(
        _cut(text, n), key=lambda one: not one.isascii()
    ),
    "the last n-gram of every run is missing": _with(
        lambda run, n: [run[at : at + n] for at in range(len(run) - n)]
    ),
    "stretches shorter than n stand at the end of every run": _with(
        lambda run, n: [run[at : at + n] for at in range(len(run))]
    ),
    "the n-grams do not overlap": _with(
        lambda run, n: [run[at : at + n] for at in range(0, len(run), n)]
    ),
    "a run shorter than n is dropped: it stays whole": _with(
        lambda run, n: _grams(run, n) if len(run) >= n else []
    ),
    "an n-gram that repeats is kept once: BM25 counts repeats": lambda text, n: list(
        dict.fromkeys(_cut(text, n))
    ),
    "capital letters are lost: make the text lower case first": _capitals_dropped,
    "casefold changes more than lower does": lambda text, n: _cut(text.casefold(), n),
    "only the letters A to Z are made lower case, or that comes after the runs are found": (
        lambda text, n: [
            one for run in re.findall(rf"[A-Za-z0-9]+|{CHINESE}", text) for one in _cut(run, n)
        ]
    ),
    "n is not used": lambda text, n: _cut(text, 2),
    "English words are dropped": _with(pattern=CHINESE),
    "letters and digits are parted: the pattern of the text keeps usb3 whole": _with(
        pattern=rf"[a-z]+|[0-9]+|{CHINESE}"
    ),
    "digits are dropped": _with(pattern=rf"[a-z]+|{CHINESE}"),
    "an underscore joins what stands beside it: it separates": _with(
        pattern=rf"[a-z0-9_]+|{CHINESE}"
    ),
    "an accented letter belongs to an English run: it separates": _with(
        pattern=rf"[a-zà-öø-ÿ0-9]+|{CHINESE}"
    ),
    "Japanese kana belong to a Chinese run: they separate": _with(
        pattern=r"[a-z0-9]+|[\u3040-\u30ff\u4e00-\u9fff]+"
    ),
    "Chinese ends at \\u9fa5: the pattern of the text goes on to \\u9fff": _with(
        pattern=r"[a-z0-9]+|[\u4e00-\u9fa5]+"
    ),
    "only spaces separate: everything outside the pattern of the text does": (
        lambda text, n: _cut(text, n, pattern=r"\S+")
    ),
}


def _read(value: Any, case: Case) -> list[str]:
    what = f"{_shown(case)}: the result"
    found = as_list(value, what)
    if not all(isinstance(one, str) for one in found):
        bad = next(one for one in found if not isinstance(one, str))
        reject(f"{what} must be a list of strings; it holds {shorten(bad)}.")
    return [str(one) for one in found]


def check_ngrams(answer: Any) -> None:
    compare(answer, CASES, right_ngrams, _read, _shown, MISTAKES)


def _shown(case: Case) -> str:
    return f"ngrams({case[0]!r}, {case[1]})"


TASK = Task(
    id="11.3",
    prompt="Cut Chinese runs into overlapping character n-grams; keep English words whole.",
    check_answer=check_ngrams,
    hints=(
        "Find the runs first, with the pattern of the text, then decide for each run.",
        "run.isascii() is True for an English run. A Chinese run has len(run) - n + 1 n-grams.",
        "[run[i:i + n] for i in range(max(1, len(run) - n + 1))] also keeps a run that is too "
        "short for n, whole.",
    ),
    insight="No dictionary, no model: overlapping bigrams make Chinese searchable by counting.",
)
