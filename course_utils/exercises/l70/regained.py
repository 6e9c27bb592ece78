"""Task 70.3: what an order regains of what the optimum has over the log's order."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.l70.regained_slips import MISTAKES, right_regained
from course_utils.exercises.reading import as_number


def _request(seed: int, n: int) -> Case:
    draw = np.random.default_rng(seed)
    seen = np.arange(1, n + 1) ** -0.6
    value = draw.exponential(size=n).round(2)
    return seen.round(3), value, (value * draw.uniform(0.2, 2, size=n)).round(2)


CASES: list[Case] = [
    (np.array([1.0, 0.5]), np.array([1.0, 3.0]), np.array([0.2, 0.9])),
    (np.array([1.0, 0.6, 0.4]), np.array([2.0, 1.0, 4.0]), np.array([1.0, 3.0, 2.0])),
    _request(1, 10),
    _request(2, 5),
    _request(3, 7),
    # Worse than the log's order: below 0.
    (np.array([1.0, 0.5, 0.25]), np.array([4.0, 5.0, 1.0]), np.array([0.0, 0.1, 0.9])),
    # The log's order is the best: nothing to regain.
    (np.array([1.0, 0.5]), np.array([3.0, 1.0]), np.array([0.1, 0.9])),
    (np.array([1.0]), np.array([2.0]), np.array([0.3])),
    # Ties stay as they came; equal values too.
    (
        np.array([1.0, 0.7, 0.5, 0.4]),
        np.array([1.0, 6.0, 1.0, 5.0]),
        np.array([0.5, 0.5, 0.9, 0.5]),
    ),
    # Little is regained: what is rounded is seen.
    (
        np.array([1.0, 0.99, 0.5]),
        np.array([1.0, 1.02, 9.0]),
        np.array([0.5, 0.6, 0.1]),
    ),
    # Forty products and three scores: ties stay as they came only in a stable sort.
    (
        (np.arange(1, 41) ** -0.6).round(2),
        np.random.default_rng(5).permutation(40),
        np.arange(40) % 3,
    ),
    # Nothing to regain: the gain is below the bound, and exact, whatever the order of adding.
    (np.array([1.0, 0.5]), np.array([1.0, 1 + 2**-43]), np.array([1.0, 2.0])),
    # The log's order is the best; sums of the same numbers in another order may differ in the last
    # digit, and that is nothing to regain.
    (np.ones(3), np.array([0.1, 0.2, 0.3]), np.array([1.0, 2.0, 3.0])),
    (np.ones(3), np.array([0.1, 0.3, 1.0]), np.array([1.0, 2.0, 3.0])),
    (np.array([1.0, 0.66, 0.517]), np.array([4.79, 3.0, 0.65]), np.array([0.15, 0.99, 0.92])),
    (np.full(9, 0.3), np.arange(1, 10) / 10, np.arange(9.0)),
    (np.arange(1, 11) ** -0.6, 1 / np.arange(1, 11) ** 0.7, np.arange(10.0)),
    # Nearly nothing is regained: six decimals are not enough.
    (np.array([1.0, 0.999, 0.5]), np.array([1.0, 1.07, 9.0]), np.array([0.5, 0.6, 0.1])),
    # Places are not examined less and less: the best order is that of the places, too.
    (np.array([1, 1, 0]), np.array([2, 0, 3]), np.array([1, 2, 3])),
    # A gain of a millionth, and gains of small values: no rounding.
    (np.array([1.0, 0.9999, 0.5]), np.array([1.0, 1.01, 0.2]), np.array([0.5, 0.6, 0.1])),
    (np.array([1.0, 0.5]), np.array([1e-13, 3e-13]), np.array([1.0, 2.0])),
    # A gain of 2e-10, exact: math.isclose takes it for none.
    (np.array([1.0, 1 - 2**-20]), np.array([1.0, 1 + 2**-12]), np.array([1.0, 2.0])),
]


def _told(case: Case) -> str:
    return call_of("regained", case)


def check_regained(answer: Any) -> None:
    compare(
        leaving(answer, ("seen", "value", "score"), _told),
        CASES,
        right_regained,
        lambda got, case: as_number(got, _told(case)),
        _told,
        MISTAKES,
    )


TASK = Task(
    id="70.3",
    prompt="Return the share that an order regains of what the best list has over the log's.",
    check_answer=check_regained,
    hints=(
        "Three lists: as logged, by the score, by the true value. Each is worth seen @ value.",
        "np.argsort(-score, kind='stable') gives the products best first; value[that] is the list.",
        "log, got = seen @ value, seen @ value[order]; best = seen @ np.sort(value)[::-1]; "
        "(got - log) / (best - log), and 0 where best - log <= 1e-12 * best: that is rounding",
    ),
    insight="The log's order is the zero and the true optimum the one: only a simulator has both.",
)
