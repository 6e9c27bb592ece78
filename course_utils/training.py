"""One multi-task trainer: masks per task, early stopping, seeds that share one graph.

A whole epoch is one TensorFlow graph, traced once per trainer. Another seed brings other
weights and other rows of the same shapes, another learning rate changes a variable: neither
traces again, so five seeds cost little more than their training steps.
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
                bool(np.isin(values, np.arange(size)).all()),
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
class Split:
    """Rows to learn from, rows that choose epoch and learning rate, rows that judge."""

    train: Table
    valid: Table
    test: Table


@dataclass(frozen=True)
class Runs:
    """The same model over several seeds.

    Attributes:
        learning_rate: the one that was used.
        trials: learning rate -> mean best validation loss over the tuning seeds.
        predictions: per seed, per task ``[n_test]``.
        history: per seed, the validation loss after each epoch.
        auc: per task, the AUC on the test rows of its sample space, one per seed.
    """

    learning_rate: float
    trials: dict[float, float]
    predictions: list[dict[str, np.ndarray]]
    history: list[list[float]]
    auc: dict[str, list[float]]


class Trainer:
    """Trains what ``build`` makes, again and again, in one graph.

    The loss is sum_k of the mean log loss of task k over the rows of its sample space in
    the batch (Tang et al., PLE, RecSys 2020, eq. 9).

    Args:
        build: makes a model with ``tasks`` and ``call((categories, numbers)) -> {task: [B]}``
            whose weights exist before it is called.
        batch_size: rows a step; each epoch leaves out what does not fill a batch.
    """

    def __init__(self, build: Callable[[], Any], batch_size: int = 256) -> None:
        self.build, self.batch_size = build, batch_size
        self.model = build()
        self.optimizer = keras.optimizers.Adam()
        self.optimizer.build(self.model.trainable_variables)
        self._graphs: dict[str, Any] = {}

    def fit(
        self,
        train: Table,
        valid: Table,
        seed: int,
        learning_rate: float,
        epochs: int = 20,
        patience: int = 2,
    ) -> list[float]:
        """Train from fresh weights; keep those of the epoch with the least validation loss.

        The seed fixes the weights and the order of rows: models trained with the same seed
        on the same table see the same rows in the same order.

        Returns:
            The validation loss after each epoch. Training ends after ``patience`` epochs
            without a new best.

        Raises:
            CourseError: before training starts, if a table lacks a task.
        """
        _require_tasks(self.model.tasks, train=train, valid=valid)
        self.model.set_weights(_fresh_weights(self.build, seed))
        for variable in self.optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        self.optimizer.learning_rate.assign(learning_rate)
        data = self._tensors(train)
        order = np.random.Generator(np.random.PCG64(seed))
        size = min(self.batch_size, len(train))
        losses: list[float] = []
        for epoch in range(epochs):
            rows = order.permutation(len(train))[: len(train) // size * size]
            batches = tf.constant(rows.reshape(-1, size), tf.int32)
            self._graph("_one_epoch", (batches, *data))
            losses.append(self.loss(valid))
            if losses[-1] == min(losses):
                best = self.model.get_weights()
            elif epoch - int(np.argmin(losses)) >= patience:
                break
        self.model.set_weights(best)
        return losses

    def predict(self, table: Table) -> dict[str, np.ndarray]:
        """Per task ``[n]``: the predicted probabilities."""
        inputs = self._tensors(table, labels=False)
        return {task: p.numpy() for task, p in self._graph("_predicted", inputs).items()}

    def loss(self, table: Table) -> float:
        """The loss of the whole table: the sum of each task's mean log loss."""
        return float(self._graph("_total_loss", self._tensors(table)))

    def _tensors(self, table: Table, labels: bool = True) -> tuple[Any, ...]:
        """Categories, numbers and, per task ``[n, 2]``, label and 1 where the row counts."""
        inputs = (tf.constant(table.categories, tf.int32), tf.constant(table.numbers, tf.float32))
        if not labels:
            return inputs
        targets = {
            task: tf.constant(np.stack([table.labels[task], table.mask(task)], 1), tf.float32)
            for task in self.model.tasks
        }
        return (*inputs, targets)

    def _graph(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Run one of the methods below as a graph, traced once for any number of rows."""
        if name not in self._graphs:
            anything_long = tf.nest.map_structure(
                lambda x: tf.TensorSpec((None, x.shape[1]), x.dtype), arguments
            )
            traced = tf.function(getattr(self, name), jit_compile=False)
            self._graphs[name] = traced.get_concrete_function(*anything_long)
        return self._graphs[name](*arguments)

    def _predicted(self, categories: Any, numbers: Any) -> dict[str, Any]:
        return self.model((categories, numbers))

    def _total_loss(self, categories: Any, numbers: Any, targets: Any) -> Any:
        predicted = self.model((categories, numbers))
        return tf.add_n([masked_log_loss(targets[k], predicted[k]) for k in self.model.tasks])

    def _one_epoch(self, batches: Any, categories: Any, numbers: Any, targets: Any) -> None:
        """One step per row of ``batches [steps, B]``, which holds row numbers."""
        for rows in batches:  # a loop inside the graph, not in Python
            with tf.GradientTape() as tape:
                chosen = {task: tf.gather(pair, rows) for task, pair in targets.items()}
                loss = self._total_loss(
                    tf.gather(categories, rows), tf.gather(numbers, rows), chosen
                )
            weights = self.model.trainable_variables
            # Dense: where a row of an embedding occurs several times in a batch, Keras 3.15's
            # Adam would add the squares of its gradients instead of squaring their sum.
            gradients = map(tf.convert_to_tensor, tape.gradient(loss, weights))
            self.optimizer.apply_gradients(zip(gradients, weights, strict=True))


def run_seeds(
    build: Callable[[], Any],
    split: Callable[[int], Split],
    *,
    seeds: Sequence[int] = range(5),
    learning_rates: Sequence[float] = (1e-3,),
    tuning_seeds: Sequence[int] = (100, 101),
    epochs: int = 20,
    batch_size: int = 256,
) -> Runs:
    """Tune on validation rows, then train once per seed and predict its test rows.

    A seed stands for the data ``split(seed)``, the first weights and the order of rows, so
    that an interval over seeds covers all three. Tuning is equal when models get the same
    ``learning_rates``: each is tried on the same tuning seeds, which are not among those of
    the result; the epoch is chosen in every run by early stopping. One rate needs no trial.

    Raises:
        CourseError: if a seed is used for both, or, before training, a table lacks a task.
    """
    _require(not set(seeds) & set(tuning_seeds), "Tuning seeds must not be among the seeds.")
    trainer = Trainer(build, batch_size)
    trials: dict[float, float] = {}
    if len(learning_rates) > 1:
        for rate in learning_rates:
            best = []
            for seed in tuning_seeds:
                rows = split(seed)
                best.append(min(trainer.fit(rows.train, rows.valid, seed, rate, epochs)))
            trials[rate] = float(np.mean(best))
    rate = min(trials, key=trials.__getitem__) if trials else learning_rates[0]
    tasks = trainer.model.tasks
    runs = Runs(rate, trials, [], [], {task: [] for task in tasks})
    for seed in seeds:
        rows = split(seed)
        _require_tasks(tasks, test=rows.test)
        runs.history.append(trainer.fit(rows.train, rows.valid, seed, rate, epochs))
        predicted = trainer.predict(rows.test)
        runs.predictions.append(predicted)
        for task in tasks:
            counts = rows.test.mask(task)
            y = rows.test.labels[task][counts]
            runs.auc[task].append(metrics.auc(y, predicted[task][counts]))
    return runs


def masked_log_loss(target: Any, p: Any) -> Any:
    """Mean log loss over the rows that count; 0 where none does.

    Args:
        target: ``[B, 2]``, label and 1 where the row counts.
        p: ``[B]``, the predicted probability.
    """
    y, counts = target[:, 0], target[:, 1]
    p = tf.clip_by_value(p, EPSILON, 1.0 - EPSILON)
    losses = -(y * tf.math.log(p) + (1.0 - y) * tf.math.log(1.0 - p))
    return tf.math.divide_no_nan(tf.reduce_sum(counts * losses), tf.reduce_sum(counts))


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


def _require_tasks(tasks: Sequence[str], **tables: Table) -> None:
    for name, table in tables.items():
        for task in tasks:
            _require(
                task in table.labels,
                f"The {name} table has no task {task!r}, only {', '.join(table.labels)}.",
            )


def _require(condition: bool, otherwise: str) -> None:
    if not condition:
        raise CourseError(otherwise)
