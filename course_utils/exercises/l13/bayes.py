"""Task 13.1: Bayesian averages, with the prior estimated from the ratings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten

Stars = dict[Any, list[float]]


def _drawn(seed: int, sizes: list[int], spread: float) -> Stars:
    draw = np.random.default_rng(seed)
    level = draw.normal(3.3, spread, size=len(sizes))
    return {
        f"p-{k}": np.clip(np.round(draw.normal(level[k], 0.9, size=n)), 1, 5).astype(int).tolist()
        for k, n in enumerate(sizes)
    }


CASES: list[tuple[Stars]] = [
    ({"a": [1, 3], "b": [5, 5], "c": [4, 4, 5]},),
    ({"7": [5], "007": [1, 2, 1, 2], "x": [4, 5, 3, 4, 4, 5]},),
    (_drawn(131, [1, 1, 2, 3, 8, 15], 0.9),),
    (_drawn(132, [9, 4, 1, 1, 6, 2, 12], 1.1),),
    ({"a": [4.5, 4.0], "b": [1.5]},),
    ({"a": [1, 5], "b": [2, 5], "c": [3], "d": [1, 5, 4, 2]},),  # tau squared is negative
    ({"a": [1, 5, 3], "b": [5, 1, 4]},),
    ({"a": [2, 4], "b": [4, 4]},),  # tau squared is exactly 0
    ({"a": [0.02, 0.05], "b": [0.01, 0.02, 0.01], "c": [0.09]},),  # six decimals do not do
    (_drawn(133, [300, 2, 1], 1.2),),
    ({7: [-1, 1], 8: [-1, -1], 9: [1, 1, 0]},),  # any scale, any id
    ({"a": [1e-5, 5e-5], "b": [2e-5, 5e-5], "c": [3e-5], "d": [1e-5, 5e-5, 4e-5]},),  # below 0
    ({"a": [1e-5, 3e-5], "b": [5e-5, 5e-5], "c": [4e-5, 4e-5, 5e-5]},),  # tau squared above 0
]


def _parts(stars: Stars) -> tuple[np.ndarray, np.ndarray, float, float, float]:
    """Means, counts, mu, sigma squared, tau squared."""
    counts = np.array([len(one) for one in stars.values()], float)
    means = np.array([np.mean(one) for one in stars.values()])
    squares = sum(((np.array(one) - np.mean(one)) ** 2).sum() for one in stars.values())
    sigma2 = float(squares / (counts - 1).sum())
    tau2 = float(means.var(ddof=1) - sigma2 * (1 / counts).mean())
    return means, counts, float(means.mean()), sigma2, tau2


Change = Callable[[Stars], float]


def _with(
    mu: Change | None = None,
    sigma2: Change | None = None,
    tau2: Callable[[Stars, float], float] | None = None,
    weight: Callable[[float, float], float] = lambda sigma2, tau2: sigma2 / tau2,
    flat: bool = True,
) -> Callable[[Stars], np.ndarray]:
    """The averages as they should be but for one thing.

    flat: whether every product gets mu where tau squared is negative.
    """

    def averages(stars: Stars) -> np.ndarray:
        means, counts, own_mu, own_sigma2, _ = _parts(stars)
        m = own_mu if mu is None else mu(stars)
        s = own_sigma2 if sigma2 is None else sigma2(stars)
        plain = means.var(ddof=1) - s * (1 / counts).mean()
        t = float(plain) if tau2 is None else tau2(stars, s)
        if t == 0 or (t < 0 and flat):
            return np.full(len(stars), m)
        w = weight(s, t)
        return (counts * means + w * m) / (counts + w)

    return averages


def _all(stars: Stars) -> np.ndarray:
    return np.concatenate([np.array(one, float) for one in stars.values()])


def _mean_variance(stars: Stars) -> float:
    return float(np.mean([np.var(one, ddof=1) for one in stars.values() if len(one) > 1]))


def plain_means(stars: Stars) -> np.ndarray:
    return _parts(stars)[0]


def prior_only(stars: Stars) -> np.ndarray:
    return np.full(len(stars), _parts(stars)[2])


def turned(stars: Stars) -> np.ndarray:
    means, counts, mu, sigma2, tau2 = _parts(stars)
    w = sigma2 / tau2 if tau2 > 0 else 0.0
    return (w * means + counts * mu) / (counts + w)


def means_where_flat(stars: Stars) -> np.ndarray:
    return plain_means(stars) if _parts(stars)[4] <= 0 else _with()(stars)


_right = _with()
total = _with(mu=lambda stars: float(_all(stars).mean()))
averaged = _with(sigma2=_mean_variance)
by_all = _with(
    sigma2=lambda stars: _parts(stars)[3] * (_parts(stars)[1] - 1).sum() / len(_all(stars))
)

of_all = _with(sigma2=lambda stars: float(_all(stars).var(ddof=1)))
noisy = _with(tau2=lambda stars, sigma2: float(plain_means(stars).var(ddof=1)))
zero = _with(
    tau2=lambda stars, s: float(plain_means(stars).var() - s * (1 / _parts(stars)[1]).mean())
)
mean_count = _with(
    tau2=lambda stars, s: float(plain_means(stars).var(ddof=1) - s / _parts(stars)[1].mean())
)
whole_noise = _with(tau2=lambda stars, s: float(plain_means(stars).var(ddof=1) - s))
inverse = _with(weight=lambda sigma2, tau2: tau2 / sigma2)
root = _with(weight=lambda sigma2, tau2: float(np.sqrt(sigma2 / tau2)))
below_zero = _with(flat=False)

MISTAKES: dict[str, Callable[[Stars], np.ndarray]] = {
    "Those are the plain means: nothing pulls them towards mu.": plain_means,
    "Every product gets mu; its own ratings change nothing.": prior_only,
    "Your mu is the mean of all ratings; count each product once.": total,
    "Your sigma squared is the mean of the products' variances; pool the squares, then divide by "
    "the sum of (n - 1).": averaged,
    "Your sigma squared is divided by the number of ratings, not by the sum of (n - 1).": by_all,
    "Your sigma squared is the variance of all ratings; take distances from each product's own "
    "mean.": of_all,
    "Your tau squared still holds the noise of the means: take off sigma squared times the mean "
    "of 1/n.": noisy,
    "Your variance of the means divides by the number of products, not by one less.": zero,
    "You divide sigma squared by the mean of n; it must be multiplied by the mean of 1/n.": (
        mean_count
    ),
    "You take off all of sigma squared; a mean of n ratings has only sigma squared / n of it.": (
        whole_noise
    ),
    "Your weight is turned round: w is sigma squared / tau squared.": inverse,
    "Your weight is a ratio of standard deviations, not of variances.": root,
    "Yours pulls the wrong way: n belongs to the product's mean, w to mu.": turned,
    "Where tau squared comes out as 0 or less, every product gets mu; yours has a negative "
    "weight.": below_zero,
    "Where tau squared comes out as 0 or less, every product gets mu; yours keeps its own mean.": (
        means_where_flat
    ),
}


def _shown(case: Case) -> str:
    return f"bayesian_averages({case[0]})"


def check_averages(answer: Any) -> None:
    compare(answer, CASES, _right, _read, _shown, MISTAKES, _place)


def _place(case: Case, at: tuple[int, ...]) -> str:
    return f"In {_shown(case)} the average of {list(case[0])[at[0]]!r}"


def _read(value: Any, case: Case) -> list[float]:
    stars, call = case[0], _shown(case)
    refuse_none(value, call, "a dict")
    if isinstance(value, pd.Series):
        value = value.to_dict()
    if not isinstance(value, dict):
        reject(f"{call} must be a dict, product id to number, got {shorten(value)}.")
    if set(value) != set(stars):
        missing = [one for one in stars if one not in value]
        what = f"{missing[0]!r} is missing" if missing else "it has keys of its own"
        reject(f"{call} must have the same keys as its input: {what}.")
    return [as_number(value[one], f"In {call} the average of {one!r}") for one in stars]


TASK = Task(
    id="13.1",
    prompt="The Bayesian average of every product, with the prior estimated from the ratings.",
    check_answer=check_averages,
    hints=(
        "First a mean and a count for each product; then mu, sigma squared and tau squared, one "
        "line each; then the formula.",
        "sigma squared: sum (rating - mean of its product)^2 over all ratings, divided by "
        "sum(n - 1). tau squared: np.var(means, ddof=1) - sigma2 * np.mean(1 / n).",
        "w = sigma2 / tau2, and the average is (n * mean + w * mu) / (n + w). Before you divide: "
        "if tau2 <= 0, return {product: mu for product in stars}.",
    ),
    insight="The ratings themselves say how far to pull: noise inside over difference between.",
)
