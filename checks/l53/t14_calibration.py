"""Task 53.14: expected calibration error by equal widths, and the ratio."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer

right = LessonAnswer("53.14")
edit = right.edit


def _case(seed: int, n: int, bins: int) -> Case:
    draw = np.random.default_rng(seed)
    p = draw.uniform(0, 1, n).round(3)
    return (draw.random(n) < p**2).astype(int), p, bins


CASES: list[Case] = [
    (np.array([0, 1, 1, 0]), np.array([0.1, 0.4, 0.9, 0.5]), 2),
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

BIN, RATIO = "np.minimum((p * bins).astype(int), bins - 1)", "p.sum() / y.sum()"
ERROR = "np.abs(gaps).sum() / len(y)"
# Of the bins that hold a row: `gaps` are differences of means, and `n` the numbers of rows.
MEANS = {
    "    ratio = ": "    n = np.bincount(at, minlength=bins)\n"
    "    gaps, n = gaps[n > 0] / n[n > 0], n[n > 0]\n    ratio = "
}

SLIPS = {
    "the bins are averaged without weights; weigh by rows": edit(
        MEANS, {ERROR: "np.abs(gaps).mean()"}
    ),
    "empty bins count too: the sum is divided by the number of bins": edit(
        MEANS, {ERROR: "np.abs(gaps).sum() / bins"}
    ),
    "the gaps keep their signs, and cancel": edit({"np.abs(gaps)": "gaps"}),
    "the gaps are squared": edit(MEANS, {ERROR: "n @ gaps**2 / len(y)"}),
    "it is the root of the mean square": edit(MEANS, {ERROR: "np.sqrt(n @ gaps**2 / len(y))"}),
    "the middle of a bin stands for its mean p": edit({"p - y": "(at + 0.5) / bins - y"}),
    "the bins have equal numbers of rows; here they have equal widths": edit(
        {BIN: "np.argsort(np.argsort(p, kind='stable')) * bins // len(p)"}
    ),
    "a p at an edge lies in the lower bin; it belongs to the upper": edit(
        {BIN: "np.maximum(np.ceil(p * bins).astype(int) - 1, 0)"}
    ),
    "p = 1 has a bin of its own; it belongs to the last": edit({BIN: "(p * bins).astype(int)"}),
    "the product p * bins is rounded to the nearest whole number; cut it down": edit(
        {"(p * bins)": "np.round(p * bins)"}
    ),
    "p is compared with edges, or divided by the width; in floats .3 lies below 3 * .1, so take "
    "p * bins": edit(
        {BIN: "np.clip(np.digitize(p, np.linspace(0, 1, bins + 1)) - 1, 0, bins - 1)"}
    ),
    "labels are summed in their 8 bits; y.astype(float) first": edit(
        {
            "y = y.astype(float)": "short = y.dtype; y = y.astype(float)",
            RATIO: "p.sum() / y.astype(short).sum(dtype=short)",
        }
    ),
    "it is the largest gap, not the mean": edit(MEANS, {ERROR: "np.abs(gaps).max()"}),
    "the ratio is turned round; it is predicted over observed": edit({RATIO: "y.sum() / p.sum()"}),
    "without a positive you return 0; the ratio is None": edit({"else None": "else 0.0"}),
}

TASK = checked(
    "53.14",
    "Return the calibration error over bins of equal width, and predicted over observed.",
    right,
    CASES,
    SLIPS,
    hints=(
        "The number of a row's bin first; then three sums a bin: rows, p, y.",
        "at = np.minimum((p * bins).astype(int), bins - 1); np.bincount(at, p, bins) sums p by "
        "bin.",
        "A bin's weight times its gap is |sum p - sum y| / n: no division by the size of a bin, so "
        "empty ones need no care. np.abs(np.bincount(at, p - y, bins)).sum() / len(y).",
    ),
    insight="n_b / n times |mean p - mean y| is |sum of p - y| / n: one bincount.",
    parts=("the error", "the ratio"),
)
