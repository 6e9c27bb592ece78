"""The same experiment over several seeds, tuned equally and paired over models."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from course_utils.balancing.aggregator import Aggregator
from course_utils.balancing.weighting import Weighting
from course_utils.columns import EVERYWHERE, Split
from course_utils.errors import CourseError
from course_utils.models.network import Network
from course_utils.training.history import History
from course_utils.training.report import report
from course_utils.training.trainer import DivergedError, Trainer


@dataclass(frozen=True)
class Runs:
    """The same model over several seeds.

    Attributes:
        learning_rate: the one that was used.
        trials: learning rate -> mean best validation loss over the tuning seeds.
        predictions: per seed, per task ``[n_test]``.
        history: per seed, what happened in training.
        reports: per seed, the metrics of each task in each scenario (``report``).
    """

    learning_rate: float
    trials: dict[float, float]
    predictions: list[dict[str, np.ndarray]]
    history: list[History]
    reports: list[pd.DataFrame]

    @property
    def auc(self) -> dict[str, list[float]]:
        """Per task, the AUC on all test rows of its sample space, one per seed."""
        tasks = self.history[0].tasks
        return {task: self.of(task, EVERYWHERE, "auc") for task in tasks}

    def of(self, task: str, scenario: object, metric: str) -> list[float]:
        """One metric of the reports, one value per seed."""
        return [float(one.loc[(task, scenario), metric]) for one in self.reports]


def run_seeds(
    build: Callable[[], Network],
    split: Callable[[int], Split],
    *,
    balancing: Weighting | Aggregator | None = None,
    seeds: Sequence[int] = range(5),
    learning_rates: Sequence[float] = (1e-3,),
    tuning_seeds: Sequence[int] = (100, 101),
    epochs: int = 20,
    batch_size: int = 256,
    record_gradients: bool = False,
) -> Runs:
    """Tune on validation rows, then train once per seed and predict its test rows.

    A seed stands for the data ``split(seed)``, the first weights and the order of rows, so
    that an interval over seeds covers all three. Tuning is equal when models get the same
    ``learning_rates``: each is tried on the same tuning seeds, which are not among those of
    the result; the epoch is chosen in every run by early stopping. One rate needs no trial.

    Args:
        build: makes a network whose shapes fit every ``split(seed)``.
        balancing, batch_size, record_gradients: of the ``Trainer``.

    Raises:
        CourseError: if a seed is used for both, or, before training, a table does not fit.
    """
    seeds, tuning_seeds = list(map(int, seeds)), list(map(int, tuning_seeds))
    if set(seeds) & set(tuning_seeds):
        raise CourseError("Tuning seeds must not be among the seeds.")
    if not seeds or len(set(seeds)) < len(seeds):
        raise CourseError(f"Seeds must be one or more, none twice, got {seeds}.")
    if not learning_rates or (len(learning_rates) > 1 and not tuning_seeds):
        raise CourseError(
            "There must be a learning rate, and tuning seeds to choose among several."
        )
    trainer = Trainer(build, balancing, batch_size, record_gradients)
    trials: dict[float, float] = {}
    if len(learning_rates) > 1:
        for rate in learning_rates:
            best = []
            for seed in tuning_seeds:
                rows = split(seed)
                try:
                    history = trainer.fit(rows.train, rows.valid, seed, rate, epochs)
                    best.append(min(history.valid_loss))
                except DivergedError:
                    best.append(float("inf"))
            trials[rate] = float(np.mean(best))
    rate = min(trials, key=trials.__getitem__) if trials else learning_rates[0]
    runs = Runs(rate, trials, [], [], [])
    for seed in seeds:
        rows = split(seed)
        trainer.network.require_labels(rows.test, "test")
        runs.history.append(trainer.fit(rows.train, rows.valid, seed, rate, epochs))
        runs.predictions.append(trainer.network.predict(rows.test))
        runs.reports.append(report(runs.predictions[-1], rows.test))
    return runs


def compare(
    builds: Mapping[str, Callable[[], Network]],
    split: Callable[[int], Split],
    *,
    seeds: Sequence[int] = range(5),
    learning_rates: Sequence[float] = (1e-3,),
    tuning_seeds: Sequence[int] = (100, 101),
    epochs: int = 20,
    batch_size: int = 256,
) -> dict[str, Runs]:
    """``run_seeds`` for each model: paired, because a seed brings all of them the same rows in
    the same order, and tuned equally, because all get the same rates.

    Args:
        builds: name -> what makes the network.
    """
    return {
        name: run_seeds(
            build,
            split,
            seeds=seeds,
            learning_rates=learning_rates,
            tuning_seeds=tuning_seeds,
            epochs=epochs,
            batch_size=batch_size,
        )
        for name, build in builds.items()
    }
