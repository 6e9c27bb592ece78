"""One contender on one ground: the search for its setting, its fresh seeds, its restarts.

What is found is kept for each contender alone, so a new rival leaves all others as they are. All
rules are the same for every contender:

1. ``TRIALS`` settings at most, on one tuning seed and for half of the epochs, by log loss on
   validation rows (``search``): the mean over tasks, or the worst task's where that one is judged.
   The best of many on one seed is partly the luckiest, so the best run whole on further seeds
   (``LATER``), and the least mean of four is chosen. A contender that learns tasks apart searches
   for each task.
2. The chosen setting runs on fresh seeds: other rows, other first weights.
3. A run that gains over the best constant, in validation log loss, less than ``GOOD_ENOUGH`` of
   what the setting gained on tuning seeds, by their median, is started again from other weights,
   up to ``RESTARTS`` times; the run with the least validation loss counts. It has *collapsed* if it
   still gains less than half. Where a setting gained nothing on a tuning seed there is nothing to
   collapse from.
4. Judged on the test rows (``judging``), by the true chances where they are known.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from course_utils.columns import EVERYWHERE, Split, Table
from course_utils.comparison.case import Case
from course_utils.comparison.choice import counting_rows
from course_utils.comparison.contender import Chances, Contender, Trial
from course_utils.comparison.judging import (
    ALL_ROWS,
    MEAN,
    SAMPLE_SPACE,
    WORST,
    judge,
    log_loss_against,
)
from course_utils.comparison.search import at_edge, search
from course_utils.errors import CourseError
from course_utils.training import DivergedError

TRIALS = 24

TUNING_SEEDS = (100, 101, 102, 103)


class Round(NamedTuple):
    """The best settings so far run on more tuning seeds: how many, on which, how long."""

    settings: int
    seeds: slice
    share_of_epochs: float


FIRST = Round(TRIALS, slice(0, 1), 0.5)

LATER = (Round(6, slice(1, 2), 1.0), Round(3, slice(2, 4), 1.0))

RESTARTS, GOOD_ENOUGH = 2, 0.9

OTHER_WEIGHTS = 100_000
"""Added to the seed of weights and of the order of rows, for each restart."""


@dataclass(frozen=True)
class Judged:
    """What one number a seed is of: a task, or ``MEAN`` or ``WORST`` of several; and where."""

    task: str = MEAN
    metric: str = "auc"
    scenario: object = EVERYWHERE


@dataclass(frozen=True)
class Drawn:
    """The rows of a seed. A contender is asked for validation and test rows at once.

    Attributes:
        asked: the split with both in the place of the test table; one object for all fits, so that
            a contender may keep what it made of it.
    """

    seed: int
    case: Case
    asked: Split

    @classmethod
    def of(cls, make: Callable[[int], Case], seed: int) -> Drawn:
        case = make(seed)
        train, valid, test = case.split.train, case.split.valid, case.split.test
        return cls(seed, case, Split(train, valid, joined(valid, test)))


@dataclass(frozen=True)
class Run:
    """What a fitted contender says.

    Attributes:
        loss: validation log loss in nats, mean over tasks or the worst task's; infinite where it
            diverged.
        constant: the same of each task's rate in the training rows.
        said: task -> ``[n_test]``.
    """

    loss: float
    constant: float
    said: Chances

    @property
    def gain(self) -> float:
        """Over the constant, in nats."""
        return self.constant - self.loss


def measured(
    contender: Contender,
    make: Callable[[int], Case],
    judged: Judged,
    seeds: Sequence[int],
    trials: int = TRIALS,
) -> dict[str, Any]:
    """What JSON can hold of one contender on one ground.

    Args:
        make: rows and truth of a seed.
        seeds: fresh ones, which decide.

    Returns:
        ``values``, one a seed; ``by_task``, the same of each task; ``choice``, the setting, by
        task where tasks are learned apart; ``edges``, its settings at an end of their grid;
        ``tried``; ``restarted`` and ``collapsed``, seeds; ``seconds`` of CPU.

    Raises:
        CourseError: if every setting diverged.
    """
    began = time.process_time()
    tuning = [Drawn.of(make, seed) for seed in TUNING_SEEDS]
    split, rows = tuning[0].case.split, tuning[0].case.judged
    tasks = [task for task, judged_rows in rows.items() if judged_rows.any()]
    grid = contender.grid_for(len(split.train.labels))
    parts = [[task] for task in tasks] if contender.each_task else [tasks]
    worst = judged.task == WORST
    chosen = [Choice.of(contender, grid, tuning, part, worst, trials) for part in parts]
    del tuning
    values: list[float] = []
    by_task: dict[str, list[float]] = {task: [] for task in tasks}
    restarts: set[int] = set()
    collapsed: set[int] = set()
    for seed in seeds:
        drawn, said = Drawn.of(make, seed), Chances()
        for part, choice in zip(parts, chosen, strict=True):
            kept, times = restarted(contender, drawn, choice, part, worst)
            said |= kept.said
            if times:
                restarts.add(seed)
            if "epochs" in choice.trial and kept.gain < choice.gain / 2:
                collapsed.add(seed)
        found = judge({task: said[task] for task in tasks}, drawn.case)
        values.append(value_of(found, judged))
        for task, of in by_task.items():
            of.append(value_of(found, replace(judged, task=task)))
    choices = dict(zip(tasks, (one.trial for one in chosen), strict=False))
    return {
        "values": values,
        **({"by_task": by_task} if len(tasks) > 1 else {}),
        "choice": choices if len(parts) > 1 else chosen[0].trial,
        "edges": sorted({name for one in chosen for name in at_edge(grid, one.trial)}),
        "tried": max(one.tried for one in chosen),
        "restarted": sorted(restarts),
        "collapsed": sorted(collapsed),
        "seconds": round(time.process_time() - began),
    }


@dataclass(frozen=True)
class Choice:
    """The setting that a contender runs with.

    Attributes:
        gain: over the constant, the median of the tuning seeds; -inf where one gained nothing.
        tried: how many settings were.
    """

    trial: Trial
    gain: float
    tried: int

    @classmethod
    def of(
        cls,
        contender: Contender,
        grid: Mapping[str, Sequence[Any]],
        tuning: Sequence[Drawn],
        tasks: Sequence[str],
        worst: bool,
        trials: int,
    ) -> Choice:
        """Search on the first tuning seed, and let the best run on the others.

        Raises:
            CourseError: if every setting diverged.
        """
        runs: dict[str, list[Run]] = {}

        def loss_of(trial: Trial, on: Round) -> float:
            every = runs.setdefault(str(trial), [])
            asked = shortened(trial, on.share_of_epochs)
            every += [run(contender, one, asked, tasks, worst) for one in tuning[on.seeds]]
            return float(np.mean([one.loss for one in every]))

        ranked = search(grid, trials, partial(loss_of, on=FIRST))
        tried = len(ranked)
        for each in LATER:
            again = [(loss_of(trial, each), trial) for _, trial in ranked[: each.settings]]
            ranked = sorted(again, key=lambda one: one[0])
        loss, trial = ranked[0]
        if not np.isfinite(loss):
            raise CourseError(
                f"Every trial of {contender.name!r} diverged: put smaller learning rates in its "
                "grid."
            )
        gains = [one.gain for one in runs[str(trial)]]
        return cls(trial, float(np.median(gains)) if min(gains) > 0 else -np.inf, tried)


def shortened(trial: Trial, share: float) -> Trial:
    """A trial with a share of its epochs, if it has any."""
    return {**trial, "epochs": round(share * trial["epochs"])} if "epochs" in trial else trial


def restarted(
    contender: Contender, drawn: Drawn, choice: Choice, tasks: Sequence[str], worst: bool
) -> tuple[Run, int]:
    """The run that counts, and how often it was started again.

    Only what starts from random weights can be: its grid has epochs.
    """
    kept, times = run(contender, drawn, choice.trial, tasks, worst), 0
    while "epochs" in choice.trial and kept.gain < GOOD_ENOUGH * choice.gain and times < RESTARTS:
        times += 1
        other = run(contender, drawn, choice.trial, tasks, worst, OTHER_WEIGHTS * times)
        kept = min(kept, other, key=lambda one: one.loss)
    return kept, times


def run(
    contender: Contender,
    drawn: Drawn,
    trial: Trial,
    tasks: Sequence[str],
    worst: bool,
    shift: int = 0,
) -> Run:
    """One fit: what it says of the test rows, and its loss on the validation rows.

    Args:
        worst: the loss is that of the worst task, not their mean.
        shift: added to the seed of the first weights and of the order of rows.
    """
    case, both = drawn.case, drawn.asked
    train, valid = both.train, both.valid
    rates = {task: float(train.labels[task][train.mask(task)].mean()) for task in tasks}
    try:
        said, diverged = contender.fit(both, drawn.seed + shift, trial, tasks, "test"), False
    except DivergedError:
        said, diverged = {task: np.full(len(both.test), of) for task, of in rates.items()}, True
    losses, constants = [], []
    for task in tasks:
        rows = counting_rows(case, task)
        labels = valid.labels[task][rows]
        losses.append(log_loss_against(labels, said[task][: len(valid)][rows]))
        constants.append(log_loss_against(labels, np.full(len(labels), rates[task])))
    of = np.max if worst else np.mean
    return Run(
        np.inf if diverged else float(of(losses)),
        float(of(constants)),
        {task: said[task][len(valid) :] for task in tasks},
    )


def value_of(found: pd.DataFrame, judged: Judged) -> float:
    """The number that a verdict is about, out of what ``judge`` gives; by the truth if it is known.

    Raises:
        CourseError: if the judged rows cannot tell it.
    """
    task, known = judged.task, found["rows"].unique()
    if task in (MEAN, WORST) and found["task"].nunique() == 1:
        task = found["task"].iloc[0]
    rows = ALL_ROWS if ALL_ROWS in known else SAMPLE_SPACE
    [value] = found[
        (found["task"] == task) & (found["scenario"] == judged.scenario) & (found["rows"] == rows)
    ][judged.metric]
    if not np.isfinite(value):
        raise CourseError(f"The rows that are judged cannot tell the {judged.metric} of {task!r}.")
    return round(float(value), 6)


def joined(one: Table, other: Table) -> Table:
    """The rows of both, in this order."""
    both = (one, other)
    return replace(
        one,
        codes=np.concatenate([each.codes for each in both]),
        numbers=np.concatenate([each.numbers for each in both]),
        scenario=np.concatenate([each.scenario for each in both]),
        labels={task: np.concatenate([each.labels[task] for each in both]) for task in one.labels},
        masks={task: np.concatenate([each.mask(task) for each in both]) for task in one.masks},
        groups=None,
    )
