"""Task 70.3: the right share, and what goes wrong with it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np


def _none(log: float, best: float) -> bool:
    """Nothing to regain: what is left of two sums in another order is rounding."""
    return best - log <= 1e-12 * best


def _share(log: float, got: float, best: float) -> float:
    return 0.0 if _none(log, best) else (got - log) / (best - log)


def _by(order: Callable[..., Any], share: Callable[..., float] = _share) -> Callable[..., float]:
    def answer(seen: Any, value: Any, score: Any) -> float:
        seen, value, score = (np.asarray(one, float) for one in (seen, value, score))
        by = order(seen, value, score)
        best = float(seen @ np.sort(value)[::-1])
        return float(share(float(seen @ value), float(seen @ value[by]), best))

    return answer


def _down(of: np.ndarray) -> np.ndarray:
    return np.argsort(-of, kind="stable")


right_regained = _by(lambda seen, value, score: _down(score))


def unseen(seen: Any, value: Any, score: Any) -> float:
    """The first half of the places counts alike, the others not."""
    flat = np.where(np.arange(len(seen)) < (len(seen) + 1) // 2, 1.0, 0.0)
    return right_regained(flat, value, score)


def moved(seen: Any, value: Any, score: Any) -> float:
    """The examination moves with the product, so no order matters but for the best."""
    seen, value, by = np.asarray(seen, float), np.asarray(value, float), _down(np.asarray(score))
    best = float(seen @ np.sort(value)[::-1])
    return _share(float(seen @ value), float(seen[by] @ value[by]), best)


def _score(share: Callable[..., float]) -> Callable[..., float]:
    """The right order, another share."""
    return _by(lambda seen, value, score: _down(score), share)


def _nothing_where(none: Callable[[float, float], bool]) -> Callable[..., float]:
    """The right order and share, and another rule for where there is nothing to regain."""
    return _score(
        lambda log, got, best: 0.0 if none(log, best) else (got - log) / np.float64(best - log)
    )


def rounding(seen: Any, value: Any, score: Any) -> float:
    """Any gain counts; without a result where it depends on the order of adding."""
    log, best = float(seen @ value), float(seen @ np.sort(value)[::-1])
    if best - log <= 1e-14 * best:
        raise ArithmeticError
    return _score(lambda log, got, best: (got - log) / (best - log))(seen, value, score)


MISTAKES: dict[str, Callable[..., float]] = {
    "the worst comes first: sort by minus the score": _by(
        lambda seen, value, score: np.argsort(score, kind="stable")
    ),
    "the order is turned round with its ties ([::-1]); they stay as they came, so sort by -score": (
        _by(lambda seen, value, score: np.argsort(score, kind="stable")[::-1])
    ),
    "argsort(score) is turned round, its ties too; take argsort(-score, kind='stable')": _by(
        lambda seen, value, score: np.argsort(score)[::-1]
    ),
    "the sort is not stable: ties do not keep the log's order (kind='stable')": _by(
        lambda seen, value, score: np.argsort(-score)
    ),
    "of equal scores the one with more value comes first; ties keep the log's order": _by(
        lambda seen, value, score: np.lexsort((-value, -score))
    ),
    "it is the share that is lost; wanted is the share regained": _score(
        lambda log, got, best: 0.0 if _none(log, best) else (best - got) / (best - log)
    ),
    "it is the share of the best list's value; the log's order counts 0": _score(
        lambda log, got, best: 0.0 if _none(log, best) else got / best
    ),
    "it is one list's worth over the other's, got / best; take the log's worth off both": _score(
        lambda log, got, best: got / best
    ),
    "it is divided by the best list's value, not by what it has over the log's order": _score(
        lambda log, got, best: 0.0 if _none(log, best) else (got - log) / best
    ),
    "it is divided by the log's value, not by what the best has over it": _score(
        lambda log, got, best: 0.0 if _none(log, best) else (got - log) / log
    ),
    "below 0 is cut off; an order may be worse than the log's": _score(
        lambda log, got, best: 0.0 if _none(log, best) else max(0.0, (got - log) / (best - log))
    ),
    "it gives 1 where the log's order is already the best; there is nothing to regain": _score(
        lambda log, got, best: 1.0 if _none(log, best) else (got - log) / (best - log)
    ),
    "a small gain is taken for none: the bound is 1e-12 * best, np.isclose has 1e-5": (
        _nothing_where(lambda log, best: bool(np.isclose(best, log)))
    ),
    "the bound for rounding is one number for all; it goes with the worth, 1e-12 * best": (
        _nothing_where(lambda log, best: best - log < 1e-12)
    ),
    "rounding is taken for a gain (best == log, best <= log); up to 1e-12 * best there is nothing "
    "to regain": rounding,
    "the bound is too wide, math.isclose has 1e-9; it is 1e-12 * best": (
        _nothing_where(lambda log, best: math.isclose(log, best))
    ),
    "the examination goes with the product; it belongs to the position": moved,
    "places are examined alike in the upper half and not at all below": unseen,
    "the numbers of argsort are taken for places: sort the values by them": _by(
        lambda seen, value, score: np.argsort(_down(score), kind="stable")
    ),
}
