"""Task 24.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l24.calibrator import (
    absolute,
    counted,
    from_first,
    in_32_bits,
    netted,
    no_maximum,
    of_distinct,
    of_means,
    over_pairs,
    over_steps,
    reversed_sign,
    right_penalty,
    squared,
    summed,
    with_first,
    worst,
)


def _with_loops(p: Any) -> float:
    return sum(sum(max(b - a, 0) for a, b in pairwise(row)) for row in p.tolist()) / len(p)


def _by_columns(p: np.ndarray) -> Any:
    total = np.float64(0)
    for t in range(1, p.shape[1]):
        rise = p[:, t] - p[:, t - 1]
        total += rise[rise > 0].sum() / p.shape[0]
    return total


PROOF = Proof(
    task="24.6",
    right=[_with_loops, _by_columns],
    wrong=[
        Wrong(reversed_sign, "the sign is reversed", silent=True),
        Wrong(absolute, "rarer than the step before costs, too", silent=True),
        Wrong(squared, "excess is squared", silent=True),
        Wrong(counted, "rises are counted", silent=True),
        Wrong(netted, "only its ends count", silent=True),
        Wrong(no_maximum, "rises and falls cancel", silent=True),
        Wrong(worst, "only the largest rise", silent=True),
        Wrong(summed, "the rows are added up", silent=True),
        Wrong(over_pairs, "the mean is over rows and pairs", silent=True),
        Wrong(over_steps, "divided by the number of steps", silent=True),
        Wrong(from_first, "held against the first step", silent=True),
        Wrong(with_first, "first step is held against 0", silent=True),
        Wrong(of_means, "averaged before the maximum", silent=True),
        Wrong(of_distinct, "equal rows are counted once", silent=True),
        Wrong(in_32_bits, "cut to 32 bits", silent=True),
        Wrong(lambda p: round(right_penalty(p), 7), "You rounded to 7 decimals", silent=True),
        Wrong(lambda p: round(right_penalty(p), 8), "You rounded to 8 decimals", silent=True),
        Wrong(lambda p: round(right_penalty(p), 3), "You rounded to 3 decimals", silent=True),
        Wrong(lambda p: np.maximum(np.diff(p, axis=1), 0), "must be one number"),
    ],
)
