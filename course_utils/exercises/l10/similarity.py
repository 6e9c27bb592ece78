"""Task 10.2: the cosine of two products, shrunk where few bought both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array


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


def _parts(bought: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who took both, and the cosine, 0 where a product was never bought."""
    both = bought.T.astype(float) @ bought
    counts = np.diag(both)
    norm = np.sqrt(np.outer(counts, counts))
    return both, np.divide(both, norm, out=np.zeros_like(both), where=norm > 0)


def _emptied(table: np.ndarray) -> np.ndarray:
    table = np.nan_to_num(table)
    np.fill_diagonal(table, 0.0)
    return table


def similarity(bought: np.ndarray, shrinkage: float) -> np.ndarray:
    both, cosine = _parts(bought)
    with np.errstate(invalid="ignore"):
        return _emptied(cosine * both / (both + shrinkage))


def _with_diagonal(bought: np.ndarray, shrinkage: float) -> np.ndarray:
    both, cosine = _parts(bought)
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(cosine * both / (both + shrinkage))


def _formula(
    change: Callable[[np.ndarray, np.ndarray, np.ndarray, float], np.ndarray],
) -> Callable[[np.ndarray, float], np.ndarray]:
    """From who took both, the cosine and the counts."""

    def changed(bought: np.ndarray, shrinkage: float) -> np.ndarray:
        both, cosine = _parts(bought)
        with np.errstate(all="ignore"):
            return _emptied(change(both, cosine, np.diag(both).copy(), shrinkage))

    return changed


def _in_small_integers(kind: str) -> Callable[[np.ndarray, float], np.ndarray]:
    def counted(bought: np.ndarray, shrinkage: float) -> np.ndarray:
        yes = bought.astype(kind)
        both = (yes.T @ yes).astype(float)
        counts = yes.sum(axis=0, dtype=kind).astype(float)
        with np.errstate(all="ignore"):
            root = np.sqrt(np.outer(counts, counts))
            return _emptied(both / root * both / (both + shrinkage))

    return counted


MISTAKES: dict[str, Callable[..., Any]] = {
    "That is the cosine alone: the shrinkage changes nothing.": _formula(lambda b, c, n, d: c),
    "Your diagonal is not 0: a product is no neighbour of itself.": _with_diagonal,
    "You add the shrinkage below the cosine; multiply the cosine by both / (both + shrinkage).": (
        _formula(lambda b, c, n, d: b / (np.sqrt(np.outer(n, n)) + d))
    ),
    "You divide by (both + shrinkage); multiply the cosine by both / (both + shrinkage).": _formula(
        lambda b, c, n, d: c / (b + d)
    ),
    "You shrink by the customers of a product; shrink by those who bought both.": _formula(
        lambda b, c, n, d: c * n / (n + d)
    ),
    "You shrink the number of both; the cosine divides it by the root of the counts. Were the "
    "counts read after the diagonal was set to 0?": _formula(lambda b, c, n, d: b * b / (b + d)),
    "You divide by the product of the counts; the cosine divides by its root.": _formula(
        lambda b, c, n, d: b / np.outer(n, n) * b / (b + d)
    ),
    "You divide by those who bought either (Jaccard), not by the root of both counts.": _formula(
        lambda b, c, n, d: b / (n[:, None] + n - b) * b / (b + d)
    ),
    "You divide by the customers of the row's product; the cosine divides by the root of both "
    "counts.": _formula(lambda b, c, n, d: b / n[:, None] * b / (b + d)),
    "You divide by the customers of the column's product; the cosine divides by the root of both "
    "counts.": _formula(lambda b, c, n, d: b / n * b / (b + d)),
    "Your both is 0 or 1: booleans @ booleans are booleans. Turn bought into floats first.": (
        _formula(lambda b, c, n, d: (b > 0) / np.sqrt(np.outer(n, n)) / (1 + d))
    ),
    "Your both is 0 or 1, and so are the counts on its diagonal: booleans @ booleans are booleans. "
    "Turn bought into floats first.": _formula(lambda b, c, n, d: (b > 0) / (1 + d)),
    "You fill the table above the diagonal only; it is the same on both sides.": _formula(
        lambda b, c, n, d: np.triu(c * b / (b + d))
    ),
    "You fill the table below the diagonal only; it is the same on both sides.": _formula(
        lambda b, c, n, d: np.tril(c * b / (b + d))
    ),
    "Your factor is shrinkage / (both + shrinkage): it keeps the rare ones.": _formula(
        lambda b, c, n, d: c * d / (b + d)
    ),
    **{
        f"You count in {kind}, which ends at {np.iinfo(kind).max}; count in int or float.": (
            _in_small_integers(kind)
        )
        for kind in ("int8", "uint8", "int16", "uint16")
    },
}


def check_similarity(answer: Any) -> None:
    def read(value: Any, case: Case) -> np.ndarray:
        return as_array(value, _shown(case), (case[0].shape[1],) * 2)

    compare(answer, _cases(), similarity, read, _shown, MISTAKES)


def _shown(case: Case) -> str:
    bought, shrinkage = case
    table = f"np.array({bought.astype(int).tolist()}, bool)"
    if len(bought) > 100:
        table = f"np.ones({bought.shape}, bool)"
    return f"similarity({table}, {shrinkage:g})"


TASK = Task(
    id="10.2",
    prompt="The cosine of two products times both / (both + shrinkage).",
    check_answer=check_similarity,
    hints=(
        "One product of matrices gives the number of customers who bought both, for all pairs.",
        "yes = bought.astype(float); both = yes.T @ yes; the counts are its diagonal. Put 0 "
        "wherever both is 0, before you divide.",
        "norm = np.sqrt(np.outer(counts, counts)); table = both / np.maximum(norm, 1) * both / "
        "np.maximum(both + shrinkage, 1e-9); np.fill_diagonal(table, 0).",
    ),
    insight="One shared customer proves nothing: shrinkage asks for more than one.",
)
