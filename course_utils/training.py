"""One multi-task trainer: masks per task, early stopping, seeds that share one graph.

A whole epoch is one TensorFlow graph. It is traced once per trainer; another seed or another
learning rate only changes the values of variables, so five seeds cost little more than their
training steps.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from course_utils import metrics
from course_utils.backend import keras, tf
from course_utils.errors import CourseError

EPSILON = 1e-7


@dataclass(frozen=True)
class Table:
    """Rows as a network sees them.

    Attributes:
        categories: ``[n, C]`` int32, each value from 0 to its column's size - 1.
        sizes: how many values each categorical column has, C numbers.
        numbers: ``[n, D]`` float32.
        labels: per task ``[n]`` float32, 0 or 1.
        masks: per task ``[n]`` bool, the rows of the task's sample space; without a mask all.

    Raises:
        CourseError: if it is empty, a length or type is off, a label is not 0 or 1, a
            category is out of range, or a mask belongs to no task.
    """

    categories: np.ndarray
    sizes: tuple[int, ...]
    numbers: np.ndarray
    labels: Mapping[str, np.ndarray]
    masks: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require(len(self) > 0, "The table has no rows.")
        _require(bool(self.labels), "The table has no task: labels is empty.")
        for name, array, kind in [
            ("categories", self.categories, np.integer),
            ("numbers", self.numbers, np.floating),
            *((f"labels of {task!r}", y, np.floating) for task, y in self.labels.items()),
            *((f"mask of {task!r}", mask, np.bool_) for task, mask in self.masks.items()),
        ]:
            _require(
                np.issubdtype(array.dtype, kind),
                f"The {name} must hold {kind.__name__} values, got {array.dtype}.",
            )
            _require(
                len(array) == len(self),
                f"The {name} must have {len(self)} rows, got {len(array)}.",
            )
        _require(bool(np.isfinite(self.numbers).all()), "Some numbers are nan or infinite.")
        for column, size in enumerate(self.sizes):
            values = self.categories[:, column]
            _require(
                0 <= values.min() and values.max() < size,
                f"Categorical column {column} must lie from 0 to {size - 1}, got "
                f"{values.min()} to {values.max()}.",
            )
        for task, y in self.labels.items():
            _require(
                bool(np.isin(y, (0.0, 1.0)).all()),
                f"The labels of {task!r} must be 0 or 1, without nan.",
            )
            _require(bool(self.mask(task).any()), f"The mask of {task!r} leaves no row.")
        for task in self.masks:
            _require(task in self.labels, f"There is a mask for {task!r}, but no such task.")

    def __len__(self) -> int:
        return len(self.categories)

    def mask(self, task: str) -> np.ndarray:
        """The rows of a task's sample space, ``[n]`` bool."""
        return self.masks.get(task, np.ones(len(self), bool))


def make_table(
    frame: pd.DataFrame,
    categorical: Sequence[str],
    numeric: Sequence[str],
    labels: Sequence[str],
    masks: Mapping[str, np.ndarray] | None = None,
) -> Table:
    """A table from a frame: codes of its categorical columns, its numeric columns as they are.

    Args:
        frame: its ``categorical`` columns must be of pandas' categorical type.
        masks: per task, the rows that count.
    """
    return Table(
        categories=np.stack([frame[c].cat.codes.to_numpy("int32") for c in categorical], axis=1),
        sizes=tuple(len(frame[c].cat.categories) for c in categorical),
        numbers=frame[list(numeric)].to_numpy("float32"),
        labels={task: frame[task].to_numpy("float32") for task in labels},
        masks=masks or {},
    )


@dataclass(frozen=True)
class Runs:
    """The same model over several seeds.

    Attributes:
        learning_rate: the one that was used.
        trials: learning rate -> mean best validation loss over the tuning seeds.
        predictions: per task ``[seeds, n_test]``.
        history: per seed, the validation loss after each epoch.
        test: the table that was predicted.
    """

    learning_rate: float
    trials: dict[float, float]
    predictions: dict[str, np.ndarray]
    history: list[list[float]]
    test: Table

    def auc(self, task: str) -> list[float]:
        """AUC on the test rows of the task's sample space, one per seed."""
        rows = self.test.mask(task)
        y = self.test.labels[task][rows]
        return [metrics.auc(y, p[rows]) for p in self.predictions[task]]


class Trainer:
    """Trains what ``build`` makes, again and again, in one graph.

    The loss is sum_k of the mean log loss of task k over the rows of its sample space in
    the batch (Tang et al., PLE, RecSys 2020, eq. 9).

    Args:
        build: makes a model with ``tasks`` and ``call((categories, numbers)) -> {task: [B]}``.
        train, valid: rows to learn from, and rows that choose epoch and learning rate.
        batch_size: rows a step; each epoch leaves out what does not fill a batch.
    """

    def __init__(
        self, build: Callable[[], Any], train: Table, valid: Table, batch_size: int = 256
    ) -> None:
        self.build, self.train, self.valid = build, train, valid
        self.batch_size = min(batch_size, len(train))
        self.model = build()
        for name, table in (("train", train), ("valid", valid)):
            for task in self.model.tasks:
                _require(task in table.labels, f"The {name} table has no task {task!r}.")
        self.optimizer = keras.optimizers.Adam()
        self._predict = tf.function(lambda c, x: self.model((c, x)), reduce_retracing=True)
        self.optimizer.build(self.model.trainable_variables)
        self._epoch = tf.function(self._one_epoch, jit_compile=False)
        self._data = (*_inputs(train), self._targets(train))

    def fit(self, seed: int, learning_rate: float, epochs: int, patience: int = 2) -> list[float]:
        """Train from fresh weights; keep those of the best epoch.

        The seed fixes the weights and the order of rows; two models with the same seed see
        the same rows in the same order.

        Returns:
            The validation loss after each epoch. Training ends after ``patience`` epochs
            without a new best.
        """
        self.model.set_weights(_fresh_weights(self.build, seed))
        for variable in self.optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        self.optimizer.learning_rate.assign(learning_rate)
        order = np.random.Generator(np.random.PCG64(seed))
        steps = len(self.train) // self.batch_size
        losses: list[float] = []
        for epoch in range(epochs):
            rows = order.permutation(len(self.train))[: steps * self.batch_size]
            self._epoch(tf.constant(rows.reshape(steps, self.batch_size), tf.int32))
            losses.append(self.loss(self.valid))
            if losses[-1] == min(losses):
                best = self.model.get_weights()
            elif epoch - int(np.argmin(losses)) >= patience:
                break
        self.model.set_weights(best)
        return losses

    def predict(self, table: Table) -> dict[str, np.ndarray]:
        """Per task ``[n]``: the predicted probabilities."""
        return {task: p.numpy() for task, p in self._predict(*_inputs(table)).items()}

    def loss(self, table: Table) -> float:
        """The loss of the whole table: the sum of each task's mean log loss."""
        predicted = self.predict(table)
        rows = {task: table.mask(task) for task in self.model.tasks}
        return sum(
            metrics.log_loss(table.labels[task][rows[task]], predicted[task][rows[task]])
            for task in self.model.tasks
        )

    def _targets(self, table: Table) -> dict[str, Any]:
        """Per task ``[n, 2]``: label, and 1 where the row counts."""
        return {
            task: tf.constant(np.stack([table.labels[task], table.mask(task)], 1), tf.float32)
            for task in self.model.tasks
        }

    def _one_epoch(self, batches: Any) -> None:
        categories, numbers, targets = self._data
        for rows in batches:  # a loop inside the graph, not in Python
            with tf.GradientTape() as tape:
                predicted = self.model((tf.gather(categories, rows), tf.gather(numbers, rows)))
                loss = tf.add_n(
                    [
                        _masked_log_loss(tf.gather(targets[task], rows), predicted[task])
                        for task in self.model.tasks
                    ]
                )
            weights = self.model.trainable_variables
            self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))


def run_seeds(
    build: Callable[[], Any],
    train: Table,
    valid: Table,
    test: Table,
    *,
    seeds: Sequence[int] = range(5),
    learning_rates: Sequence[float] = (1e-3,),
    tuning_seeds: Sequence[int] = (100,),
    epochs: int = 20,
    batch_size: int = 256,
) -> Runs:
    """Tune on validation rows, then train with several seeds and predict the test rows.

    Tuning is equal when models get the same ``learning_rates``: each is tried with the same
    seeds, which are not among those of the result; the epoch is chosen in every run by early
    stopping. One rate needs no trial.

    Raises:
        CourseError: before training starts, if a seed is used for both or a table lacks a task.
    """
    _require(not set(seeds) & set(tuning_seeds), "Tuning seeds must not be among the seeds.")
    trainer = Trainer(build, train, valid, batch_size)
    for task in trainer.model.tasks:
        _require(task in test.labels, f"The test table has no task {task!r}.")
    trials: dict[float, float] = {}
    if len(learning_rates) > 1:
        for rate in learning_rates:
            trials[rate] = float(
                np.mean([min(trainer.fit(seed, rate, epochs)) for seed in tuning_seeds])
            )
    rate = min(trials, key=trials.__getitem__) if trials else learning_rates[0]
    history, predictions = [], []
    for seed in seeds:
        history.append(trainer.fit(seed, rate, epochs))
        predictions.append(trainer.predict(test))
    stacked = {task: np.stack([p[task] for p in predictions]) for task in trainer.model.tasks}
    return Runs(rate, trials, stacked, history, test)


def _fresh_weights(build: Callable[[], Any], seed: int) -> list[np.ndarray]:
    """The weights of a new model, without touching anyone else's random numbers.

    Keras seeds its initialisers from Python's generator. ``keras.utils.set_random_seed``
    would also make TensorFlow forget its graphs, and five seeds would cost four.
    """
    before = random.getstate()
    random.seed(seed)
    try:
        return build().get_weights()
    finally:
        random.setstate(before)


def _inputs(table: Table) -> tuple[Any, Any]:
    return tf.constant(table.categories, tf.int32), tf.constant(table.numbers, tf.float32)


def _masked_log_loss(target: Any, p: Any) -> Any:
    """Mean log loss over the rows that count; 0 where none does. Shapes ``[B, 2]``, ``[B]``."""
    y, counts = target[:, 0], target[:, 1]
    p = tf.clip_by_value(p, EPSILON, 1.0 - EPSILON)
    losses = -(y * tf.math.log(p) + (1.0 - y) * tf.math.log(1.0 - p))
    return tf.math.divide_no_nan(tf.reduce_sum(counts * losses), tf.reduce_sum(counts))


def _require(condition: bool, otherwise: str) -> None:
    if not condition:
        raise CourseError(otherwise)
