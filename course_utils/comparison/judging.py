"""Chances against labels on the sample space, and against the truth on all rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from course_utils.columns import EVERYWHERE
from course_utils.regimes import Case

SAMPLE_SPACE, ALL_ROWS = "sample space", "all rows"
"""What is judged: the labels of the rows where the task has some, or the truth of all rows."""

MEAN = "mean"
"""Over tasks, or over scenarios, each counting the same."""

WORST = "worst"
"""Of the tasks: the least AUC, the greatest log loss."""

METRICS = ("auc", "log_loss", "calibration")

EPSILON = 1e-7

DIGITS = 9


def judge(chances: Mapping[str, np.ndarray], case: Case) -> pd.DataFrame:
    """One row for each task, scenario and kind of rows, with its metrics.

    Tasks are those of ``chances``; where they are several, also ``"mean"`` and ``"worst"``.
    Scenarios are ``"all"`` pooled, each one that has judged rows, and ``"mean"`` over these. Only
    judged rows count. What a set of rows cannot tell, having one label alone, is nan.
    """
    found = pd.DataFrame(_lines(chances, case))
    apart = found[found["scenario"] != EVERYWHERE]
    if len(apart):
        found = pd.concat([found, _mean_over("scenario", apart)])
    if len(chances) > 1:
        found = pd.concat([found, _mean_over("task", found), _worst_task(found)])
    return found.reset_index(drop=True)


def _mean_over(what: str, lines: pd.DataFrame) -> pd.DataFrame:
    """The mean of those whose metric can be told, one row for each other key."""
    keys = [key for key in ("task", "scenario", "rows") if key != what]
    means = lines.groupby(keys, sort=False)[list(METRICS)].mean().reset_index()
    return means.assign(**{what: MEAN})


def _worst_task(lines: pd.DataFrame) -> pd.DataFrame:
    each = lines.groupby(["scenario", "rows"], sort=False)
    worst = each.agg({"auc": "min", "log_loss": "max"}).reset_index()
    return worst.assign(task=WORST)


def _lines(chances: Mapping[str, np.ndarray], case: Case) -> Iterator[dict[str, object]]:
    test = case.split.test
    for task, said in chances.items():
        judged = case.judged[task]
        for code, scenario in enumerate([EVERYWHERE, *test.columns.scenarios], -1):
            rows = judged if code < 0 else judged & (test.scenario == code)
            if code >= 0 and (len(test.columns.scenarios) == 1 or not rows.any()):
                continue
            kinds = {SAMPLE_SPACE: (rows & test.mask(task), test.labels[task])}
            if task in case.truth:
                kinds[ALL_ROWS] = rows, case.truth[task]
            for kind, (of, target) in kinds.items():
                place = {"task": task, "scenario": scenario, "rows": kind}
                yield place | measures(target[of], said[of])


def measures(target: np.ndarray, said: np.ndarray) -> dict[str, float]:
    """AUC, log loss and calibration ratio against labels, or against true chances.

    Against chances t these are the metrics that labels drawn from t would have on average: a
    row is a positive of weight t and a negative of weight 1 - t.

    Args:
        target: ``[n]``, 0 or 1, or true chances.
        said: ``[n]``, the chances to judge.
    """
    t, q = np.asarray(target, float), np.asarray(said, float)
    positives, negatives = t.sum(), (1 - t).sum()
    if not positives or not negatives:
        return dict.fromkeys(METRICS, np.nan)
    # Weights of positives and negatives at each value, from the lowest; ties count half.
    _, place = np.unique(q, return_inverse=True)
    up, down = np.bincount(place, t), np.bincount(place, 1 - t)
    found = {
        "auc": up @ (np.cumsum(down) - down / 2) / positives / negatives,
        "log_loss": log_loss_against(t, q),
        "calibration": q.sum() / positives,
    }
    # Two of the same order must have the same AUC; what lies below is how floats add up.
    return {metric: round(float(value), DIGITS) for metric, value in found.items()}


def log_loss_against(target: np.ndarray, said: np.ndarray) -> float:
    """Mean of -t log q - (1 - t) log(1 - q), in nats."""
    q = np.clip(np.asarray(said, float), EPSILON, 1 - EPSILON)
    return float(-np.mean(target * np.log(q) + (1 - target) * np.log1p(-q)))
