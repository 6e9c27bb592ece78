"""Hashing people into tests, and rates with people as the unit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from course_utils.behaviour import ASSIGNMENTS, random_assignments, ratio, ratio_difference
from course_utils.errors import CourseError

LESSON = Path(__file__).parents[1] / "solutions" / "16_experiments.py"
RECORDED = [1, 1, 0, 1, 1, 0, 1, 0]
IDS = [str(one) for one in range(1001, 3001)]


def test_assignments_last_are_fair_and_independent() -> None:
    first = random_assignments(IDS, "a")
    assert first.shape == (2000, ASSIGNMENTS)
    np.testing.assert_array_equal(first[5:7], random_assignments(IDS[5:7], "a"))
    assert abs(first.mean() - 0.5) < 0.002
    # Two tests, or two salts, split the same people independently.
    assert abs((first[:, 0] == first[:, 1]).mean() - 0.5) < 0.05
    assert abs((first == random_assignments(IDS, "b")).mean() - 0.5) < 0.002
    # The committed outputs hang on these bits.
    assert first[0, :8].astype(int).tolist() == RECORDED


def test_ratio_with_one_row_each_is_the_binomial() -> None:
    hits = np.array([1, 0, 0, 1, 0])
    rate, error = ratio(np.ones(5), hits)
    assert rate[0] == pytest.approx(0.4)
    assert error[0] == pytest.approx(hits.std(ddof=1) / np.sqrt(5))


def test_repeated_rows_add_nothing() -> None:
    """Ten times the same rows of the same people are no more evidence than once."""
    rows, hits = np.array([1, 2, 4, 1]), np.array([0, 1, 3, 1])
    np.testing.assert_allclose(ratio(rows, hits), ratio(10 * rows, 10 * hits))


def test_the_error_is_the_spread_over_many_splits() -> None:
    draw = np.random.default_rng(0)
    rows = draw.geometric(0.1, size=2000)
    hits = draw.binomial(rows, draw.beta(1, 9, size=2000))
    difference, error = ratio_difference(rows, hits, random_assignments(IDS, "x"))
    assert difference.std() == pytest.approx(error.mean(), rel=0.1)
    assert (np.abs(difference / error) > 1.96).mean() < 0.09


def test_treated_people_do_what_the_treated_do() -> None:
    rows, hits = np.full(4, 10), np.array([1, 2, 1, 2])
    treated = np.array([[True], [True], [False], [False]])
    assert ratio_difference(rows, hits, treated)[0] == pytest.approx(0)
    assert ratio_difference(rows, hits, treated, hits + 3)[0] == pytest.approx(0.3)


def test_people_without_rows_do_not_count() -> None:
    got = ratio([3, 0, 5, 0], [1, 0, 2, 0])
    np.testing.assert_allclose(got, ratio([3, 5], [1, 2]))


def test_bad_input_is_named() -> None:
    with pytest.raises(CourseError, match="one entry a person, got 2, 3 and 2"):
        ratio([1, 2], [1, 1, 0])
    with pytest.raises(CourseError, match="two people"):
        ratio_difference([1, 2], [1, 1], [[True], [False]])


def test_the_three_numbers_in_the_text_of_task_16_4() -> None:
    days = zip([0.03, 0.05, 0.06], [0.02, 0.015, 0.012], strict=True)
    want = [
        stats.norm.pdf(gap, scale=np.hypot(error, 0.05)) / stats.norm.pdf(gap, scale=error)
        for gap, error in days
    ]
    assert [f"{want[0]:.2f}", f"{want[1]:.1f}", f"{round(want[2], -2):,.0f}"] == [
        "0.98",
        "47.0",
        "31,700",
    ]
    assert "0.98, 47.0 and 31,700" in LESSON.read_text(encoding="utf-8")
