"""All contenders on the same rows: tune, run fresh seeds, judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from course_utils.columns import EVERYWHERE, Split
from course_utils.comparison.choice import tuned
from course_utils.comparison.contender import Contender, Trial
from course_utils.comparison.judging import ALL_ROWS, MEAN, SAMPLE_SPACE, judge
from course_utils.comparison.store import Store, fingerprint
from course_utils.comparison.verdict import Verdict
from course_utils.errors import CourseError
from course_utils.evidence import Claim
from course_utils.metrics import paired_interval
from course_utils.regimes import Case
from course_utils.training import DivergedError

VISIBLE_LIMIT, BAYES_LIMIT = "visible limit", "Bayes limit"
"""Lines of the table: the best that the columns allow, and the truth itself."""

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

        Calibration is judged by the absolute logarithm of its ratio: 2 and 1/2 are as bad.

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
        if task == MEAN and len(self.tasks) == 1:
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


def compare_all(
    make: Callable[[int], Case | Split],
    contenders: Sequence[Contender],
    seeds: Sequence[int],
    tuning_seeds: Sequence[int],
    trials: int = 8,
    cache: Path | str | None = None,
) -> Comparison:
    """Tune every contender alike, run each on fresh seeds, judge what it says of test rows.

    A seed stands for the rows ``make(seed)``, the first weights and the order of rows, so all
    contenders are paired on it. The tasks of the verdict are those with judged rows; others
    only help to learn. A run that diverges on a fresh seed says the training rows' rate.

    Args:
        make: rows and truth of a seed; a ``Split`` where the truth is not known.
        contenders: keep them for the next comparison: networks of one shape share a graph.
        seeds: fresh ones, which decide; 3 or more for a verdict.
        tuning_seeds: others, which choose the trial.
        trials: the most that any contender gets.
        cache: a folder where fits are kept, so that a stopped comparison resumes.

    Raises:
        CourseError: if names or seeds come twice, or a contender cannot read the rows.
    """
    seeds, tuning_seeds = list(map(int, seeds)), list(map(int, tuning_seeds))
    names = [one.name for one in contenders]
    every = [*seeds, *tuning_seeds]
    if not seeds or not tuning_seeds or len(set(every)) < len(every):
        raise CourseError(
            "There must be seeds and tuning seeds, and none may come twice or be among both, got "
            f"{seeds} and {tuning_seeds}."
        )
    if not names or len(set(names)) < len(names):
        raise CourseError(f"Contenders must have different names, got {', '.join(names)}.")
    if trials < 1:
        raise CourseError(f"There must be 1 trial or more, got {trials}.")
    store, cases = Store(cache), {seed: _as_case(make(seed)) for seed in every}
    tasks = [task for task, rows in cases[seeds[0]].judged.items() if rows.any()]
    choice, tables, chances = {}, [], {}
    for one in contenders:
        tuning_cases = {seed: cases[seed] for seed in tuning_seeds}
        choice[one.name], tuning = tuned(one, tuning_cases, tasks, trials, store)
        tables.append(tuning)
        chances[one.name] = {
            seed: run(one, cases[seed], seed, choice[one.name], store) for seed in seeds
        }
    results = [
        judge(said, cases[seed]).assign(contender=name, seed=seed)
        for name, runs in [*chances.items(), *_limits(cases, seeds, tasks)]
        for seed, said in runs.items()
    ]
    return Comparison(
        pd.concat(results, ignore_index=True), chances, choice, pd.concat(tables, ignore_index=True)
    )


def run(
    contender: Contender, case: Case, seed: int, choice: Mapping[str, Trial], store: Store
) -> dict[str, np.ndarray]:
    """task -> ``[n_test]``: fit with each chosen trial, once for the tasks that share it."""
    data, said = fingerprint(case.split), dict[str, np.ndarray]()
    for trial in {str(one): one for one in choice.values()}.values():
        tasks = [task for task, chosen in choice.items() if chosen == trial]
        key = dict(kind="run", name=contender.name, trial=trial, seed=seed, data=data, tasks=tasks)

        def fit(trial: Trial = trial, tasks: Sequence[str] = tasks) -> dict[str, np.ndarray]:
            try:
                test = contender.fit(case.split, seed, trial, tasks, "test")
            except DivergedError:
                train = case.split.train
                rates = {task: train.labels[task][train.mask(task)].mean() for task in tasks}
                test = {task: np.full(len(case.split.test), rates[task]) for task in tasks}
            return {task: test[task].astype("float32") for task in tasks}

        said |= store.get(key, fit)
    return {task: said[task] for task in choice}


def _as_case(made: Case | Split) -> Case:
    if isinstance(made, Case):
        return made
    everywhere = {task: np.ones(len(made.test), bool) for task in made.test.labels}
    return Case(made, truth={}, visible={}, judged=everywhere)


def _limits(
    cases: Mapping[int, Case], seeds: Sequence[int], tasks: Sequence[str]
) -> list[tuple[str, dict[int, dict[str, np.ndarray]]]]:
    """The two best possible sayings, where the truth is known."""
    if not cases[seeds[0]].truth:
        return []
    visible = {seed: {task: cases[seed].visible[task] for task in tasks} for seed in seeds}
    truth = {seed: {task: cases[seed].truth[task] for task in tasks} for seed in seeds}
    return [(VISIBLE_LIMIT, visible), (BAYES_LIMIT, truth)]
