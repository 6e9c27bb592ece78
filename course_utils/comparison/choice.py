"""Which trial of a contender is run: one rule for all, and no look at a test label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from course_utils.comparison.case import Case
from course_utils.comparison.contender import Contender, Trial
from course_utils.comparison.judging import log_loss_against
from course_utils.comparison.store import Store, fingerprint
from course_utils.errors import CourseError
from course_utils.training import DivergedError


def tuned(
    contender: Contender, cases: Mapping[int, Case], tasks: Sequence[str], n: int, store: Store
) -> tuple[dict[str, Trial], pd.DataFrame]:
    """Try up to ``n`` trials on every tuning seed; the least mean validation loss is chosen.

    The loss of a task is its log loss on the validation rows of its sample space, in the
    scenarios that the verdict is about. A contender that learns tasks apart chooses for each
    task, any other by the mean over tasks. A trial that diverged on a seed is not chosen.

    Args:
        cases: by tuning seed.
        tasks: those that the verdict is about.

    Returns:
        task -> the chosen trial; and every loss: columns ``contender``, ``trial`` (its number),
        ``settings``, ``seed``, ``task``, ``loss``.

    Raises:
        CourseError: if every trial diverged.
    """
    trials = contender.trials(n, len(cases[next(iter(cases))].split.train.labels))
    lines = []
    for seed, case in cases.items():
        data = fingerprint(case.split)
        for number, trial in enumerate(trials):
            key = dict(
                kind="tuning", name=contender.name, trial=trial, seed=seed, data=data, tasks=tasks
            )
            losses = store.get(key, partial(valid_losses, contender, case, seed, trial, tasks))
            for task, loss in losses.items():
                lines.append((contender.name, number, trial, seed, task, float(loss)))
    columns = ["contender", "trial", "settings", "seed", "task", "loss"]
    tuning = pd.DataFrame(lines, columns=columns)
    means = tuning.pivot_table(index="trial", columns="task", values="loss", sort=False)
    means = means.reindex(index=range(len(trials)), columns=list(tasks))
    if not contender.each_task:
        means = pd.concat([means.mean(axis=1)] * len(tasks), axis=1, keys=tasks)
    if not np.isfinite(means.min()).all():
        raise CourseError(
            f"Every trial of {contender.name!r} diverged: put smaller learning rates in its grid."
        )
    return {task: trials[int(means[task].argmin())] for task in tasks}, tuning


def valid_losses(
    contender: Contender, case: Case, seed: int, trial: Trial, tasks: Sequence[str]
) -> dict[str, float]:
    """task -> the loss that the choice looks at; infinite where training diverged."""
    try:
        said = contender.fit(case.split, seed, trial, tasks, "valid")
    except DivergedError:
        return dict.fromkeys(tasks, np.inf)
    losses = {}
    for task in tasks:
        rows = counting_rows(case, task)
        labels = case.split.valid.labels[task][rows]
        losses[task] = log_loss_against(labels, said[task][rows])
    return losses


def counting_rows(case: Case, task: str) -> np.ndarray:
    """``[n_valid]`` bool: the sample space within the scenarios that are judged.

    All of the sample space where none of these scenarios has a validation row.
    """
    valid = case.split.valid
    judged = np.unique(case.split.test.scenario[case.judged[task]])
    rows = valid.mask(task) & np.isin(valid.scenario, judged)
    return rows if rows.any() else valid.mask(task)
