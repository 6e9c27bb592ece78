"""Averages that know how much they know: shrinkage and Wilson's bound."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from course_utils.errors import CourseError
from course_utils.reviews import Prior, estimate_prior, wilson_lower


def test_the_prior_by_hand() -> None:
    values = pd.Series([1.0, 3.0, 5.0, 5.0, 4.0, 4.0, 5.0])
    groups = pd.Series(["a", "a", "b", "b", "c", "c", "c"])
    prior = estimate_prior(values, groups)
    means = [2.0, 5.0, 13 / 3]
    within = (2 + 0 + 2 / 3) / 4
    assert prior.mean == pytest.approx(np.mean(means))
    assert prior.within == pytest.approx(within)
    assert prior.between == pytest.approx(np.var(means, ddof=1) - within * (4 / 3) / 3)
    assert prior.weight == pytest.approx(prior.within / prior.between)


def test_a_planted_prior_is_found() -> None:
    rng = np.random.default_rng(0)
    counts = rng.integers(1, 40, size=4000)
    true = rng.normal(3.0, 0.6, size=4000)
    groups = pd.Series(np.repeat(np.arange(4000), counts))
    values = pd.Series(np.repeat(true, counts) + rng.normal(0, 0.9, size=len(groups)))
    prior = estimate_prior(values, groups)
    assert prior.mean == pytest.approx(3.0, abs=0.04)
    assert prior.within == pytest.approx(0.81, abs=0.02)
    assert prior.between == pytest.approx(0.36, abs=0.03)
    means = values.groupby(groups).mean().to_numpy()
    shrunk = prior.shrink(means, counts)
    assert ((shrunk - true) ** 2).mean() < 0.85 * ((means - true) ** 2).mean()
    inside = np.abs(shrunk - true) < 1.96 * prior.deviation(counts)
    assert inside.mean() == pytest.approx(0.95, abs=0.01)


def test_shrink_is_the_weighted_mean() -> None:
    prior = Prior(mean=3.0, within=0.8, between=0.4)
    assert prior.shrink([5.0, 5.0, 1.0], [0, 2, 6]) == pytest.approx([3.0, 4.0, 1.5])
    flat = Prior(mean=3.0, within=0.8, between=0.0)
    assert flat.weight == np.inf
    assert flat.shrink([5.0], [9]) == pytest.approx([3.0])
    assert flat.deviation([9]) == pytest.approx([0.0])


def test_groups_that_do_not_differ() -> None:
    values, groups = pd.Series([1.0, 5.0, 5.0, 1.0]), pd.Series(["a", "a", "b", "b"])
    assert estimate_prior(values, groups).between == 0.0


@pytest.mark.parametrize(
    ("values", "groups", "says"),
    [([1.0, 2.0], ["a", "a"], "two groups"), ([1.0, 2.0], ["a", "b"], "two values"),
     ([1.0, 1.0, 2.0], ["a", "a", "b"], "all values are equal")],
)  # fmt: skip
def test_too_little_is_said(values: list[float], groups: list[str], says: str) -> None:
    with pytest.raises(CourseError, match=says):
        estimate_prior(pd.Series(values), pd.Series(groups))


def test_wilson_is_scipys() -> None:
    cases = [(0, 1), (1, 1), (3, 4), (90, 100), (0, 30)]
    z = float(stats.norm.ppf(0.975))
    want = [stats.binomtest(g, n).proportion_ci(method="wilson").low for g, n in cases]
    good, n = zip(*cases, strict=True)
    assert wilson_lower(good, n, z) == pytest.approx(want)
