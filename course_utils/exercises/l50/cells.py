"""50.9: labels of which some were never asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l50.shared import ERRATA, call_of
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten

NAMES = ["soft", "vegan", "gift boxed"]
CASES: list[Case] = [
    (["soft"], ["soft|vegan"], NAMES),
    (["soft", "", "vegan|soft"], ["vegan", "soft|gift boxed", ""], NAMES),
    (["gift boxed"], [""], NAMES),
    ([""], ["soft|vegan|gift boxed"], NAMES),
    ([""], [""], ["smart"]),
    (["vegan|gift boxed"], ["gift boxed|vegan|gift boxed"], NAMES),
    (["smart", "smartphone"], ["smartphone", "smart"], ["smart", "smartphone"]),
    (["silent"], ["silent|soft"], ["soft"]),
    (["Soft"], ["Soft|vegan"], NAMES),
    (["soft|vegan|soft"], ["soft"], NAMES),
    (["soft "], ["vegan| soft"], NAMES),
]
Texts = list[str]


def names_in(text: str) -> list[str]:
    return text.split("|") if text else []


def cells(ticked: Texts, asked: Texts, names: Texts, unknown: float = np.nan) -> np.ndarray:
    table = np.full((len(ticked), len(names)), unknown)
    for row, (yes, looked) in enumerate(zip(ticked, asked, strict=True)):
        for column, name in enumerate(names):
            if name in names_in(yes):
                table[row, column] = 1
            elif name in names_in(looked):
                table[row, column] = 0
    return table


def zeros(ticked: Texts, asked: Texts, names: Texts) -> np.ndarray:
    return cells(ticked, asked, names, unknown=0.0)


def only_asked(ticked: Texts, asked: Texts, names: Texts) -> np.ndarray:
    table = cells(ticked, asked, names)
    for row, looked in enumerate(asked):
        missing = [name not in names_in(looked) for name in names]
        table[row, missing] = np.nan
    return table


def asked_is_ticked(ticked: Texts, asked: Texts, names: Texts) -> np.ndarray:
    table = cells(ticked, asked, names)
    return np.where(table == 0, 1.0, table)


def never_zero(ticked: Texts, asked: Texts, names: Texts) -> np.ndarray:
    table = cells(ticked, asked, names)
    return np.where(table == 0, np.nan, table)


def by_substring(ticked: Texts, asked: Texts, names: Texts) -> np.ndarray:
    rows = zip(ticked, asked, strict=True)
    found = [[1.0 if n in yes else 0.0 if n in one else np.nan for n in names] for yes, one in rows]
    return np.array(found)


def counted(ticked: Texts, asked: Texts, names: Texts) -> np.ndarray:
    table = cells(ticked, asked, names)
    ticks = np.array([[names_in(text).count(name) for name in names] for text in ticked])
    return np.where(ticks > 1, ticks, table)


def stripped(ticked: Texts, asked: Texts, names: Texts) -> np.ndarray:
    def bare(texts: Texts) -> Texts:
        return ["|".join(name.strip() for name in text.split("|")) for text in texts]

    return cells(bare(ticked), bare(asked), names)


def whole_rows(ticked: Texts, asked: Texts, names: Texts) -> np.ndarray:
    """A row that lacks an answer says nothing."""
    table = cells(ticked, asked, names)
    return np.where(np.isnan(table).any(axis=1, keepdims=True), np.nan, table)


MISTAKES: dict[str, Callable[..., np.ndarray]] = {
    "a cell that nobody looked at is 0: nobody said no": zeros,
    "a tick counts only where the label was asked: a tick is an answer": only_asked,
    "a label that was asked counts as ticked": asked_is_ticked,
    "asked and not ticked is unknown: it is a no": never_zero,
    "a name inside another name counts: compare whole names": by_substring,
    "a tick that stands twice counts twice: it is 1": counted,
    "blanks are taken away before names are compared: every character counts": stripped,
    "a row with one unknown cell is given up: its other cells are known": whole_rows,
    "minus one stands for unknown: the task says nan": lambda ticked, asked, names: cells(
        ticked, asked, names, unknown=-1.0
    ),
    "0.5 stands for unknown: the task says nan": lambda ticked, asked, names: cells(
        ticked, asked, names, unknown=0.5
    ),
}


def _read(value: Any, case: Case) -> np.ndarray:
    what, shape = f"{call_of('cells', case)}: the result", (len(case[0]), len(case[2]))
    refuse_none(value, what, "an array")
    try:
        table = np.asarray(value, dtype=float)
    except (TypeError, ValueError, OverflowError):
        reject(f"{what} must be an array of 0, 1 and nan, got {shorten(value)}.")
    if table.shape != shape:
        reject(
            f"{what} must have a row a product and a column a label, {shape}; got {table.shape}."
        )
    return table


def _same(got: np.ndarray, want: np.ndarray) -> bool:
    return bool(np.array_equal(got, want, equal_nan=True))


def check_cells(answer: Any) -> None:
    gots = [_read(answer(*case), case) for case in CASES]
    for case, got in zip(CASES, gots, strict=True):
        want = cells(*case)
        if _same(got, want):
            continue
        row, column = np.argwhere(~((got == want) | (np.isnan(got) & np.isnan(want))))[0]
        said = (
            f"{call_of('cells', case)}: row {row}, label {case[2][column]!r} must be "
            f"{want[row, column]:g}, got {got[row, column]:g}."
        )
        for why, gives in MISTAKES.items():
            if all(_same(mine, gives(*each)) for mine, each in zip(gots, CASES, strict=True)):
                reject(f"{said} It looks as if {why}.")
        reject(said)


TASK = Task(
    id="50.9",
    prompt="Return the table of labels: 1 ticked, 0 asked and not ticked, nan where nobody looked.",
    check_answer=check_cells,
    hints=(
        "Three cases for each cell: ticked; else asked; else neither. Which value stands for each?",
        'Begin with np.full((len(ticked), len(names)), np.nan). "".split("|") is [""], and '
        "that is no name.",
        "table[row] = [1 if name in yes.split('|') else 0 if name in looked.split('|') else np.nan "
        "for name in names].",
    ),
    insight="Unlabelled is not negative, and the table can say so: the loss leaves nan out.",
    errata=ERRATA,
)
