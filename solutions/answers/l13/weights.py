"""Task 13.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong
from course_utils.exercises.l13.weights import (
    added,
    by_count,
    by_p,
    ceiling,
    count,
    cut_weights,
    dropped,
    largest,
    mean_of_raw,
    not_clipped,
    not_squared,
    plain,
    right,
    root,
    rooted_size,
    size_of_raw,
    squared,
    total,
    turned_size,
    weight_sum,
)


def _with_loops(stars: list[float], propensities: list[float], floor: float) -> tuple[float, float]:
    top = weights = squares = 0.0
    for star, p in zip(stars, propensities, strict=True):
        weight = 1 / max(p, floor)
        top += weight * star
        weights += weight
        squares += weight * weight
    return top / weights, weights * weights / squares


def _with_numpy_average(stars: list[float], propensities: list[float], floor: float) -> list[Any]:
    shares = 1 / np.clip(propensities, floor, None)
    shares = shares / shares.sum()
    return [np.average(stars, weights=shares), 1 / (shares @ shares)]


def _with_pandas(stars: list[float], propensities: list[float], floor: float) -> pd.Series:
    table = pd.DataFrame({"r": stars, "p": propensities}, dtype=float)
    weight = table["p"].clip(lower=floor).rdiv(1)
    mean = (table["r"] * weight).sum() / weight.sum()
    return pd.Series({"mean": mean, "size": weight.sum() ** 2 / weight.pow(2).sum()})


PROOF = Proof(
    task="13.3",
    right=[_with_loops, _with_numpy_average, _with_pandas],
    wrong=[
        Wrong(plain, "All ratings count the same", silent=True),
        Wrong(by_p, "You weigh by p;", silent=True),
        Wrong(not_clipped, "Your floor changes nothing", silent=True),
        Wrong(cut_weights, "cut the weights at floor", silent=True),
        Wrong(dropped, "You drop what lies below floor", silent=True),
        Wrong(ceiling, "You lower propensities", silent=True),
        Wrong(added, "You add floor to every", silent=True),
        Wrong(squared, "1 / p squared", silent=True),
        Wrong(root, "1 / the root of p", silent=True),
        Wrong(by_count, "divides by the number of ratings", silent=True),
        Wrong(total, "is the weighted sum", silent=True),
        Wrong(count, "Your second number counts ratings", silent=True),
        Wrong(weight_sum, "Your second number is the sum of the weights", silent=True),
        Wrong(rooted_size, "the root of the effective sample size", silent=True),
        Wrong(turned_size, "Your second number is turned round", silent=True),
        Wrong(not_squared, "the sum on top is not squared", silent=True),
        Wrong(largest, "sum of w / largest w", silent=True),
        Wrong(size_of_raw, "Your mean is clipped", silent=True),
        Wrong(mean_of_raw, "Your effective sample size is clipped", silent=True),
        Wrong(lambda *case: right(*case)[::-1], "turned round: the mean", silent=True),
        Wrong(lambda *case: tuple(round(x, 3) for x in right(*case)), "Do not round"),
        Wrong(lambda *case: right(*case)[0], "must be a list, got float"),
        Wrong(
            lambda stars, p, floor: (
                sum(s / max(q, floor) for s, q in zip(stars, p, strict=True))
                / sum(1 / max(q, floor) for q in p),
                None,
            ),
            "effective sample size",
        ),
    ],
)
