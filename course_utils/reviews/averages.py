"""Many noisy values a group, groups of all sizes: averages that know how much they know.

Stars of products, returns of products, anything that is averaged over groups of which some are
small. Whoever is in the group is taken as given: selection is not corrected here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from course_utils.errors import CourseError


@dataclass(frozen=True)
class Prior:
    """What is known of a group before its first value.

    Attributes:
        mean: of the groups' true means.
        within: variance of a value around the true mean of its group.
        between: variance of the groups' true means around ``mean``; 0 or more.
    """

    mean: float
    within: float
    between: float

    @property
    def weight(self) -> float:
        """How many values the prior counts for; infinite if the groups do not differ."""
        return self.within / self.between if self.between > 0 else np.inf

    def shrink(self, means: npt.ArrayLike, counts: npt.ArrayLike) -> np.ndarray:
        """The Bayesian average: (n * mean of the group + weight * mean) / (n + weight).

        Args:
            means: of the values of each group, ``[k]``; counts: how many values, ``[k]``.
        """
        own = self.between * np.asarray(counts, float)
        share = own / (own + self.within)
        return share * np.asarray(means, float) + (1 - share) * self.mean

    def deviation(self, counts: npt.ArrayLike) -> np.ndarray:
        """Standard deviation of a group's true mean around its Bayesian average, ``[k]``."""
        own = self.between * np.asarray(counts, float)
        return np.sqrt(self.between * self.within / (own + self.within))


def estimate_prior(values: pd.Series, groups: pd.Series) -> Prior:
    """Empirical Bayes by moments: the prior from the groups themselves.

    ``within`` is the pooled variance inside the groups. The groups' means vary for two
    reasons, so ``between`` is their variance less within * mean(1 / n), and never below 0.
    Every group counts once in ``mean``: the mean of all values would be that of the large ones.

    Args:
        values: numbers, ``[n]``; groups: the group of each, ``[n]``.

    Raises:
        CourseError: if there are fewer than two groups, or no group has two different values.
    """
    parts = values.groupby(groups, observed=True)
    counts, means = parts.size().to_numpy(), parts.mean().to_numpy()
    if len(counts) < 2 or counts.max() < 2:
        raise CourseError(
            f"A prior needs two groups, one of them with two values: got {len(counts)} groups of "
            f"at most {counts.max(initial=0)} values."
        )
    spread = (values - parts.transform("mean")).to_numpy()
    within = float(spread @ spread / (counts - 1).sum())
    if within == 0:
        raise CourseError("Inside every group all values are equal: there is no noise to judge.")
    between = float(means.var(ddof=1) - within * (1 / counts).mean())
    return Prior(mean=float(means.mean()), within=within, between=max(between, 0.0))


def wilson_lower(good: npt.ArrayLike, n: npt.ArrayLike, z: float = 1.96) -> np.ndarray:
    """Lower end of Wilson's interval for a share (Wilson 1927, JASA 22).

    (p + z^2/2n - z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n), p = good / n

    Args:
        good: how many of ``n`` are good, ``[k]``; n: 1 or more, ``[k]``.
        z: standard deviations; 1.96 is the lower end of a 95 % interval.
    """
    n = np.asarray(n, float)
    p = np.asarray(good, float) / n
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (p + z**2 / (2 * n) - half) / (1 + z**2 / n)
