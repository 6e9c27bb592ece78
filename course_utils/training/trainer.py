"""One multi-task trainer: masks per task, balancing, early stopping, seeds that share one graph.

A whole epoch is one TensorFlow graph, traced once per trainer. Another seed brings other
weights and other rows of the same shapes, another learning rate changes a variable: neither
traces again, so five seeds cost little more than their training steps. The same holds for
other settings above 0: ``trainer.weight_decay``, ``trainer.embedding_l2``,
``trainer.network.dropout``, ``trainer.balancing.weights`` (of ``Fixed``) may be set between two
fits. A setting of 0 has no part in the graph, so going from 0 to more traces once again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.backend import tf
from course_utils.balancing.aggregator import Aggregator
from course_utils.balancing.fixed import Fixed
from course_utils.balancing.weighting import Weighting
from course_utils.columns import Table
from course_utils.errors import CourseError
from course_utils.layers.embed import looked_up
from course_utils.models.network import Network
from course_utils.training.adam import FusedAdam
from course_utils.training.bar import Bar
from course_utils.training.gradients import (
    combined,
    gramian,
    last_shared_matrix,
    on_shared,
    shared_weights,
    task_gradient,
)
from course_utils.training.history import History
from course_utils.training.kept import Kept


class DivergedError(CourseError):
    """The loss is no longer finite."""


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
        weight_decay: AdamW's. Before each step, the kernels of dense layers shrink by this times
            the learning rate; biases, norms, embeddings and a scenario's factors do not.
        embedding_l2: l. Each step adds l e to the gradient of e, the slope of l / 2 ||e||^2, for
            every embedding e of a column's value that the batch holds; once, however often it
            holds it. The losses of the history are without this penalty. Zhou et al., Deep
            Interest Network, KDD 2018, section 5.1, divide l by the value's rows; not here.

        on: whose gradients an aggregator gets. "weights" for those of the shared weights, one
            backward pass a task through the whole network. "representation" for those of what
            the tasks read of the shared layers (``Network.cut``), as in MGDA-UB (Sener and
            Koltun, NeurIPS 2018, section 3.3): one backward pass in all, and another direction,
            since inner products over the rows of a batch are not those of the weights.

    Raises:
        CourseError: if a setting is impossible, ``build`` makes no network with weights, an
            aggregator is to be compiled (it is NumPy), or the network has no such representation.

    Attributes:
        network: the trained one; ``models.save`` keeps it.
    """

    def __init__(
        self,
        build: Callable[[], Network],
        balancing: Weighting | Aggregator | None = None,
        batch_size: int = 256,
        record_gradients: bool = False,
        jit_compile: bool = False,
        weight_decay: float = 0.0,
        embedding_l2: float = 0.0,
        on: str = "weights",
    ) -> None:
        require_whole("batch_size", batch_size, 1)
        if isinstance(build, Network | type):
            raise CourseError(
                f"build must be a function that makes a network, got {build!r}: write "
                "lambda: MMoE(columns, tasks)."
            )
        if not isinstance(balancing, Weighting | Aggregator | None):
            raise CourseError(
                f"balancing must be a Weighting, an Aggregator or None, got {balancing!r}: write "
                "PCGrad(), with brackets."
            )
        self.build, self.batch_size = build, batch_size
        self.balancing = balancing or Fixed()
        self.record_gradients, self.jit_compile = record_gradients, jit_compile
        self.weight_decay, self.embedding_l2 = weight_decay, embedding_l2
        self._require_penalties()
        if jit_compile and isinstance(self.balancing, Aggregator):
            raise CourseError("XLA cannot compile an aggregator, which is NumPy: leave it out.")
        self.network = build()
        if not self.network.weights:
            raise CourseError(
                f"{type(self.network).__name__} has no weights yet: end its __init__ with "
                "self.make_weights()."
            )
        self.balancing.reset(len(self.network.tasks), 0)
        self.optimizer = FusedAdam()
        self.optimizer.build(self._weights)
        self._l2 = tf.Variable(0.0, trainable=False)
        self._graphs: dict[tuple[Any, ...], Any] = {}
        self._kept = Kept(self.network, each=False)
        # Nobody asks for them where losses are just added up.
        asked = isinstance(balancing, Aggregator) or record_gradients
        self._shared = shared_weights(self.network) if asked else []
        self._on_representation = self._require_on(on)

    def fit(
        self,
        train: Table,
        valid: Table,
        seed: int,
        learning_rate: float = 1e-3,
        epochs: int = 20,
        patience: int = 2,
        keep: str = "sum",
    ) -> History:
        """Train from fresh weights; keep those of the epoch with the least validation loss.

        The seed fixes the weights and the order of rows: models trained with the same seed
        on the same table see the same rows in the same order. Training ends after
        ``patience`` epochs without a new best.

        Args:
            keep: "sum" for the epoch with the least sum of the tasks' losses. With "each" every
                task has a best epoch of its own: ``predict`` gives each task's chances by the
                weights of that epoch, and training ends when no task has improved for
                ``patience`` epochs. ``network`` itself holds those of the least sum.

        Raises:
            CourseError: before training starts, if a table lacks a task or does not fit the
                network, or a setting is impossible.
            DivergedError: during training, if the loss is no longer finite.
        """
        require_whole("seed", seed, 0)
        require_whole("epochs", epochs, 1)
        require_whole("patience", patience, 0)
        if not isinstance(learning_rate, float | int) or not 0 < learning_rate < np.inf:
            raise CourseError(f"learning_rate must be a number above 0, got {learning_rate!r}.")
        if keep not in ("sum", "each"):
            raise CourseError(f"keep must be 'sum' or 'each', got {keep!r}.")
        self._require_penalties()
        self._require(train, valid)
        self._start(int(seed), learning_rate)
        data, judged = self._tensors(train), self._tensors(valid)
        order = np.random.Generator(np.random.PCG64(seed))
        size = min(self.batch_size, len(train))
        history, bar = History(self.network.tasks), Bar()
        kept = self._kept = Kept(self.network, keep == "each")
        try:
            for epoch in range(epochs):
                rows = order.permutation(len(train))[: len(train) // size * size]
                self._epoch(tf.constant(rows.reshape(-1, size), tf.int32), data, history)
                losses = self._graph("_losses", judged)
                history.valid_loss.append(float(tf.reduce_sum(losses)))
                history.valid_task_losses.append(losses.numpy())
                bar.show(f"epoch {epoch + 1}: {history.valid_loss[-1]:.4f}", (epoch + 1) / epochs)
                if not np.isfinite(history.valid_loss[-1]):
                    raise DivergedError(
                        f"The validation loss is {history.valid_loss[-1]} after epoch {epoch + 1}: "
                        "the learning rate is too high, or the balancing too strong."
                    )
                waited = kept.look(history)
                if waited and waited >= patience:
                    break
        finally:
            # Also where somebody stops it: the best so far.
            bar.close()
            self.network.set_weights(kept.best)
        return history

    def predict(self, table: Table) -> dict[str, np.ndarray]:
        """Per task ``[n]``: the chances of the table's rows, by the weights that ``fit`` kept.

        After ``fit(..., keep="each")`` each task's are those of its own best epoch; else it is
        ``network.predict``.

        Raises:
            CourseError: if the table does not fit the network.
        """
        return self._kept.predict(table)

    def _require_on(self, on: str) -> bool:
        """Is the aggregator to look at the representation? Refuse where that makes no sense."""
        if on not in ("weights", "representation"):
            raise CourseError(f"on must be 'weights' or 'representation', got {on!r}.")
        if on == "weights":
            return False
        if not isinstance(self.balancing, Aggregator):
            raise CourseError(
                f"on={on!r} says where an aggregator looks, and there is none: give one, such as "
                "balancing=MGDA()."
            )
        with self.network.copies_at_cut(lambda read: read) as cuts:
            self.network.make_weights()
        if not cuts:
            raise CourseError(
                f"{type(self.network).__name__} has no representation that all tasks read and "
                "behind which each is alone: use on='weights'."
            )
        return True

    def _require_penalties(self) -> None:
        for name in ("weight_decay", "embedding_l2"):
            value = getattr(self, name)
            if not isinstance(value, float | int) or not 0 <= value < np.inf:
                raise CourseError(f"{name} must be a number, 0 or more, got {value!r}.")

    def _require(self, train: Table, valid: Table) -> None:
        """Refuse tables that do not fit; the network takes over the training rows' columns."""
        before = self.network.columns
        if before.same_codes(train.columns):
            # All other tables, and new rows later, must be standardised as these were.
            self.network.columns = train.columns
        try:
            for name, table in (("train", train), ("valid", valid)):
                self.network.require_fit(table, name)
                self.network.require_labels(table, name)
        except CourseError:
            self.network.columns = before
            raise

    def _epoch(self, batches: Any, data: tuple[Any, ...], history: History) -> None:
        """One pass over the batches, and what the history keeps of it."""
        if self.record_gradients:
            history.gramians.append(self._graph("_gramian", (batches[:1], *data)).numpy())
        summed, weights = self._graph("_one_epoch", (batches, *data))
        counts = tf.transpose(data[-1])[len(self.network.tasks) :]
        rows = np.array(self.network.loss_rows(counts)) > 0
        steps = rows[:, batches.numpy()].any(axis=2).sum(axis=1)  # with a row of the task
        losses = (summed / tf.maximum(tf.constant(steps, tf.float32), 1.0)).numpy()
        history.task_losses.append(losses)
        if isinstance(self.balancing, Weighting):
            weights = self.balancing.current()
            self.balancing.after_epoch(losses)
        history.weights.append(np.array(weights))

    def loss(self, table: Table) -> float:
        """The loss of the whole table: the sum of the tasks' mean losses.

        Raises:
            CourseError: if the table lacks a task or does not fit the network.
        """
        self.network.require_fit(table, "given")
        self.network.require_labels(table, "given")
        return float(tf.reduce_sum(self._graph("_losses", self._tensors(table))))

    @property
    def _weights(self) -> list[Any]:
        """What the optimizer moves: the network's weights, and a weighting's, if it learns."""
        learned = getattr(self.balancing, "trainable_variables", [])
        return [*self.network.trainable_variables, *learned]

    def _start(self, seed: int, learning_rate: float) -> None:
        self.network.set_weights(self._fresh_weights(seed))
        self.balancing.reset(len(self.network.tasks), seed)
        for variable in self.optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        self.optimizer.learning_rate.assign(learning_rate)
        self.optimizer.decays = self.weight_decay > 0
        self.optimizer.decay.assign(self.weight_decay)
        self._l2.assign(self.embedding_l2)
        self.network.drop.reset(seed)

    def _fresh_weights(self, seed: int) -> list[np.ndarray]:
        """The weights of a new network, without touching anyone else's random numbers.

        Keras seeds its initialisers from Python's generator. ``keras.utils.set_random_seed``
        would also make TensorFlow forget its graphs, and five seeds would cost four.
        """
        before = random.getstate()
        random.seed(seed)
        try:
            fresh = self.build()
        finally:
            random.setstate(before)
        if fresh is self.network:
            raise CourseError(
                "build gave the same network twice, which is trained already: write "
                "lambda: MMoE(columns, tasks), so that each call makes a new one."
            )
        return fresh.get_weights()

    def _tensors(self, table: Table) -> tuple[Any, ...]:
        """Codes, numbers, scenario; then ``[n, 2K]``: labels, and 1 where the row counts."""
        kinds = (tf.int32, tf.float32, tf.int32)
        inputs = [tf.constant(x, kind) for x, kind in zip(table.inputs, kinds, strict=True)]
        tasks = self.network.tasks
        targets = [table.labels[task] for task in tasks] + [table.mask(task) for task in tasks]
        return (*inputs, tf.constant(np.stack(targets, 1), tf.float32))

    def _graph(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Run one of the methods below as a graph, traced once for any number of rows.

        A table that is smaller than a batch is a batch of its own size, and a graph of its own.
        So is training with a setting that is 0, and with one that is not.
        """
        key = name, *arguments[0].shape[1:]
        if name == "_one_epoch":
            settings = self.weight_decay, self.embedding_l2, self.network.dropout
            key += tuple(setting > 0 for setting in settings)
        if key not in self._graphs:
            anything_long = [tf.TensorSpec((None, *x.shape[1:]), x.dtype) for x in arguments]
            is_loop = name == "_one_epoch"
            traced = tf.function(getattr(self, name), jit_compile=False, autograph=is_loop)
            self._graphs[key] = traced.get_concrete_function(*anything_long)
        return self._graphs[key](*arguments)

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
            ``[K]`` each: sum of the losses over the steps; an aggregator's mean weights.
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
        return losses, weights / steps

    def _step(self, *batch: Any) -> tuple[Any, Any]:
        if isinstance(self.balancing, Aggregator):
            return self._aggregated_step(self.balancing, *batch)
        losses = self._weighted_step(self.balancing, *batch)
        return losses, tf.zeros_like(losses)

    def _weighted_step(self, weighting: Weighting, *batch: Any) -> Any:
        draw = tf.identity(self.network.drop.draw)
        with tf.GradientTape(persistent=True) as tape:
            losses = self._losses(*batch, training=True)
            each, total = tf.unstack(losses), weighting.total(losses)

        def norms() -> Any:
            matrix, shared = last_shared_matrix(self.network)
            return tf.stack([tf.norm(task_gradient(tape, k, [matrix])[0] * shared) for k in each])

        def again() -> Any:
            # The same units are left out, and moving averages do not move a second time.
            before = [tf.identity(one) for one in self.network.non_trainable_variables]
            self.network.drop.draw.assign(draw)
            losses = self._losses(*batch, training=True)
            for one, value in zip(self.network.non_trainable_variables, before, strict=True):
                one.assign(value)
            return losses

        self._apply(task_gradient(tape, total, self._weights), batch)
        weighting.after_step(losses, norms, again)
        return losses

    def _aggregated_step(self, aggregator: Aggregator, *batch: Any) -> tuple[Any, Any]:
        if self._on_representation:
            return self._represented_step(aggregator, *batch)
        losses, per_task = self._per_task(*batch, training=True)
        gram = gramian(len(per_task), on_shared(self._shared, per_task))
        weights = self._weights_of(aggregator, gram)
        pairs = zip(self._shared, zip(*per_task, strict=True), strict=True)
        self._apply([combined(shared, weights, gradients) for shared, gradients in pairs], batch)
        return losses, weights

    def _represented_step(self, aggregator: Aggregator, *batch: Any) -> tuple[Any, Any]:
        """As above, by the gradients of what the tasks read.

        Every task reads a copy of its own, so one backward pass of the sum of all losses gives
        each task's gradient on its copy, and one through the shared layers all the rest.
        """
        n_tasks = len(self.network.tasks)
        with tf.GradientTape(persistent=True) as tape:
            with self.network.copies_at_cut(
                lambda read: [tf.stack([one] * n_tasks) for one in read]
            ) as cuts:
                losses = self._losses(*batch, training=True)
            total = tf.reduce_sum(losses)
        ((read, copies),) = cuts
        variables = self.network.trainable_variables
        is_shared = [bool(shared.all()) for shared in self._shared]
        private = [one for one, shared in zip(variables, is_shared, strict=True) if not shared]
        found = task_gradient(tape, total, [*copies, *private])
        of_copies, of_private = found[: len(copies)], iter(found[len(copies) :])
        gram = gramian(n_tasks, of_copies)
        weights = self._weights_of(aggregator, gram)
        wanted = [tf.tensordot(weights, one, 1) for one in of_copies]
        of_shared = iter(
            tape.gradient(
                read,
                [one for one, shared in zip(variables, is_shared, strict=True) if shared],
                output_gradients=wanted,
                unconnected_gradients=tf.UnconnectedGradients.ZERO,
            )
        )
        gradients = [next(of_shared if shared else of_private) for shared in is_shared]
        self._apply([tf.convert_to_tensor(one) for one in gradients], batch)
        return losses, weights

    def _weights_of(self, aggregator: Aggregator, gram: Any) -> Any:
        """``[K]`` from the Gramian, in NumPy."""

        def weights_of(known: np.ndarray) -> np.ndarray:
            # Where training has diverged, the loss of the epoch says so.
            finite = np.isfinite(known).all()
            return np.asarray(aggregator.weights(known) if finite else known[0], np.float64)

        weights = tf.numpy_function(weights_of, [gram], tf.float64)
        return tf.ensure_shape(tf.cast(weights, tf.float32), (len(self.network.tasks),))

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
        return gramian(len(per_task), on_shared(self._shared, per_task))

    def _apply(self, gradients: list[Any], batch: Sequence[Any]) -> None:
        if self.embedding_l2 > 0:
            held = self._l2 * looked_up(self.network.columns, batch[0])[:, None]
            gradients = [
                gradient + held * weight if weight.name == "table" else gradient
                for gradient, weight in zip(gradients, self._weights, strict=True)
            ]
        self.optimizer.apply_gradients(zip(gradients, self._weights, strict=True))


def require_whole(name: str, value: Any, least: int) -> None:
    """Refuse what is not a whole number of at least ``least``, in one sentence."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise CourseError(f"{name} must be a whole number, {least} or more, got {value!r}.")
