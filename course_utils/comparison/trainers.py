"""One trainer for each shape of network: tracing its graph costs more than a short training."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.balancing.fixed import Fixed
from course_utils.columns import Columns, Table
from course_utils.comparison.contender import Trial
from course_utils.models import Network
from course_utils.training import Trainer

Build = Callable[..., Network]
"""``build(columns, tasks, **settings)`` makes a network: any class of ``models``."""

OF_FIT = ("learning_rate", "epochs", "patience", "keep")
OF_TRAINER = ("weight_decay", "embedding_l2")
OF_BOTH = (*OF_FIT, *OF_TRAINER, "batch_size", "task_weights")


class Trainers:
    """Trains what a trial says, with the trainer of its shape.

    Seeds, rates, patience, task weights and batches of one size share a graph. What a trial
    holds beyond the settings of training is a setting of the network.
    """

    def __init__(self, build: Build) -> None:
        self.build = build
        self._made: list[tuple[Columns, tuple[str, ...], Mapping[str, Any], Trainer]] = []

    def fit(
        self, train: Table, valid: Table, tasks: Sequence[str], seed: int, trial: Trial
    ) -> Network:
        """The trained network, until the next call.

        Raises:
            CourseError: if the network cannot read the tables, or a setting is impossible.
            DivergedError: if training diverged.
        """
        trainer = self._trainer(train.columns, tuple(tasks), trial)
        trainer.batch_size = trial["batch_size"]
        assert isinstance(trainer.balancing, Fixed)
        trainer.balancing.weights = weights_of(trial.get("task_weights", 0.0), train, tasks)
        settings = {name: trial[name] for name in OF_FIT if name in trial}
        trainer.fit(train, valid, seed, **settings)
        return trainer.network

    def _trainer(self, columns: Columns, tasks: tuple[str, ...], trial: Trial) -> Trainer:
        shape = {k: v for k, v in trial.items() if k in OF_TRAINER or k not in OF_BOTH}
        for known, of, settings, trainer in self._made:
            if of == tasks and settings == shape and known.same_codes(columns):
                return trainer
        network = {name: value for name, value in shape.items() if name not in OF_TRAINER}
        more = {name: value for name, value in shape.items() if name in OF_TRAINER}
        trainer = Trainer(lambda: self.build(columns, tasks, **network), **more)
        self._made.append((columns, tasks, shape, trainer))
        return trainer


def weights_of(setting: float | Sequence[float], train: Table, tasks: Sequence[str]) -> np.ndarray:
    """``[K]``: the weights of the tasks' losses.

    Args:
        setting: the weights themselves; or a power a: w_k = (m_k / max m) ** a, where m_k is
            how many training rows of the task's sample space have its rarer label. 0 is 1:1;
            at 1 a task with a tenth of the examples has a tenth of the weight.
    """
    if not isinstance(setting, int | float):
        return np.array(setting, np.float32)
    examples = []
    for task in tasks:
        y = train.labels[task][train.mask(task)]
        examples.append(max(1.0, float(min(y.sum(), len(y) - y.sum()))))
    return (np.array(examples) / max(examples)).astype("float32") ** np.float32(setting)
