"""Task 51.3: one epoch, right as it stands, with an option for each mistake in a move."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from course_utils.exercises.l51.epoch_cases import Arrays, Case

Error = Callable[[float, float, float, float, float], float]
Along = Callable[[np.ndarray, np.ndarray], tuple[Any, Any]]


def error_of(rating: float, mean: float, bu: float, bi: float, dot: float) -> float:
    return rating - (mean + bu + bi + dot)


def _the_other(p: np.ndarray, q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return q, p


def one_epoch(
    case: Case,
    *,
    error: Error = error_of,
    again: Collection[str] = (),
    first: str = "",
    along: Along = _the_other,
    scale: tuple[float, float] = (1, 1),
    pull: tuple[float, float] = (1, 1),
) -> Arrays:
    """One epoch, right as it stands, with a mistake for each option.

    Args:
        case: the inputs.
        error: another error.
        again: of "bi", "pu" and "qi" those before whose move the error is computed anew.
        first: "pu" or "qi": the other of the two is moved by the new values of this one.
        along: from the rows pu[u] and qi[i] what the error multiplies in the moves of the two.
        scale: factors of the step of the biases and of the factors.
        pull: factors of reg for the biases and for the factors.
    """
    bu, bi, pu, qi = (array.copy() for array in case.start)
    b_step, f_step = case.lr * scale[0], case.lr * scale[1]
    b_reg, f_reg = case.reg * pull[0], case.reg * pull[1]
    for u, i, r in case.ratings:

        def wrong_by(u: int = u, i: int = i, r: float = r) -> float:
            return error(r, case.mean, bu[u], bi[i], float(pu[u] @ qi[i]))

        e = wrong_by()
        old_p, old_q = pu[u].copy(), qi[i].copy()
        bu[u] += b_step * (e - b_reg * bu[u])
        e = wrong_by() if "bi" in again else e
        bi[i] += b_step * (e - b_reg * bi[i])
        e = wrong_by() if "pu" in again else e
        if first == "qi":
            qi[i] += f_step * (e * old_p - f_reg * old_q)
            old_q = qi[i]
        pu[u] += f_step * (e * along(old_p, old_q)[0] - f_reg * old_p)
        if first != "qi":
            e = wrong_by() if "qi" in again else e
            moved = pu[u] if first == "pu" else old_p
            qi[i] += f_step * (e * along(moved, old_q)[1] - f_reg * old_q)
    return bu, bi, pu, qi
