"""Task 11.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l11.ndcg import (
    Grades,
    binary,
    ideal_uncut,
    ideal_unsorted,
    linear,
    no_discount,
    not_divided,
    of_shown,
    of_shown_cut,
    one_for_nothing,
    one_later,
    powers,
    uncut,
)


def _with_numpy(shown: Grades, judged: Grades, k: int) -> Any:
    def dcg(grades: Grades) -> Any:
        gains = np.exp2(np.asarray(grades[:k], dtype=float)) - 1
        return (gains / np.log2(np.arange(len(gains)) + 2)).sum()

    ideal = dcg(np.sort(judged)[::-1].tolist())
    return np.float64(0) if ideal == 0 else dcg(shown) / ideal


def _natural_logarithm(shown: Grades, judged: Grades, k: int) -> Any:
    """The base of the logarithm cancels."""
    ideal = sorted(judged)[::-1]
    sums = [0.0, 0.0]
    for at in range(k):
        for which, grades in enumerate((shown, ideal)):
            if at < len(grades):
                sums[which] += (2 ** grades[at] - 1) / math.log(at + 2)
    return [sums[0] / sums[1] if sums[1] > 0 else 0]


PROOF = Proof(
    task="11.1",
    right=[_with_numpy, _natural_logarithm],
    wrong=[
        Wrong(linear, "the gain is the grade itself", silent=True),
        Wrong(binary, "every grade above 0 earns the same", silent=True),
        Wrong(powers, "the - 1 of the gain is missing", silent=True),
        Wrong(of_shown, "made of what was shown", silent=True),
        Wrong(of_shown_cut, "made of the first k shown", silent=True),
        Wrong(uncut, "places after k count too", silent=True),
        Wrong(ideal_uncut, "the ideal list is not cut", silent=True),
        Wrong(not_divided, "not divided by that of the ideal list", silent=True),
        Wrong(ideal_unsorted, "the judged grades are not sorted", silent=True),
        Wrong(no_discount, "not discounted", silent=True),
        Wrong(one_later, "log2(3)", silent=True),
        Wrong(one_for_nothing, "gives 1, not 0", silent=True),
        Wrong(lambda shown, judged, k: None, "Did you forget a return?"),
    ],
)
