"""One trainer for each shape of network: tracing its graph costs more than a short training."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.balancing.aggregator import Aggregator
from course_utils.balancing.fixed import Fixed
from course_utils.balancing.weighting import Weighting
from course_utils.columns import Columns, Table
from course_utils.comparison.contender import Chances, Trial
from course_utils.models import Network
from course_utils.training import Trainer

Build = Callable[..., Network]
"""``build(columns, tasks, **settings)`` makes a network: any class of ``models``."""

Balance = Callable[[], Weighting | Aggregator]
"""Makes a balancing method: any class of ``balancing`` that needs no setting."""

OF_FIT = ("learning_rate", "epochs", "patience", "keep")
OF_TRAINER = ("batch_size", "weight_decay", "embedding_l2")
OF_RUN = (*OF_FIT, *OF_TRAINER, "dropout", "task_weights")


class Trainers:
    """Trains what a trial says, with the trainer of its shape.

    Seeds, learning rates, penalties above 0 and task weights share a graph, batches of one
    size too. What a trial holds beyond ``OF_RUN`` is a setting of the network, and so a shape.

    Args:
        balance: makes each trainer's balancing; None for fixed task weights.
    """

    def __init__(self, build: Build, balance: Balance | None = None) -> None:
        self.build, self.balance = build, balance
        self.made: list[tuple[Columns, tuple[str, ...], Mapping[str, Any], Trainer]] = []

    def fit(
        self, train: Table, valid: Table, tasks: Sequence[str], seed: int, trial: Trial
    ) -> Callable[[Table], Chances]:
        """What gives the chances of a table's rows, until the next call.

        Raises:
            CourseError: if the network cannot read the tables, or a setting is impossible.
            DivergedError: if training diverged.
        """
        trainer = self._trainer(train.columns, tuple(tasks), trial)
        for name in OF_TRAINER:
            if name in trial:
                setattr(trainer, name, trial[name])
        if "dropout" in trial:
            trainer.network.dropout = trial["dropout"]
        if isinstance(trainer.balancing, Fixed):
            trainer.balancing.weights = weights_of(trial.get("task_weights", 0.0), train, tasks)
        settings = {name: trial[name] for name in OF_FIT if name in trial}
        trainer.fit(train, valid, seed, **settings)
        # The trainer's own, where it has one, knows each task's best epoch.
        return getattr(trainer, "predict", trainer.network.predict)

    def _trainer(self, columns: Columns, tasks: tuple[str, ...], trial: Trial) -> Trainer:
        shape = {name: value for name, value in trial.items() if name not in OF_RUN}
        for known, of, settings, trainer in self.made:
            if of == tasks and settings == shape and known.same_codes(columns):
                return trainer
        balancing = None if self.balance is None else self.balance()
        trainer = Trainer(lambda: self.build(columns, tasks, **shape), balancing)
        self.made.append((columns, tasks, shape, trainer))
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
