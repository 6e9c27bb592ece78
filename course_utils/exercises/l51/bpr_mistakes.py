"""Task 51.7: an epoch of BPR, right or with a mistake that is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

Triples = Sequence[tuple[int, int, int]]
Case = tuple[Triples, np.ndarray, np.ndarray, float, float]
"""The arguments of a call: triples, x, y, lr, reg."""


def _slope(d: float) -> float:
    return float(1 / (1 + np.exp(d)))


def bpr_epoch(
    triples: Triples,
    x: np.ndarray,
    y: np.ndarray,
    lr: float,
    reg: float,
    *,
    slope: Callable[[float], float] = _slope,
    moves: tuple[float, float, float] = (1, 1, 1),
    pull: tuple[float, float, float] = (1, 1, 1),
    order: str = "at once",
) -> np.ndarray:
    """x, then y, as one row of numbers; right as it stands.

    Args:
        triples, x, y, lr, reg: the case.
        slope: what takes the place of sigma(-d).
        moves: factors of the gradients of x[u], y[i], y[j].
        pull: factors of reg for the same three.
        order: "x first" moves y by the new x[u]; "y first" moves x by the new y; "new slope"
            computes sigma(-d) again before each move.
    """
    x, y = x.copy(), y.copy()
    for u, i, j in triples:

        def pulls(u: int = u, i: int = i, j: int = j) -> float:
            return slope(float(x[u] @ (y[i] - y[j])))

        s = pulls()
        old_x, old_i, old_j = x[u].copy(), y[i].copy(), y[j].copy()
        if order != "y first":
            x[u] += lr * (moves[0] * s * (old_i - old_j) - pull[0] * reg * old_x)
        by = x[u].copy() if order in ("x first", "new slope") else old_x
        s = pulls() if order == "new slope" else s
        y[i] += lr * (moves[1] * s * by - pull[1] * reg * old_i)
        s = pulls() if order == "new slope" else s
        y[j] += lr * (-moves[2] * s * by - pull[2] * reg * old_j)
        if order == "y first":
            x[u] += lr * (moves[0] * s * (y[i] - y[j]) - pull[0] * reg * old_x)
    return np.concatenate([x.ravel(), y.ravel()])


def _on(triples: Callable[[Triples], Triples]) -> Callable[..., np.ndarray]:
    """Right, but for other triples."""
    return lambda given, *rest: bpr_epoch(triples(given), *rest)


def _all_at_the_start(
    triples: Triples, x: np.ndarray, y: np.ndarray, lr: float, reg: float
) -> np.ndarray:
    """The moves of all triples from the first values, added up."""
    start = np.concatenate([x.ravel(), y.ravel()])
    alone = [bpr_epoch([one], x, y, lr, reg) - start for one in triples]
    return start + np.sum(alone, axis=0) if alone else start


def _pointwise(triples: Triples, x: np.ndarray, y: np.ndarray, lr: float, reg: float) -> np.ndarray:
    """Squared errors, target 1 for i and 0 for j: two ratings instead of an order."""
    x, y = x.copy(), y.copy()
    for u, i, j in triples:
        for item, target in ((i, 1.0), (j, 0.0)):
            error = target - x[u] @ y[item]
            old = x[u].copy()
            x[u] += lr * (error * y[item] - reg * x[u])
            y[item] += lr * (error * old - reg * y[item])
    return np.concatenate([x.ravel(), y.ravel()])


def _pull_without_lr(
    triples: Triples, x: np.ndarray, y: np.ndarray, lr: float, reg: float
) -> np.ndarray:
    return bpr_epoch(triples, x, y, lr, reg, pull=(1 / lr, 1 / lr, 1 / lr))


def _one_by_one(
    triples: Triples, x: np.ndarray, y: np.ndarray, lr: float, reg: float
) -> np.ndarray:
    """The logistic loss of i with target 1 and of j with target 0, each by itself."""
    x, y = x.copy(), y.copy()
    for u, i, j in triples:
        old_x, old_i, old_j = x[u].copy(), y[i].copy(), y[j].copy()
        up, down = _slope(float(old_x @ old_i)), _slope(-float(old_x @ old_j))
        x[u] += lr * (up * old_i - down * old_j - reg * old_x)
        y[i] += lr * (up * old_x - reg * old_i)
        y[j] += lr * (-down * old_x - reg * old_j)
    return np.concatenate([x.ravel(), y.ravel()])


POINTWISE = (
    "You fit i to 1 and j to 0, as ratings. BPR knows no rating: only that i stands above j, "
    "which is d = x[u] · (y[i] - y[j])."
)

MISTAKES: dict[str, Callable[..., Any]] = {
    "The slope is σ(-d) = 1 / (1 + exp(d)); yours is σ(d), which pushes hardest where the order "
    "is right already.": partial(bpr_epoch, slope=lambda d: _slope(-d)),
    "The slope is missing: a triple counts by σ(-d), little where the order is right.": partial(
        bpr_epoch, slope=lambda d: 1.0
    ),
    "The slope is σ(-d); yours is σ(d) times σ(-d), the derivative of σ and not of ln σ.": partial(
        bpr_epoch, slope=lambda d: _slope(d) * _slope(-d)
    ),
    "Your moves go down: they should make ln σ(d) larger.": partial(bpr_epoch, moves=(-1, -1, -1)),
    "You subtract the moves, pull and all; add them: += and not -=.": partial(
        bpr_epoch, moves=(-1, -1, -1), pull=(-1, -1, -1)
    ),
    "i and j are exchanged: u bought i, not j.": _on(
        lambda given: [(u, j, i) for u, i, j in given]
    ),
    "y[j] does not move by its gradient: what was not bought is pushed down.": partial(
        bpr_epoch, moves=(1, 1, 0)
    ),
    "y[j] is not touched at all: it is pushed down, and pulled towards zero.": partial(
        bpr_epoch, moves=(1, 1, 0), pull=(1, 1, 0)
    ),
    "y[j] moves up with y[i]: mind its sign.": partial(bpr_epoch, moves=(1, 1, -1)),
    "x[u] does not move.": partial(bpr_epoch, moves=(0, 1, 1), pull=(0, 1, 1)),
    "y[i] does not move.": partial(bpr_epoch, moves=(1, 0, 1), pull=(1, 0, 1)),
    "y[i] and y[j] were moved by the new x[u]. Keep a copy of the old row: x[u] is a view, and "
    "moves with the array.": partial(bpr_epoch, order="x first"),
    "x[u] was moved by the new y[i] and y[j]. Keep copies of the old rows.": partial(
        bpr_epoch, order="y first"
    ),
    "σ(-d) is computed once for a triple, before anything moves.": partial(
        bpr_epoch, order="new slope"
    ),
    "Nothing is pulled towards zero: reg is not used.": partial(bpr_epoch, pull=(0, 0, 0)),
    "x[u] is not pulled towards zero: reg is for all three rows.": partial(
        bpr_epoch, pull=(0, 1, 1)
    ),
    "y[j] is not pulled towards zero: reg is for all three rows.": partial(
        bpr_epoch, pull=(1, 1, 0)
    ),
    "y[i] is not pulled towards zero: reg is for all three rows.": partial(
        bpr_epoch, pull=(1, 0, 1)
    ),
    "y[i] and y[j] are not pulled towards zero: reg is for all three rows.": partial(
        bpr_epoch, pull=(1, 0, 0)
    ),
    "reg pushes y[j] away from zero: a minus before the whole bracket turns the pull too.": partial(
        bpr_epoch, pull=(1, 1, -1)
    ),
    "reg is not multiplied by lr: the whole right side takes the step.": _pull_without_lr,
    "The pull is half what it should be.": partial(bpr_epoch, pull=(0.5, 0.5, 0.5)),
    "reg pushes away from zero: mind its sign.": partial(bpr_epoch, pull=(-1, -1, -1)),
    "The pull is twice what it should be.": partial(bpr_epoch, pull=(2, 2, 2)),
    "All moves are twice what they should be: there is no 2 in these gradients.": partial(
        bpr_epoch, moves=(2, 2, 2), pull=(2, 2, 2)
    ),
    "All moves start from the first values. Go one by one: later triples see moved rows.": (
        _all_at_the_start
    ),
    "You stop after the first triple: is your return inside the loop?": _on(
        lambda given: given[:1]
    ),
    "A triple that stands twice counts twice.": _on(lambda given: list(dict.fromkeys(given))),
    "You go through the triples in another order than theirs.": _on(lambda given: given[::-1]),
    "Nothing moved: you return the arrays as they were given.": _on(lambda given: []),
    POINTWISE: _pointwise,
    "i and j have each a slope of their own in yours; BPR has one for the two, of their "
    "difference d.": _one_by_one,
}
