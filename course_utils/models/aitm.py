"""AITM: what happened before, handed on from task to task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.backend import keras
from course_utils.columns import Columns
from course_utils.errors import CourseError
from course_utils.layers import Container, Embed, ParallelMLP
from course_utils.models.losses import EPSILON, log_losses, masked_mean
from course_utils.models.network import Network, Part

ops = keras.ops


class Transfer(Container):
    """z = sum_u w_u h1(u) over u in {p, q}, w = softmax_u(<h2(u), h3(u)> / sqrt(k)).

    The paper's AIT module; each step has its own.
    Input: what is handed on, p ``[B, k]``, and the task's own q ``[B, k]``. Output: ``[B, k]``.
    Each of the two scores itself; h1, h2, h3 are linear, without bias.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.scale = width**-0.5
        self.h1, self.h2, self.h3 = (keras.layers.Dense(width, use_bias=False) for _ in range(3))

    def call(self, p: Any, q: Any) -> Any:
        both = ops.stack([p, q], axis=1)  # [B, 2, k]
        scores = ops.sum(self.h2(both) * self.h3(both), axis=2) * self.scale
        return ops.sum(ops.softmax(scores)[:, :, None] * self.h1(both), axis=1)


class AITM(Network):
    """y_t = sigmoid(w z_t), z_1 = q_1, z_t = Transfer(relu(W z_t-1), q_t), q_t = tower_t(e(x)).

    y_t is the chance that a row gets as far as step t: click, click and purchase, ...
    L = sum_t logloss(y_t) + alpha sum_t mean(max(y_t - y_t-1, 0)), over all impressions; the
    second sum, the calibrator, is a penalty on a step likelier than the one before.

    Output: as other networks, p(step t | step t - 1) = y_t / y_t-1, at inference at most 1.

    Paper: Xi et al., Modeling the Sequential Dependence among Audience Multi-step Conversions
    with Multi-task Learning in Targeted Display Advertising, KDD 2021,
    https://arxiv.org/abs/2105.08489; alpha 0.6 in the authors' code.

    Proof: tests/test_network_formulas.py::test_aitm

    Args:
        tasks: in their order, each needing the one before.
        tower: widths of q_t's layers; the last one is k.
        alpha: weight of the calibrator.
        embedding_dim: E, the length of an embedding.
        dropout: after each ReLU of trunk, experts and towers.

    Raises:
        CourseError: if there are fewer than two tasks.
    """

    chained = True

    def __init__(
        self,
        columns: Columns,
        tasks: Sequence[str],
        tower: Sequence[int] = (64, 32),
        alpha: float = 0.6,
        embedding_dim: int = 8,
        dropout: float = 0.0,
    ) -> None:
        super().__init__(
            columns,
            tasks,
            tower=tower,
            alpha=float(alpha),
            embedding_dim=embedding_dim,
            dropout=dropout,
        )
        if not tower:
            raise CourseError("AITM's tower needs one layer or more, got none.")
        if len(self.tasks) < 2:
            raise CourseError(f"AITM needs two tasks or more, in their order, got {tasks}.")
        self.alpha = alpha
        self.embed = Embed(columns, embedding_dim)
        self.towers = ParallelMLP(len(self.tasks), tower, self.drop)
        later = range(len(self.tasks) - 1)
        self.handed_on = [keras.layers.Dense(tower[-1], "relu") for _ in later]
        self.transfers = [Transfer(tower[-1]) for _ in later]
        self.heads = [keras.layers.Dense(1, "sigmoid") for _ in self.tasks]
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, _ = inputs
        q = self.towers(self.embed(codes, numbers))  # [K, B, k]
        z = q[0]
        so_far = self.heads[0](z)[:, 0]
        chances = {self.tasks[0]: so_far}
        for t, task in enumerate(self.tasks[1:], 1):
            z = self.transfers[t - 1](self.handed_on[t - 1](z), q[t])
            this = self.heads[t](z)[:, 0]
            chances[task] = this / ops.maximum(so_far, EPSILON)
            if not training:
                chances[task] = ops.minimum(chances[task], 1.0)
            so_far = this
        return chances

    def shared(self) -> list[Part]:
        # A step's loss reads the towers so far; the calibrator also the head one step before.
        first = range(len(self.tasks) - 1)
        handed_on = [*self.handed_on[:-1], *self.transfers[:-1]]
        heads = self.heads[:-1] if self.alpha else []
        return [self.embed, (self.towers, list(first)), *handed_on, *heads]

    def last_shared(self) -> Part:
        return self.towers.layers[-1], [0]

    def loss_rows(self, counts: Any) -> Any:
        return ops.broadcast_to(counts[:1], ops.shape(counts))

    def task_losses(self, predicted: dict[str, Any], labels: Any, counts: Any) -> Any:
        steps = [predicted[self.tasks[0]]]
        for task in self.tasks[1:]:
            steps.append(steps[-1] * predicted[task])
        y = ops.stack(steps)  # [K, B], the y_t above
        losses = log_losses(ops.cumprod(labels, axis=0), y)
        above = ops.maximum(y[1:] - y[:-1], 0.0)
        above = ops.concatenate([ops.zeros_like(y[:1]), above])
        return masked_mean(losses + self.alpha * above, self.loss_rows(counts))
