"""Task 22.4: Spearman's rank correlation, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.engine import Task
from course_utils.exercises.l22.agreement_slips import MISTAKES, right_agreement
from course_utils.exercises.l22.shared import compare_numbers

Case = tuple[np.ndarray, np.ndarray]


def _drawn(seed: int, n: int, levels: int | None = None, bend: float = 1.0) -> Case:
    """Gains that follow the measure in part; with ``levels`` both have ties."""
    draw = np.random.default_rng(seed)
    measure = draw.normal(size=n)
    gain = np.exp(bend * measure) + draw.normal(size=n)
    if levels is None:
        return measure.round(2) + 0.0, gain.round(2) + 0.0
    return (levels * measure).round() / 4 + 0.0, (levels * gain).round() / 4 + 0.0


def _case(measure: list[float], gain: list[float]) -> Case:
    return np.array(measure), np.array(gain)


ORDINARY: list[Case] = [
    _case([0.9, 0.1, 0.5, 0.5], [0.03, -0.01, 0.02, 0.01]),
    _drawn(0, 6, bend=2.0),
    # A correlation near 0, which a few decimals would change.
    _case([1, 2, 3, 4, 5, 6, 7, 7], [5.0, 1.0, 8.0, 2.0, 9.0, 4.0, 2.0, 7.0]),
    _drawn(1, 5),
    _drawn(2, 8, levels=1),
    _drawn(3, 9, levels=1),
    _case([3, 1, 2], [10, 30, 20]),
    _case([1, 1, 2, 2, 2, 3], [5.0, 4.0, 4.0, 4.0, 1.0, 1.0]),
    # Of nearly the same size, and yet no ties; -0.0 and 0.0 are one.
    _case([1.0, 1.0 + 1e-12, 1.0 - 1e-12, 0.5], [2e-9, 1e-9, 3e-9, 0.0]),
    _case([0.0, -0.0, -1.0, 2.0], [1.0, 3.0, 2.0, -0.0]),
    _case([-1e6, 3.0, 2.0, 1e9], [0.1, 0.2, 0.4, 0.3]),
    _case([1, 2], [7, 3]),
    _case([4, 4, 1], [2, 2, 9]),
]

CASES: list[Case] = [
    *ORDINARY,
    _case([0.5, 0.5, 0.5], [0.01, 0.03, 0.02]),
    _case([0.1, 0.3, 0.2], [0.0, 0.0, -0.0]),
    _case([0.7], [0.1]),
    _case([2, 2], [3, 3]),
    _case([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], [1, 2, 3, 4, 5, 6, 7]),
]


def check_agreement(answer: Any) -> None:
    for cases in (ORDINARY, CASES):  # a slip shows on plain numbers before an edge hides it
        compare_numbers(
            answer, "rank_agreement", ("measure", "gain"), cases, right_agreement, MISTAKES
        )


TASK = Task(
    id="22.4",
    prompt="Return Spearman's rank correlation of measure and gain, ties in the middle, or nan.",
    check_answer=check_agreement,
    hints=(
        "Two steps: ranks of each side, then the correlation of the ranks.",
        "A mid-rank counts: the values below, and half of the values that are equal (itself "
        "among them). (x[:, None] > x) compares all pairs.",
        "rank = (x[:, None] > x).sum(axis=1) + (x[:, None] == x).sum(axis=1) / 2; subtract each "
        "side's mean; sum of products / square root of the product of the two sums of squares; "
        "nan if that root is 0.",
    ),
    insight="With seven helpers the exchange of ranks 1 and 3 takes a perfect agreement from 1 to "
    ".86: repeat it over markets before you trust it.",
)
