"""Task 70.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l70.regained_slips import MISTAKES, right_regained


def _worth(seen: Any, order: Any, value: Any) -> Any:
    return sum(s * value[k] for s, k in zip(seen, order, strict=True))


def _with_sorted(seen: Any, value: Any, score: Any) -> Any:
    places = range(len(seen))
    log = _worth(seen, places, value)
    got = _worth(seen, sorted(places, key=lambda k: -score[k]), value)
    best = _worth(seen, sorted(places, key=lambda k: -value[k]), value)
    return (got - log) / (best - log) if best * (1 - 1e-12) > log else 0


def _as_lost(seen: Any, value: Any, score: Any) -> Any:
    by, ideal = (np.argsort(-one, kind="stable") for one in (score, value))
    best = seen @ value[ideal]
    if np.isclose(best, seen @ value, rtol=1e-12, atol=0):
        return 0.0
    return 1 - (best - seen @ value[by]) / (best - seen @ value)


def _from_the_last(seen: Any, value: Any, score: Any) -> Any:
    by = np.lexsort((np.arange(len(score)), -np.array(score, float)))
    log, got = float(np.dot(seen, value)), float(np.dot(seen, np.array(value)[by]))
    most = float(np.dot(seen, sorted(value, reverse=True)))
    return np.float64(0) if log >= most - 1e-12 * most else (got - log) / (most - log)


def _worked(mistake: Any) -> Any:
    """A mistake as an answer: where it has no result it gives the right one."""

    def answer(*case: Any) -> Any:
        try:
            return mistake(*case)
        except ArithmeticError:
            return right_regained(*case)

    return answer


def _rounded(*case: Any) -> Any:
    return round(right_regained(*case), 2)


def _percent(*case: Any) -> Any:
    return 100 * right_regained(*case)


def _by_price(seen: Any, value: Any, score: Any) -> Any:
    return right_regained(seen, score, value)


PROOF = Proof(
    task="70.3",
    right=[_with_sorted, _as_lost, _from_the_last],
    wrong=[
        *silent({says: _worked(answer) for says, answer in MISTAKES.items()}),
        Wrong(_rounded, "You rounded to 2 decimals", silent=True),
        Wrong(_percent, "must be 1, got 100", silent=True),
        Wrong(_by_price, "must be 0, got 0.2000.", silent=True),
        Wrong(lambda *case: [right_regained(*case), 0], "must be one number, got list"),
        Wrong(lambda *case: None, "got None"),
    ],
)
