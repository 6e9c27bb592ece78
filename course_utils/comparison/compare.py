"""All contenders on the same rows: tune, run fresh seeds, judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from course_utils.columns import Split
from course_utils.comparison.choice import tuned
from course_utils.comparison.contender import Chances, Contender, Trial
from course_utils.comparison.judging import judge
from course_utils.comparison.result import Comparison
from course_utils.comparison.store import Store, fingerprint
from course_utils.errors import CourseError
from course_utils.regimes import Case
from course_utils.training import DivergedError

VISIBLE_LIMIT, BAYES_LIMIT = "visible limit", "Bayes limit"
"""Lines of the table: the best that the columns allow, and the truth itself."""


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
        cache: a folder where fits are kept, so that a stopped comparison resumes. A contender
            is known there by its name and its trials, not by its code.

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
) -> Chances:
    """task -> ``[n_test]``: fit with each chosen trial, once for the tasks that share it."""
    data, said = fingerprint(case.split), Chances()
    for trial in {str(one): one for one in choice.values()}.values():
        tasks = [task for task, chosen in choice.items() if chosen == trial]
        key = dict(kind="run", name=contender.name, trial=trial, seed=seed, data=data, tasks=tasks)

        said |= store.get(key, partial(chances_of_test, contender, case.split, seed, trial, tasks))
    return {task: said[task] for task in choice}


def chances_of_test(
    contender: Contender, split: Split, seed: int, trial: Trial, tasks: Sequence[str]
) -> Chances:
    """The chances of the test rows; the training rows' rate where training diverged."""
    try:
        said = contender.fit(split, seed, trial, tasks, "test")
    except DivergedError:
        rates = {task: split.train.labels[task][split.train.mask(task)].mean() for task in tasks}
        said = {task: np.full(len(split.test), rates[task]) for task in tasks}
    return {task: said[task].astype("float32") for task in tasks}


def _as_case(made: Case | Split) -> Case:
    if isinstance(made, Case):
        return made
    everywhere = {task: np.ones(len(made.test), bool) for task in made.test.labels}
    return Case(made, truth={}, visible={}, judged=everywhere)


def _limits(
    cases: Mapping[int, Case], seeds: Sequence[int], tasks: Sequence[str]
) -> list[tuple[str, dict[int, Chances]]]:
    """The two best possible sayings, where the truth is known."""
    if not cases[seeds[0]].truth:
        return []
    visible = {seed: {task: cases[seed].visible[task] for task in tasks} for seed in seeds}
    truth = {seed: {task: cases[seed].truth[task] for task in tasks} for seed in seeds}
    return [(VISIBLE_LIMIT, visible), (BAYES_LIMIT, truth)]
