"""Task 10.2: the cosine of two products, shrunk where few bought both."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import Function, LessonAnswer
from course_utils.exercises.reading import as_array

right = LessonAnswer("10.2")
edit, returning = right.edit, right.returning


def _cases() -> list[Case]:
    small = np.array([[1, 1, 0], [1, 0, 0], [0, 1, 1]], bool)
    draw = np.random.default_rng(102)
    drawn = [draw.random((people, 5)) < 0.5 for people in (7, 12)]
    never = drawn[1].copy()
    never[:, 2] = False
    return [
        (small, 1.0),
        (small, 0.0),
        (drawn[0], 2.5),
        (drawn[1], 10.0),
        (never, 3.0),
        (never, 0.0),
        (np.zeros((3, 2), bool), 1.0),
        (np.ones((4, 3), bool), 4.0),
        (np.ones((3, 2), bool), 0.0),
        (np.array([[True, True, False]]), 1.0),
        (np.ones((3, 1), bool), 1.0),
        # Counts above 127, 255, 32,767 and 65,535, which small integers cannot hold.
        *((np.ones((people, 2), bool), 1000.0) for people in (130, 260, 40_000, 70_000)),
    ]


COSINE, FACTOR = "both / np.maximum(root, 1)", "both / np.maximum(both + shrinkage, 1e-9)"


def _formula(changed: str) -> Function:
    return edit({f"{COSINE} * {FACTOR}": changed})


def _in_small_integers(kind: str) -> Function:
    return edit(
        {
            "(float)": f"(np.{kind})",
            "both = yes.T @ yes": "both = (yes.T @ yes).astype(float)",
            "(axis=0)": f"(axis=0, dtype=np.{kind}).astype(float)",
            f"{COSINE} * {FACTOR}": "np.nan_to_num(both / root * both / (both + shrinkage))",
        }
    )


OF_BOOLEANS = {"yes.T @ yes": "bought.T @ bought"}

SLIPS = {
    "That is the cosine alone: the shrinkage changes nothing.": _formula(COSINE),
    "Your diagonal is not 0: a product is no neighbour of itself.": edit(
        {"np.fill_diagonal(result, 0)": "pass"}
    ),
    "You add the shrinkage below the cosine; multiply the cosine by both / (both + shrinkage).": (
        _formula("both / np.maximum(root + shrinkage, 1)")
    ),
    "You divide by (both + shrinkage); multiply the cosine by both / (both + shrinkage).": _formula(
        f"{COSINE} / np.maximum(both + shrinkage, 1)"
    ),
    "You shrink by the customers of a product; shrink by those who bought both.": _formula(
        f"{COSINE} * counts / np.maximum(counts + shrinkage, 1)"
    ),
    "You shrink the number of both; the cosine divides it by the root of the counts. Were the "
    "counts read after the diagonal was set to 0?": _formula(f"both * {FACTOR}"),
    "You divide by the product of the counts; the cosine divides by its root.": _formula(
        f"both / np.maximum(root**2, 1) * {FACTOR}"
    ),
    "You divide by those who bought either (Jaccard), not by the root of both counts.": _formula(
        f"both / np.maximum(counts[:, None] + counts - both, 1) * {FACTOR}"
    ),
    "You divide by the customers of the row's product; the cosine divides by the root of both "
    "counts.": _formula(f"both / np.maximum(counts[:, None], 1) * {FACTOR}"),
    "You divide by the customers of the column's product; the cosine divides by the root of both "
    "counts.": _formula(f"both / np.maximum(counts, 1) * {FACTOR}"),
    "Your both is 0 or 1: booleans @ booleans are booleans. Turn bought into floats first.": edit(
        OF_BOOLEANS
    ),
    "Your both is 0 or 1, and so are the counts on its diagonal: booleans @ booleans are booleans. "
    "Turn bought into floats first.": edit(OF_BOOLEANS, {"yes.sum(axis=0)": "both.diagonal()"}),
    "You fill the table above the diagonal only; it is the same on both sides.": returning(
        "np.triu(result)"
    ),
    "You fill the table below the diagonal only; it is the same on both sides.": returning(
        "np.tril(result)"
    ),
    "Your factor is shrinkage / (both + shrinkage): it keeps the rare ones.": _formula(
        f"{COSINE} * shrinkage / np.maximum(both + shrinkage, 1)"
    ),
    **{
        f"You count in {kind}, which ends at {np.iinfo(kind).max}; count in int or float.": (
            _in_small_integers(kind)
        )
        for kind in ("int8", "uint8", "int16", "uint16")
    },
}


def _shown(case: Case) -> str:
    bought, shrinkage = case
    table = f"np.array({bought.astype(int).tolist()}, bool)"
    if len(bought) > 100:
        table = f"np.ones({bought.shape}, bool)"
    return f"similarity({table}, {shrinkage:g})"


TASK = checked(
    "10.2",
    "The cosine of two products times both / (both + shrinkage).",
    right,
    _cases(),
    SLIPS,
    hints=(
        "One product of matrices gives the number of customers who bought both, for all pairs.",
        "yes = bought.astype(float); both = yes.T @ yes; the counts are its diagonal. Put 0 "
        "wherever both is 0, before you divide.",
        "norm = np.sqrt(np.outer(counts, counts)); table = both / np.maximum(norm, 1) * both / "
        "np.maximum(both + shrinkage, 1e-9); np.fill_diagonal(table, 0).",
    ),
    insight="One shared customer proves nothing: shrinkage asks for more than one.",
    shown=_shown,
    read=lambda got, case: as_array(got, _shown(case), (case[0].shape[1],) * 2),
    leaves=False,
)
