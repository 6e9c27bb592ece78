"""What a comparison found: a table, and a verdict on any contender."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from course_utils.columns import EVERYWHERE
from course_utils.comparison.contender import Trial
from course_utils.comparison.judging import ALL_ROWS, MEAN, SAMPLE_SPACE, WORST
from course_utils.comparison.verdict import Verdict
from course_utils.errors import CourseError
from course_utils.evidence import Claim
from course_utils.metrics import paired_interval

UNITS = {"auc": "AUC", "log_loss": "nats", "calibration": "|log ratio|"}


@dataclass(frozen=True)
class Comparison:
    """What ``compare_all`` found.

    Attributes:
        results: a row for each contender, seed, task, scenario and kind of rows, with ``auc``,
            ``log_loss`` in nats and ``calibration``, mean chance over mean label or truth; the
            limits are contenders here, where the truth is known.
        chances: contender -> seed -> task -> ``[n_test]``.
        choice: contender -> task -> the chosen trial.
        tuning: the validation loss of each trial (``choice.tuned``).
    """

    results: pd.DataFrame
    chances: Mapping[str, Mapping[int, Mapping[str, np.ndarray]]]
    choice: Mapping[str, Mapping[str, Trial]]
    tuning: pd.DataFrame

    @property
    def tasks(self) -> list[str]:
        """Those that are judged."""
        return list(next(iter(self.choice.values())))

    def table(
        self, metric: str = "auc", scenario: object = EVERYWHERE, rows: str | None = None
    ) -> pd.DataFrame:
        """Means over seeds: a row for each contender, a column for each task.

        Args:
            scenario: one of the scenarios, ``"all"`` pooled, or ``"mean"`` over them.
            rows: ``"sample space"`` or ``"all rows"``; None for the latter where the truth is
                known.
        """
        found = self._of(metric, scenario, rows)
        return found.groupby(["contender", "task"], sort=False)[metric].mean().unstack(sort=False)

    def verdict(
        self,
        method: str,
        task: str = MEAN,
        metric: str = "auc",
        scenario: object = EVERYWHERE,
        rows: str | None = None,
        rivals: Sequence[str] | None = None,
    ) -> Verdict:
        """A contender against every other one, or against ``rivals``; the rest as ``table``.

        Task ``"mean"`` is the mean over tasks, ``"worst"`` the worst of each run. Calibration is
        judged by the absolute logarithm of its ratio: 2 and 1/2 are as bad.

        Raises:
            CourseError: if there is no such contender, task or scenario, or fewer than 3 seeds.
        """
        values = self._values(metric, task, scenario, rows)
        rivals = [one for one in values if one != method] if rivals is None else list(rivals)
        for name in (method, *rivals):
            if name not in values:
                raise CourseError(f"There is no contender {name!r}: there are {', '.join(values)}.")
        n = values.shape[0]
        if n < 3 or not rivals:
            raise CourseError(
                f"A verdict needs a rival and 3 seeds or more, got {len(rivals)} and {n}."
            )
        sign = 1 if metric == "auc" else -1
        claims = {}
        for rival in rivals:
            low, high = paired_interval((values[method] - values[rival]).tolist())
            text = f"{method} is better than {rival} ({task})"
            claims[rival] = Claim(
                id=rival,
                text=text,
                low=low,
                high=high,
                n=n,
                unit=UNITS[metric],
                higher_is_better=sign > 0,
            )
        means = {name: float(values[name].mean()) for name in (method, *rivals)}
        strongest = max(rivals, key=lambda rival: sign * means[rival])
        return Verdict(method, task, claims, means, strongest)

    def _values(self, metric: str, task: str, scenario: object, rows: str | None) -> pd.DataFrame:
        """A row for each seed, a column for each contender."""
        if task in (MEAN, WORST) and len(self.tasks) == 1:
            task = self.tasks[0]
        found = self._of(metric, scenario, rows)
        found = found[(found["task"] == task) & found["contender"].isin(list(self.choice))]
        if not len(found):
            known = ", ".join(map(str, self.results["task"].unique()))
            raise CourseError(f"No task {task!r} was judged: there are {known}.")
        values = found.pivot(index="seed", columns="contender", values=metric)[list(self.choice)]
        if values.isna().any(axis=None):
            raise CourseError(
                f"Some seeds cannot tell the {metric} of {task!r} in scenario {scenario!r}: their "
                "rows have one label alone."
            )
        return np.log(values).abs() if metric == "calibration" else values

    def _of(self, metric: str, scenario: object, rows: str | None) -> pd.DataFrame:
        if metric not in UNITS:
            raise CourseError(f"metric must be one of {', '.join(UNITS)}, got {metric!r}.")
        known = self.results["rows"].unique()
        rows = rows or (ALL_ROWS if ALL_ROWS in known else SAMPLE_SPACE)
        found = self.results[
            (self.results["scenario"] == scenario) & (self.results["rows"] == rows)
        ]
        if not len(found):
            scenarios = ", ".join(map(str, self.results["scenario"].unique()))
            raise CourseError(
                f"Nothing was judged on {rows!r} in scenario {scenario!r}: there are "
                f"{', '.join(known)}, and scenarios {scenarios}."
            )
        return found
