"""12.1: the indicator matrix, with a word on names nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import explain
from course_utils.exercises.engine import Task
from course_utils.exercises.l12.shared import call_of
from course_utils.exercises.reading import as_array, as_list, pair_of
from course_utils.exercises.tolerance import same

Texts = list[str]

CASES: list[tuple[Texts, Texts]] = [
    (["soft|vegan", "", "smart home"], ["vegan", "smart", "soft"]),
    (["b|a", "c"], ["c", "a", "b"]),
    (["soft|soft|vegan", "new|soft", "odd|new"], ["soft", "vegan"]),
    (["x"], ["y", "x"]),
    (["q|p"], ["a"]),
    (["防水|无线", "gift boxed|new"], ["gift boxed", "防水"]),
    (["wide|deep|new", "deep|old|wide"], ["deep", "wide"]),
    (["Vegan|soft", "vegan"], ["vegan", "soft"]),
    (["café", "cafe|c++|usb3"], ["c", "cafe", "usb", "c++"]),
    ([""], ["a", "b"]),
    (["new|odd|new", "a"], ["a", "b"]),
    (["a|b|c|d|e|f|g|h|i|j|k|l"], ["l", "k", "j", "b", "a"]),
    (["soft", "vegan", "soft"], ["soft"]),
    # Alike to the eye, or in their first letters, and not equal.
    (
        ["gift  boxed|NA", "cafe\u0301|ＵＳＢ", "limited editions"],
        ["gift boxed", "café", "USB", "limited edition"],
    ),
]


def matrix_of(
    texts: Texts, names: Texts, split: Callable[[str], list[str]] = lambda text: text.split("|")
) -> np.ndarray:
    of_row = [split(text) for text in texts]
    return np.array([[int(name in row) for name in names] for row in of_row])


def unknown_of(texts: Texts, names: Texts) -> list[str]:
    return sorted({one for text in texts for one in text.split("|") if one} - set(names))


def indicator(texts: Texts, names: Texts) -> tuple[np.ndarray, list[str]]:
    return matrix_of(texts, names), unknown_of(texts, names)


def counted(texts: Texts, names: Texts) -> np.ndarray:
    return np.array([[text.split("|").count(name) for name in names] for text in texts])


def substrings(texts: Texts, names: Texts) -> np.ndarray:
    return np.array([[int(name in text) for name in names] for text in texts])


def lower_case(texts: Texts, names: Texts) -> np.ndarray:
    return matrix_of([text.lower() for text in texts], [name.lower() for name in names])


def repeated(texts: Texts, names: Texts) -> list[str]:
    every = [name for text in texts if text for name in text.split("|")]
    return sorted(name for name in every if name not in names)


def with_empty(texts: Texts, names: Texts) -> list[str]:
    return sorted({name for text in texts for name in text.split("|")} - set(names))


def lower_case_unknown(texts: Texts, names: Texts) -> list[str]:
    return unknown_of([text.lower() for text in texts], [name.lower() for name in names])


def all_names(texts: Texts, names: Texts) -> list[str]:
    return unknown_of(texts, [])


MATRIX_MISTAKES: dict[str, Callable[..., Any]] = {
    "A name that stands twice is still one label.": counted,
    "A part of a name is not a whole name: split at the bar.": substrings,
    "Capital letters count: 'Vegan' is not 'vegan'.": lower_case,
    "Your columns are in alphabetical order, not in the order of names.": (
        lambda texts, names: matrix_of(texts, sorted(names))
    ),
    "Only the first name of each text counts in yours.": (
        lambda texts, names: matrix_of(texts, names, lambda text: text.split("|")[:1])
    ),
    "You split at blanks too; a name may hold one.": (
        lambda texts, names: matrix_of(texts, names, lambda text: text.replace("|", " ").split())
    ),
}

UNKNOWN_MISTAKES: dict[str, Callable[..., Any]] = {
    "They were dropped in silence: name them.": lambda texts, names: [],
    "An empty text has no name at all: ''.split('|') gives [''], not [].": with_empty,
    "Each once.": repeated,
    "Capital letters count: 'Vegan' is unknown where names has 'vegan'.": lower_case_unknown,
    "Leave out those that are in names.": all_names,
}


def check_indicator(answer: Any) -> None:
    got = [_read(answer(*case), case) for case in CASES]
    _hold([one for one, _ in got], matrix_of, MATRIX_MISTAKES, "the matrix")
    _hold([one for _, one in got], unknown_of, UNKNOWN_MISTAKES, "the list of unknown names")
    if not same(_read(answer(*CASES[0]), CASES[0])[1], unknown_of(*CASES[0])):
        reject(
            f"{call_of('indicator', CASES[0])} was right at first; called again it gives another "
            "result. Keep nothing from one call to the next."
        )


def _read(value: Any, case: tuple[Texts, Texts]) -> tuple[np.ndarray, list[Any]]:
    call = call_of("indicator", case)
    matrix, unknown = pair_of(value, call, "a pair (matrix, unknown names)")
    if isinstance(matrix, np.ndarray) and matrix.dtype.kind == "b":
        matrix = np.asarray(matrix).astype(int)
    matrix = as_array(matrix, f"{call}: the matrix", (len(case[0]), len(case[1])))
    return matrix, as_list(unknown, f"{call}: the unknown names")


def _hold(
    got: list[Any], right: Callable[..., Any], mistakes: dict[str, Callable[..., Any]], what: str
) -> None:
    """Reject at the first case in which one of the two results differs."""
    for at, case in enumerate(CASES):
        want = right(*case)
        if not same(got[at], want):
            why = explain(CASES, got, right, mistakes, at)
            if not why and isinstance(want, list) and sorted(map(str, got[at])) == want:
                why = " Sort them."
            if not why and case is CASES[-1]:
                why = " Names are equal if every character is."
            shown = [_plain(one) for one in (want, got[at])]
            reject(f"{call_of('indicator', case)}: {what} must be {shown[0]}, got {shown[1]}.{why}")


def _plain(part: Any) -> list[Any]:
    """A matrix of whole numbers as they are written; a list as it is."""
    if isinstance(part, list):
        return part
    rounded = part.astype(int)
    return list((rounded if (rounded == part).all() else part).tolist())


TASK = Task(
    id="12.1",
    prompt="Return the 0/1 matrix in the order of names, and the sorted names it left out.",
    check_answer=check_indicator,
    hints=(
        "Split each text at the bar, then look each name up, whole.",
        "Begin with np.zeros((len(texts), len(names)), dtype=int) and a set for unknown names.",
        "For each name of text.split('|') (none if the text is empty): in names, set "
        "matrix[row, names.index(name)] = 1; else add it to the set. Return sorted(the set).",
    ),
    insight="A label that is new since training is an event to report, not a value to drop.",
)
