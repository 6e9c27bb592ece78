"""Task 13.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong
from course_utils.exercises.l13.bayes import (
    Stars,
    averaged,
    below_zero,
    by_all,
    inverse,
    mean_count,
    means_where_flat,
    noisy,
    of_all,
    plain_means,
    prior_only,
    root,
    total,
    turned,
    whole_noise,
    zero,
)


def _with_pandas(stars: Stars) -> Any:
    long = pd.Series(stars).explode().astype(float)
    groups = long.groupby(level=0)
    n, means = groups.size(), groups.mean()
    sigma2 = ((long - groups.transform("mean")) ** 2).sum() / (n - 1).sum()
    tau2 = max(means.var() - sigma2 * (1 / n).mean(), 0.0)
    own = tau2 * n / (tau2 * n + sigma2)
    return own * means + (1 - own) * means.mean()


def _with_loops(stars: Stars) -> dict[str, float]:
    mean = {one: sum(values) / len(values) for one, values in stars.items()}
    mu = sum(mean.values()) / len(mean)
    squares = degrees = 0.0
    for one, values in stars.items():
        squares += sum((value - mean[one]) ** 2 for value in values)
        degrees += len(values) - 1
    sigma2 = squares / degrees
    tau2 = sum((m - mu) ** 2 for m in mean.values()) / (len(mean) - 1)
    tau2 -= sigma2 * sum(1 / len(values) for values in stars.values()) / len(stars)
    result = {}
    for one, values in stars.items():
        pull = sigma2 / (sigma2 + len(values) * tau2) if tau2 > 0 else 1.0
        result[one] = mean[one] + pull * (mu - mean[one])
    return result


def _dict(averages: Callable[[Stars], np.ndarray]) -> Callable[[Stars], dict[str, float]]:
    return lambda stars: dict(zip(stars, averages(stars).tolist(), strict=True))


def _wrong_some(stars: Stars) -> dict[str, float]:
    return {one: value for one, value in _with_loops(stars).items() if len(stars[one]) > 1}


def _below_zero_only(stars: Stars) -> Any:
    """Divides by tau squared where it is 0."""
    values = [np.array(one, float) for one in stars.values()]
    n, means = np.array([len(one) for one in values]), np.array([one.mean() for one in values])
    sigma2 = sum(((one - one.mean()) ** 2).sum() for one in values) / (n - 1).sum()
    tau2 = means.var(ddof=1) - sigma2 * (1 / n).mean()
    if tau2 < 0:
        return dict.fromkeys(stars, means.mean())
    with np.errstate(all="ignore"):
        w = sigma2 / tau2
        return dict(zip(stars, (n * means + w * means.mean()) / (n + w), strict=True))


def _floored(stars: Stars) -> Any:
    """A small number in place of a tau squared of 0 or less."""
    values = [np.array(one, float) for one in stars.values()]
    n, means = np.array([len(one) for one in values]), np.array([one.mean() for one in values])
    sigma2 = sum(((one - one.mean()) ** 2).sum() for one in values) / (n - 1).sum()
    w = sigma2 / max(means.var(ddof=1) - sigma2 * (1 / n).mean(), 1e-6)
    return dict(zip(stars, (n * means + w * means.mean()) / (n + w), strict=True))


def _zeros_dropped(stars: Stars) -> Any:
    return _with_loops({one: [x for x in values if x] for one, values in stars.items()})


def _small_is_flat(stars: Stars) -> Any:
    """Small differences are taken for none."""
    means = [np.mean(values) for values in stars.values()]
    flat = np.var(means) < 1e-9
    return dict.fromkeys(stars, np.mean(means)) if flat else _with_loops(stars)


PROOF = Proof(
    task="13.1",
    right=[_with_pandas, _with_loops],
    wrong=[
        Wrong(_dict(plain_means), "plain means", silent=True),
        Wrong(_dict(prior_only), "its own ratings change nothing", silent=True),
        Wrong(_dict(total), "count each product once", silent=True),
        Wrong(_dict(averaged), "mean of the products' variances", silent=True),
        Wrong(_dict(by_all), "divided by the number of ratings", silent=True),
        Wrong(_dict(of_all), "variance of all ratings", silent=True),
        Wrong(_dict(noisy), "still holds the noise", silent=True),
        Wrong(_dict(zero), "not by one less", silent=True),
        Wrong(_dict(mean_count), "by the mean of n;", silent=True),
        Wrong(_dict(whole_noise), "all of sigma squared", silent=True),
        Wrong(_dict(inverse), "turned round", silent=True),
        Wrong(_dict(root), "standard deviations", silent=True),
        Wrong(_dict(turned), "pulls the wrong way", silent=True),
        Wrong(_dict(below_zero), "has a negative weight", silent=True),
        Wrong(_dict(means_where_flat), "keeps its own mean", silent=True),
        Wrong(_floored, "[1e-05, 5e-05, 4e-05]}) the average of 'a'", silent=True),
        Wrong(_wrong_some, "is missing", silent=True),
        Wrong(_zeros_dropped, "[1, 1, 0]}) the average of 7", silent=True),
        Wrong(
            lambda stars: {one: max(0.0, value) for one, value in _with_loops(stars).items()},
            "the average of 7 must be -0.0500, got 0",
            silent=True,
        ),
        Wrong(_small_is_flat, "5e-05]}) the average of 'a'", silent=True),
        Wrong(lambda stars: list(_with_loops(stars).values()), "must be a dict"),
        Wrong(
            lambda stars: {one: round(value, 3) for one, value in _with_loops(stars).items()},
            "to 3 decimals",
            silent=True,
        ),
        Wrong(
            lambda stars: {one: round(value, 6) for one, value in _with_loops(stars).items()},
            "to 6 decimals",
            silent=True,
        ),
        Wrong(_below_zero_only, "must be a finite number, got nan", silent=True),
    ],
)
