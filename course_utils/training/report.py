"""Metrics of every task in every scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from course_utils import metrics
from course_utils.columns import EVERYWHERE, Table
from course_utils.errors import CourseError


def report(predicted: Mapping[str, np.ndarray], table: Table) -> pd.DataFrame:
    """AUC, GAUC, log loss and calibration, each over the task's sample space.

    Args:
        predicted: task -> ``[n]`` probabilities of the table's rows.
        table: with labels; GAUC needs its ``groups``.

    Returns:
        One row for each (task, scenario), and (task, ``"all"``) for all scenarios pooled,
        which rewards a model for knowing the scenarios' rates. Columns: ``rows``,
        ``positives``; ``auc``; ``gauc``, the AUC within each user, weighted by the user's rows,
        over users with both labels; ``log_loss`` in nats; ``calibration``, mean prediction
        over mean label. What these rows cannot tell (one label alone, no users) is nan.

    Raises:
        CourseError: if a task is unknown, or the numbers of rows differ.
    """
    lines, places = [], []
    for task, p in predicted.items():
        if task not in table.labels:
            raise CourseError(
                f"There are predictions of {task!r}, but the table has only "
                f"{', '.join(table.labels)}."
            )
        p = np.asarray(p, dtype=float)
        if p.shape != (len(table),):
            raise CourseError(
                f"There must be {len(table)} predictions of {task!r}, one a row, got shape "
                f"{p.shape}."
            )
        if not ((p >= 0) & (p <= 1)).all():
            raise CourseError(
                f"Predictions of {task!r} must lie between 0 and 1, without nan: is a sigmoid "
                "missing?"
            )
        space = table.mask(task)
        for code, scenario in enumerate([EVERYWHERE, *table.columns.scenarios], -1):
            if code >= 0 and len(table.columns.scenarios) == 1:
                continue
            rows = space if code < 0 else space & (table.scenario == code)
            groups = None if table.groups is None else table.groups[rows]
            lines.append(_line(table.labels[task][rows], p[rows], groups))
            places.append((task, scenario))
    index = pd.MultiIndex.from_tuples(places, names=["task", "scenario"])
    return pd.DataFrame(lines, index=index)


def _line(y: np.ndarray, p: np.ndarray, groups: np.ndarray | None) -> dict[str, float]:
    def tell(metric: Callable[..., float], *more: np.ndarray) -> float:
        try:
            return metric(y, p, *more)
        except CourseError:
            return float("nan")

    return {
        "rows": len(y),
        "positives": int(y.sum()),
        "auc": tell(metrics.auc),
        "gauc": float("nan") if groups is None else tell(metrics.gauc, groups),
        "log_loss": tell(metrics.log_loss),
        "calibration": tell(metrics.calibration_ratio),
    }
