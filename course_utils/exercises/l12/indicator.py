"""12.1: the indicator matrix, with a word on names nobody knows."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l12.shared import call_of, pair_of
from course_utils.exercises.reading import as_array, as_list
from course_utils.exercises.tolerance import same

_TEXTS: list[tuple[list[str], list[str]]] = [
    (["soft|vegan", "", "smart home"], ["vegan", "smart", "soft"]),
    (["b|a", "c"], ["c", "a", "b"]),
    (["soft|soft|vegan", "new|soft", "odd|new"], ["soft", "vegan"]),
    (["x"], ["y", "x"]),
    (["q|p"], ["a"]),
    (["防水|无线", "gift boxed|new"], ["gift boxed", "防水"]),
    (["wide|deep|new", "deep|old|wide"], ["deep", "wide"]),
]


def indicator(texts: list[str], names: list[str]) -> tuple[np.ndarray, list[str]]:
    of_row = [set(filter(None, text.split("|"))) for text in texts]
    matrix = np.array([[int(name in row) for name in names] for row in of_row])
    return matrix, sorted(set().union(*of_row) - set(names))


def check_indicator(answer: Any) -> None:
    for texts, names in _TEXTS:
        call = call_of("indicator", (texts, names))
        got, unknown = pair_of(answer(texts, names), call, "a pair (matrix, unknown names)")
        want, wanted = indicator(texts, names)
        if isinstance(got, np.ndarray) and got.dtype.kind == "b":
            got = np.asarray(got).astype(int)
        got = as_array(got, f"{call}: the matrix", want.shape)
        if not same(got, want):
            reject(
                f"{call}: the matrix must be {want.tolist()}, got {got.tolist()}."
                + _why_matrix(texts, names, got)
            )
        unknown = as_list(unknown, f"{call}: the unknown names")
        if unknown != wanted:
            reject(
                f"{call}: the unknown names must be {wanted}, got {unknown}."
                + _why_unknown(wanted, unknown)
            )


def _why_matrix(texts: list[str], names: list[str], got: np.ndarray) -> str:
    if got.max() > 1:
        return " A name that stands twice is still one label."
    if same(got, substrings(texts, names)[0]):
        return " A part of a name is not a whole name: split at the bar."
    if same(got, indicator(texts, sorted(names))[0]):
        return " Your columns are in alphabetical order, not in the order of names."
    if same(got, first_only(texts, names)[0]):
        return " Only the first name of each text counts in yours."
    return ""


def _why_unknown(wanted: list[str], unknown: list[Any]) -> str:
    if "" in unknown:
        return " An empty text has no name at all: ''.split('|') gives [''], not []."
    if not unknown:
        return " They were dropped in silence: name them."
    if sorted(set(map(str, unknown))) != wanted:
        return ""
    return " Each once." if len(unknown) > len(wanted) else " Sort them."


def substrings(texts: list[str], names: list[str]) -> Any:
    return np.array([[int(name in t) for name in names] for t in texts]), indicator(texts, names)[1]


def first_only(texts: list[str], names: list[str]) -> Any:
    first = [text.split("|")[0] for text in texts]
    return indicator(first, names)[0], indicator(texts, names)[1]


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
