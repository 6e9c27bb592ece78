"""Task 53.14: expected calibration error by equal widths, and the ratio."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l53.shared import hold

Array = np.ndarray
Pair = tuple[float | None, float | None]


def _case(seed: int, n: int, bins: int) -> Case:
    draw = np.random.default_rng(seed)
    p = draw.uniform(0, 1, n).round(3)
    return (draw.random(n) < p**2).astype(int), p, bins


EXAMPLE: Case = (np.array([0, 1, 1, 0]), np.array([0.1, 0.4, 0.9, 0.5]), 2)
CASES: list[Case] = [
    EXAMPLE,
    _case(1, 9, 4),
    _case(2, 14, 10),
    _case(3, 6, 1),
    # At the edges of bins, and at 0 and 1.
    (np.array([1, 0, 0, 1, 1]), np.array([0.0, 0.25, 0.5, 0.75, 1.0]), 4),
    (np.array([1, 0, 0]), np.array([0.9, 1.0, 0.0]), 8),
    # No purchase; no row; labels in 8 bits; a bin that is empty.
    (np.array([0, 0]), np.array([0.01, 0.03]), 4),
    (np.zeros(0, int), np.zeros(0), 4),
    (np.array([1] * 130 + [0] * 4, np.int8), np.array([0.7] * 130 + [0.2] * 4), 5),
    # In floats .3 lies below 3 * .1, and .7 below 7 * .1.
    (np.array([1, 0]), np.array([0.3, 0.25]), 10),
    (np.array([1, 0]), np.array([0.7, 0.65]), 10),
]


def by(
    bin_of: Callable[[Array, int], Array] = lambda p, bins: np.minimum(
        (p * bins).astype(int), bins - 1
    ),
    weight: str = "rows",
    gap: Callable[[float], float] = abs,
    root: bool = False,
    middle: bool = False,
    ratio: Callable[[Array, Array], float | None] = lambda y, p: (
        float(p.sum() / y.sum()) if y.any() else None
    ),
) -> Callable[..., Pair]:
    """The error and the ratio; right as it stands."""

    def found(y: Array, p: Array, bins: int) -> Pair:
        y = y.astype(float)
        if not len(y):
            return None, None
        at = bin_of(p, bins)
        gaps, sizes = [], []
        for one in np.unique(at):
            rows = at == one
            said = (one + 0.5) / bins if middle else p[rows].mean()
            gaps.append(gap(float(said - y[rows].mean())))
            sizes.append(rows.sum())
        weights = {"rows": sizes, "bins": [1] * len(sizes), "all bins": None}[weight]
        if weights is None:
            return sum(gaps) / bins, ratio(y, p)
        if root:
            square = np.average(np.square(gaps), weights=weights)
            return float(square**0.5), ratio(y, p)
        return float(np.average(gaps, weights=weights)), ratio(y, p)

    return found


def _maximal(y: Array, p: Array, bins: int) -> Pair:
    if not len(y):
        return None, None
    parts = [
        right_calibration(y[rows], p[rows], 1)[0]
        for rows in (np.minimum((p * bins).astype(int), bins - 1) == one for one in range(bins))
        if rows.any()
    ]
    return max(part for part in parts if part is not None), right_calibration(y, p, bins)[1]


def _sum_in_8_bits(y: Array, p: Array, bins: int) -> Pair:
    error, ratio = right_calibration(y, p, bins)
    if y.dtype == np.int8 and y.any():
        ratio = float(p.sum() / int(y.sum(dtype=np.int8)))
    return error, ratio


right_calibration = by()

MISTAKES: dict[str, Callable[..., Pair]] = {
    "the bins are averaged without weights; weigh by rows": by(weight="bins"),
    "empty bins count too: the sum is divided by the number of bins": by(weight="all bins"),
    "the gaps keep their signs, and cancel": by(gap=lambda one: one),
    "the gaps are squared": by(gap=lambda one: one**2),
    "it is the root of the mean square": by(root=True),
    "the middle of a bin stands for its mean p": by(middle=True),
    "the bins have equal numbers of rows; here they have equal widths": by(
        lambda p, bins: np.argsort(np.argsort(p, kind="stable")) * bins // max(len(p), 1)
    ),
    "a p at an edge lies in the lower bin; it belongs to the upper": by(
        lambda p, bins: np.maximum(np.ceil(p * bins).astype(int) - 1, 0)
    ),
    "p = 1 has a bin of its own; it belongs to the last": by(
        lambda p, bins: (p * bins).astype(int)
    ),
    "the product p * bins is rounded to the nearest whole number; cut it down": by(
        lambda p, bins: np.minimum(np.round(p * bins).astype(int), bins - 1)
    ),
    "p is compared with edges, or divided by the width; in floats .3 lies below 3 * .1, so take "
    "p * bins": by(
        lambda p, bins: np.clip(np.digitize(p, np.linspace(0, 1, bins + 1)) - 1, 0, bins - 1)
    ),
    "labels are summed in their 8 bits; y.astype(float) first": _sum_in_8_bits,
    "it is the largest gap, not the mean": _maximal,
    "the ratio is turned round; it is predicted over observed": by(
        ratio=lambda y, p: float(y.sum() / p.sum()) if y.any() else None
    ),
    "without a positive you return 0; the ratio is None": by(
        ratio=lambda y, p: float(p.sum() / y.sum()) if y.any() else 0.0
    ),
}


def check_calibration(answer: Any) -> None:
    parts = ("the error", "the ratio")
    hold(answer, ("y", "p", "bins"), CASES, right_calibration, MISTAKES, parts)


TASK = Task(
    id="53.14",
    prompt="Return the calibration error over bins of equal width, and predicted over observed.",
    check_answer=check_calibration,
    hints=(
        "The number of a row's bin first; then three sums a bin: rows, p, y.",
        "at = np.minimum((p * bins).astype(int), bins - 1); np.bincount(at, p, bins) sums p by "
        "bin.",
        "A bin's weight times its gap is |sum p - sum y| / n: no division by the size of a bin, so "
        "empty ones need no care. np.abs(np.bincount(at, p - y, bins)).sum() / len(y).",
    ),
    insight="n_b / n times |mean p - mean y| is |sum of p - y| / n: one bincount.",
)
