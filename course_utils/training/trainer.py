"""One multi-task trainer: masks per task, balancing, early stopping, seeds that share one graph.

A whole epoch is one TensorFlow graph, traced once per trainer. Another seed brings other
weights and other rows of the same shapes, another learning rate changes a variable: neither
traces again, so five seeds cost little more than their training steps.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.backend import tf
from course_utils.balancing.aggregator import Aggregator
from course_utils.balancing.fixed import Fixed
from course_utils.balancing.weighting import Weighting
from course_utils.columns import Table
from course_utils.errors import CourseError
from course_utils.models.network import Network
from course_utils.training.adam import FusedAdam
from course_utils.training.bar import Bar
from course_utils.training.gradients import gramian, shared_weights, task_gradient
from course_utils.training.history import History


class Trainer:
    """Trains what ``build`` makes, again and again, in one graph.

    Args:
        build: makes a new network.
        balancing: a ``Weighting`` of the losses, or an ``Aggregator`` of the gradients on the
            weights that tasks share; other weights then get their own task's plain gradient.
            None for the plain sum.
        batch_size: rows a step; each epoch leaves out what does not fill a batch.
        record_gradients: keep each epoch's Gramian in the history: cosines, norm ratios.
        jit_compile: compile the step with XLA, which takes some 10 s; for benchmarks.

    Raises:
        CourseError: if an aggregator is to be compiled: it is NumPy.
    """

    def __init__(
        self,
        build: Callable[[], Network],
        balancing: Weighting | Aggregator | None = None,
        batch_size: int = 256,
        record_gradients: bool = False,
        jit_compile: bool = False,
    ) -> None:
        self.build, self.batch_size = build, batch_size
        self.balancing = balancing or Fixed()
        self.record_gradients, self.jit_compile = record_gradients, jit_compile
        if jit_compile and isinstance(self.balancing, Aggregator):
            raise CourseError("XLA cannot compile an aggregator, which is NumPy: leave it out.")
        self.network = build()
        self.balancing.reset(len(self.network.tasks), 0)
        self.optimizer = FusedAdam()
        self.optimizer.build(self._weights)
        self._graphs: dict[str, Any] = {}
        # Nobody asks for them where losses are just added up.
        asked = balancing is not None or record_gradients
        self._shared = shared_weights(self.network) if asked else []

    def fit(
        self,
        train: Table,
        valid: Table,
        seed: int,
        learning_rate: float = 1e-3,
        epochs: int = 20,
        patience: int = 2,
    ) -> History:
        """Train from fresh weights; keep those of the epoch with the least validation loss.

        The seed fixes the weights and the order of rows: models trained with the same seed
        on the same table see the same rows in the same order. Training ends after
        ``patience`` epochs without a new best.

        Raises:
            CourseError: before training starts, if a table lacks a task or does not fit the
                network; during training, if the loss is no longer finite.
        """
        for name, table in (("train", train), ("valid", valid)):
            self.require_fit(table, name, labelled=True)
        self._start(train, seed, learning_rate)
        data = self._tensors(train)
        order = np.random.Generator(np.random.PCG64(seed))
        size = min(self.batch_size, len(train))
        history, bar = History(self.network.tasks), Bar()
        for epoch in range(epochs):
            rows = order.permutation(len(train))[: len(train) // size * size]
            batches = tf.constant(rows.reshape(-1, size), tf.int32)
            if self.record_gradients:
                history.gramians.append(self._graph("_gramian", (batches[:1], *data)).numpy())
            losses, weights = self._graph("_one_epoch", (batches, *data))
            history.task_losses.append(losses.numpy())
            if isinstance(self.balancing, Weighting):
                weights = self.balancing.current()
                self.balancing.after_epoch(losses.numpy())
            history.weights.append(np.array(weights))
            history.valid_loss.append(self.loss(valid))
            bar.show(f"epoch {epoch + 1}: {history.valid_loss[-1]:.4f}", (epoch + 1) / epochs)
            if not np.isfinite(history.valid_loss[-1]):
                bar.close()
                raise CourseError(
                    f"The validation loss is {history.valid_loss[-1]} after epoch {epoch + 1}: "
                    f"the learning rate {learning_rate:g} is too high, or a label is wrong."
                )
            if history.valid_loss[-1] == min(history.valid_loss):
                best = self.network.get_weights()
            elif epoch - int(np.argmin(history.valid_loss)) >= patience:
                break
        bar.close()
        self.network.set_weights(best)
        return history

    def predict(self, table: Table) -> dict[str, np.ndarray]:
        """Per task ``[n]``: the predicted probabilities."""
        self.require_fit(table, "given", labelled=False)
        inputs = self._tensors(table, labels=False)
        return {task: p.numpy() for task, p in self._graph("_predicted", inputs).items()}

    def loss(self, table: Table) -> float:
        """The loss of the whole table: the sum of the tasks' mean losses."""
        return float(tf.reduce_sum(self._graph("_losses", self._tensors(table))))

    @property
    def _weights(self) -> list[Any]:
        """What the optimizer moves: the network's weights, and a weighting's, if it learns."""
        learned = getattr(self.balancing, "trainable_variables", [])
        return [*self.network.trainable_variables, *learned]

    def _start(self, train: Table, seed: int, learning_rate: float) -> None:
        self.network.set_weights(_fresh_weights(self.build, seed))
        # What is saved later must encode new rows as these were.
        self.network.columns = train.columns
        self.balancing.reset(len(self.network.tasks), seed)
        for variable in self.optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        self.optimizer.learning_rate.assign(learning_rate)

    def require_fit(self, table: Table, name: str, labelled: bool) -> None:
        """Refuse a table that does not fit the network, or lacks a task, in one sentence."""
        if not self.network.columns.same_codes(table.columns):
            raise CourseError(
                f"The {name} table was encoded by other columns than the network's: make both "
                "with one Columns.fit."
            )
        for task in self.network.tasks if labelled else ():
            if task not in table.labels:
                raise CourseError(
                    f"The {name} table has no task {task!r}, only {', '.join(table.labels)}."
                )
            if not table.mask(task).any():
                raise CourseError(f"The mask of {task!r} leaves no row of the {name} table.")

    def _tensors(self, table: Table, labels: bool = True) -> tuple[Any, ...]:
        """Codes, numbers, scenario; then ``[n, 2K]``: labels, and 1 where the row counts."""
        inputs = tuple(tf.constant(part) for part in table.inputs)
        if not labels:
            return inputs
        tasks = self.network.tasks
        targets = [table.labels[task] for task in tasks] + [table.mask(task) for task in tasks]
        return (*inputs, tf.constant(np.stack(targets, 1), tf.float32))

    def _graph(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Run one of the methods below as a graph, traced once for any number of rows."""
        if name not in self._graphs:
            anything_long = tf.nest.map_structure(
                lambda x: tf.TensorSpec((None, *x.shape[1:]), x.dtype), arguments
            )
            is_loop = name == "_one_epoch"
            traced = tf.function(getattr(self, name), jit_compile=False, autograph=is_loop)
            self._graphs[name] = traced.get_concrete_function(*anything_long)
        return self._graphs[name](*arguments)

    def _predicted(self, codes: Any, numbers: Any, scenario: Any) -> dict[str, Any]:
        return self.network((codes, numbers, scenario))

    def _losses(
        self, codes: Any, numbers: Any, scenario: Any, targets: Any, *, training: bool = False
    ) -> Any:
        """The loss of each task, ``[K]``."""
        predicted = self.network((codes, numbers, scenario), training=training)
        labels, counts = tf.split(tf.transpose(targets), 2)
        return self.network.task_losses(predicted, labels, counts)

    def _one_epoch(
        self, batches: Any, codes: Any, numbers: Any, scenario: Any, targets: Any
    ) -> tuple[Any, Any]:
        """One step per row of ``batches [steps, B]``, which holds row numbers.

        Returns:
            ``[K]`` each: mean losses over the steps; of an aggregator also the mean weights.
        """
        # Only the loop needs translating into a graph; translating the rest takes seconds.
        step = tf.autograph.experimental.do_not_convert(self._step)
        if self.jit_compile:
            step = tf.function(self._step, jit_compile=True, autograph=False)
        losses = tf.zeros(len(self.network.tasks))
        weights = tf.zeros(len(self.network.tasks))
        for rows in batches:  # a loop inside the graph, not in Python
            batch = [tf.gather(part, rows) for part in (codes, numbers, scenario, targets)]
            step_losses, step_weights = step(*batch)
            losses += step_losses
            weights += step_weights
        steps = tf.cast(tf.shape(batches)[0], tf.float32)
        return losses / steps, weights / steps

    def _step(self, *batch: Any) -> tuple[Any, Any]:
        if isinstance(self.balancing, Aggregator):
            return self._aggregated_step(self.balancing, *batch)
        losses = self._weighted_step(self.balancing, *batch)
        return losses, tf.zeros_like(losses)

    def _weighted_step(self, weighting: Weighting, *batch: Any) -> Any:
        with tf.GradientTape(persistent=True) as tape:
            losses = self._losses(*batch, training=True)
            each, total = tf.unstack(losses), weighting.total(losses)

        def norms() -> Any:
            # The last shared layer: the last matrix that more than one task trains.
            shared = zip(self.network.trainable_variables, self._shared, strict=True)
            last = [weight for weight, is_shared in shared if is_shared and len(weight.shape) > 1]
            return tf.stack([tf.norm(task_gradient(tape, one, last[-1:])[0]) for one in each])

        self._apply(task_gradient(tape, total, self._weights))
        weighting.after_step(losses, norms, lambda: self._losses(*batch, training=True))
        return losses

    def _aggregated_step(self, aggregator: Aggregator, *batch: Any) -> tuple[Any, Any]:
        losses, per_task = self._per_task(*batch, training=True)
        shared = [_where(self._shared, gradients) for gradients in per_task]
        weights = tf.numpy_function(aggregator.weights, [gramian(shared)], tf.float64)
        weights = tf.ensure_shape(tf.cast(weights, tf.float32), (len(per_task),))
        combined = [
            sum(weights[k] * g for k, g in enumerate(one)) if is_shared else tf.add_n(one)
            for is_shared, one in zip(self._shared, zip(*per_task, strict=True), strict=True)
        ]
        self._apply(combined)
        return losses, weights

    def _per_task(self, *batch: Any, training: bool) -> tuple[Any, list[list[Any]]]:
        """``[K]`` losses, and each one's gradients: one forward pass, K backward ones."""
        with tf.GradientTape(persistent=True) as tape:
            losses = self._losses(*batch, training=training)
            each = tf.unstack(losses)
        return losses, [task_gradient(tape, one, self.network.trainable_variables) for one in each]

    def _gramian(self, batches: Any, codes: Any, numbers: Any, scenario: Any, targets: Any) -> Any:
        """``[K, K]``, on the first batch."""
        batch = [tf.gather(part, batches[0]) for part in (codes, numbers, scenario, targets)]
        # Not as in training: moving averages must not move twice.
        _, per_task = self._per_task(*batch, training=False)
        return gramian([_where(self._shared, gradients) for gradients in per_task])

    def _apply(self, gradients: list[Any]) -> None:
        self.optimizer.apply_gradients(zip(gradients, self._weights, strict=True))


def _where(chosen: list[bool], values: list[Any]) -> list[Any]:
    return [value for value, is_chosen in zip(values, chosen, strict=True) if is_chosen]


def _fresh_weights(build: Callable[[], Network], seed: int) -> list[np.ndarray]:
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
