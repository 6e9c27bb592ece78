"""Task 10.2: the cosine of two products, damped by how few bought both."""

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
    ]


def _parts(taken: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who took both, and the cosine, 0 where a product was never taken."""
    both = taken.T.astype(float) @ taken
    counts = np.diag(both)
    norm = np.sqrt(np.outer(counts, counts))
    return both, np.divide(both, norm, out=np.zeros_like(both), where=norm > 0)


def _emptied(table: np.ndarray) -> np.ndarray:
    table = np.nan_to_num(table)
    np.fill_diagonal(table, 0.0)
    return table


def likeness(taken: np.ndarray, damping: float) -> np.ndarray:
    both, cosine = _parts(taken)
    with np.errstate(invalid="ignore"):
        return _emptied(cosine * both / (both + damping))


def _with_diagonal(taken: np.ndarray, damping: float) -> np.ndarray:
    both, cosine = _parts(taken)
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(cosine * both / (both + damping))


def _formula(
    change: Callable[[np.ndarray, np.ndarray, np.ndarray, float], np.ndarray],
) -> Callable[[np.ndarray, float], np.ndarray]:
    """From who took both, the cosine and the counts."""

    def damped(taken: np.ndarray, damping: float) -> np.ndarray:
        both, cosine = _parts(taken)
        with np.errstate(all="ignore"):
            return _emptied(change(both, cosine, np.diag(both).copy(), damping))

    return damped


MISTAKES: dict[str, Callable[..., Any]] = {
    "That is the cosine alone: the damping changes nothing.": _formula(lambda b, c, n, d: c),
    "Your diagonal is not 0: a product is no neighbour of itself.": _with_diagonal,
    "You add the damping below the cosine; multiply the cosine by both / (both + damping).": (
        _formula(lambda b, c, n, d: b / (np.sqrt(np.outer(n, n)) + d))
    ),
    "You divide the cosine by (both + damping); the factor is both / (both + damping).": _formula(
        lambda b, c, n, d: c / (b + d)
    ),
    "You damp by the customers of a product; damp by those who bought both.": _formula(
        lambda b, c, n, d: c * n / (n + d)
    ),
    "You damp the number of both, not the cosine.": _formula(lambda b, c, n, d: b * b / (b + d)),
    "You divide by the product of the counts; the cosine divides by its root.": _formula(
        lambda b, c, n, d: b / np.outer(n, n) * b / (b + d)
    ),
    "You divide by those who bought either (Jaccard), not by the root of both counts.": _formula(
        lambda b, c, n, d: b / (n[:, None] + n - b) * b / (b + d)
    ),
    "Your factor is damping / (both + damping): it keeps the rare ones.": _formula(
        lambda b, c, n, d: c * d / (b + d)
    ),
}


def check_likeness(answer: Any) -> None:
    def read(value: Any, case: Case) -> np.ndarray:
        return as_array(value, _shown(case), (case[0].shape[1],) * 2)

    compare(answer, _cases(), likeness, read, _shown, MISTAKES)


def _shown(case: Case) -> str:
    rows = case[0].astype(int).tolist()
    return f"likeness(np.array({rows}, bool), {case[1]:g})"


TASK = Task(
    id="10.2",
    prompt="The cosine of two products times both / (both + damping).",
    check_answer=check_likeness,
    hints=(
        "One product of matrices gives the number of customers who bought both, for all pairs.",
        "yes = taken.astype(float); both = yes.T @ yes; the counts are its diagonal. Put 0 "
        "wherever both is 0, before you divide.",
        "norm = np.sqrt(np.outer(counts, counts)); table = both / np.maximum(norm, 1) * both / "
        "np.maximum(both + damping, 1e-9); np.fill_diagonal(table, 0).",
    ),
    insight="One shared customer proves nothing: the damping asks for more than one.",
)
