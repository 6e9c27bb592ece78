"""Lesson 25: what goes wrong in task 25.3, as functions that do it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

import numpy as np

Found = dict[str, tuple[float | None, str]]
By = Callable[..., Found]


def verdict_of(z: float, bound: float = 1.96) -> str:
    return "too high" if z > bound else "too low" if z < -bound else "not shown"


def each(one: Callable[[np.ndarray, np.ndarray], tuple[float | None, str]]) -> By:
    def by_scenario(scenario: Any, y: Any, p: Any) -> Found:
        table = np.array(scenario), np.array(y, float), np.array(p, float)
        return {
            str(s): one(table[1][table[0] == s], table[2][table[0] == s])
            for s in dict.fromkeys(scenario)
        }

    return by_scenario


def ratio_of(y: np.ndarray, p: np.ndarray) -> float | None:
    return float(p.sum() / y.sum()) if y.any() else None


def z_of(y: np.ndarray, p: np.ndarray) -> float:
    return float((p.sum() - y.sum()) / np.sqrt((p * (1 - p)).sum()))


right_calibration = each(lambda y, p: (ratio_of(y, p), verdict_of(z_of(y, p))))
turned = each(lambda y, p: (float(y.sum() / p.sum()) if y.any() else None, verdict_of(z_of(y, p))))
opposite = each(lambda y, p: (ratio_of(y, p), verdict_of(-z_of(y, p))))
no_root = each(lambda y, p: (ratio_of(y, p), verdict_of((p.sum() - y.sum()) / (p * (1 - p)).sum())))
by_labels = each(
    lambda y, p: (
        ratio_of(y, p),
        verdict_of((p.sum() - y.sum()) / np.sqrt(max(len(y) * y.mean() * (1 - y.mean()), 1e-12))),
    )
)
by_count = each(
    lambda y, p: (ratio_of(y, p), verdict_of((p.sum() - y.sum()) / np.sqrt(max(y.sum(), 1e-12))))
)
at_the_mean = each(
    lambda y, p: (
        ratio_of(y, p),
        verdict_of((p.sum() - y.sum()) / np.sqrt(len(y) * p.mean() * (1 - p.mean()))),
    )
)
by_predicted = each(
    lambda y, p: (ratio_of(y, p), verdict_of((p.sum() - y.sum()) / np.sqrt(p.sum())))
)
by_squares = each(
    lambda y, p: (ratio_of(y, p), verdict_of((p - y).sum() / np.sqrt(((p - y) ** 2).sum())))
)
mean_gap = each(
    lambda y, p: (ratio_of(y, p), verdict_of((p - y).mean() / np.sqrt((p * (1 - p)).sum())))
)
mean_variance = each(
    lambda y, p: (ratio_of(y, p), verdict_of((p - y).sum() / np.sqrt((p * (1 - p)).mean())))
)
both_means = each(
    lambda y, p: (ratio_of(y, p), verdict_of((p - y).mean() / np.sqrt((p * (1 - p)).mean())))
)
no_sign = each(lambda y, p: (ratio_of(y, p), verdict_of(abs(z_of(y, p)))))
one_sided = each(lambda y, p: (ratio_of(y, p), verdict_of(z_of(y, p), 1.645)))
by_ratio = each(
    lambda y, p: (ratio_of(y, p), "not shown" if not y.any() else _named(p.sum() / y.sum()))
)
silent_where_none = each(
    lambda y, p: (ratio_of(y, p), verdict_of(z_of(y, p)) if y.any() else "not shown")
)
deviation = each(
    lambda y, p: (ratio_of(y, p), verdict_of(float((p - y).mean() / max(p.std(), 1e-12))))
)


def _named(ratio: float) -> str:
    return "too high" if ratio > 1.1 else "too low" if ratio < 0.9 else "not shown"


def pooled(scenario: Any, y: Any, p: Any) -> Found:
    """Every scenario gets the verdict of all rows."""
    word = verdict_of(z_of(np.array(y), np.array(p))) if y else ""
    return {name: (ratio, word) for name, (ratio, _) in right_calibration(scenario, y, p).items()}


def noise_of_all(scenario: Any, y: Any, p: Any) -> Found:
    """Every scenario's gap is divided by the deviation of all rows."""
    of_all = np.sqrt((np.array(p) * (1 - np.array(p))).sum())
    by_gap = each(lambda y, p: (ratio_of(y, p), verdict_of(float((p - y).sum() / of_all))))
    return by_gap(scenario, y, p)


def last_run(scenario: Any, y: Any, p: Any) -> Found:
    """Of each scenario only the rows that stand together at last."""
    found: Found = {}
    start = 0
    for _, rows in groupby(scenario):
        end = start + len(list(rows))
        found |= right_calibration(scenario[start:end], y[start:end], p[start:end])
        start = end
    return found


MISTAKES: dict[str, By] = {
    "the ratio is actual over predicted": turned,
    "the verdicts are turned round: more predicted than came is too high": opposite,
    "the square root of the variance is missing": no_root,
    "the variance is that of the labels; take the sum of p (1 - p)": by_labels,
    "the variance is the number of purchases; take the sum of p (1 - p)": by_count,
    "the variance is the sum of p; a label is 0 or 1, so its variance is p (1 - p)": by_predicted,
    "the squares of p - y are added up; the variance is the sum of p (1 - p)": by_squares,
    "the gap is a mean and the variance a sum; take sums for both": mean_gap,
    "the gap is a sum and the variance a mean; take sums for both": mean_variance,
    "gap and deviation are those of one row: add up p - y, add up p (1 - p), then take one root": (
        both_means
    ),
    "the sign of z is lost: below -1.96 the verdict is too low": no_sign,
    "the variance is that of all rows; add up p (1 - p) in each scenario": noise_of_all,
    "of each scenario only the last rows that stand together count: itertools.groupby needs sorted "
    "rows": last_run,
    "the variance is that of the mean p; add up p (1 - p) row by row": at_the_mean,
    "the bound is 1.645; take 1.96": one_sided,
    "the verdict follows the ratio alone, without the noise": by_ratio,
    "a scenario without a purchase is never too high; z decides there, too": silent_where_none,
    "the gap is divided by the deviation of p, not by that of the number of purchases": deviation,
    "every scenario has the verdict of all rows": pooled,
}
