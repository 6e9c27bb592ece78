"""M2M: layers whose weights are made from the scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.backend import keras
from course_utils.columns import Columns
from course_utils.layers import Embed, MetaUnit, ParallelDense, ParallelMLP
from course_utils.models.network import Network, Part, require_columns, require_scenarios

ops = keras.ops


class M2M(Network):
    """R_k = sum_i a_ki E_i, a_k = softmax_i(v leaky(Meta([E_i, T_k]))); L <- leaky(Meta(L) + L).

    E_i: experts of the row. T_k: a vector for each task. Meta: a layer with weights made from
    the scenario's knowledge s = relu(W [e_p, user]) (``MetaUnit``), linear: its activation stands
    outside. R_k passes ``depth`` residual meta layers, the first L being R_k, and a dense layer
    with a sigmoid.

    The paper models sequences with a transformer and predicts amounts by a Poisson loss; here
    a row is a table's row, and the last layer and loss are those of the other networks. Here
    all tasks share Meta, and T_k is a free vector; the paper has Meta_k and an MLP of one.

    Paper: Zhang et al., Leaving No One Behind: A Multi-Scenario Multi-Task Meta Learning
    Approach for Advertiser Modeling, WSDM 2022, https://arxiv.org/abs/2201.06814

    Proof: tests/test_network_formulas.py::test_m2m

    Args:
        user: columns whose embeddings are part of the scenario's knowledge; the paper takes
            the advertiser's.
        experts: how many.
        width: of experts and task vectors; the attention makes (2 * width)^2 weights a row.
        depth: residual meta layers.
        embedding_dim: E, the length of an embedding.
        dropout: after each ReLU of the experts.

    Raises:
        CourseError: if the columns have fewer than two scenarios, or lack a column of ``user``.
    """

    def __init__(
        self,
        columns: Columns,
        tasks: Sequence[str],
        user: Sequence[str],
        experts: int = 4,
        width: int = 16,
        depth: int = 1,
        embedding_dim: int = 8,
        dropout: float = 0.0,
    ) -> None:
        super().__init__(
            columns,
            tasks,
            user=user,
            experts=experts,
            width=width,
            depth=depth,
            embedding_dim=embedding_dim,
            dropout=dropout,
        )
        s = require_scenarios(self)
        self.user = require_columns(self, user)
        self.embed = Embed(columns, embedding_dim)
        self.scenario = keras.layers.Embedding(s, embedding_dim)
        self.knowledge = keras.layers.Dense(width, "relu")
        self.experts = ParallelMLP(experts, (width,), self.drop)
        self.task_views = keras.layers.Embedding(len(self.tasks), width)
        self.attention, self.score = MetaUnit(2 * width), keras.layers.Dense(1, use_bias=False)
        self.residual = [MetaUnit(width) for _ in range(depth)]
        self.last = ParallelDense(len(self.tasks), 1, "sigmoid")
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, scenario = inputs
        x = self.embed(codes, numbers)  # [B, d]
        about = [self.scenario(scenario), self.embed.part(x, self.user)]
        s = self.knowledge(ops.concatenate(about, axis=1))
        experts = self.experts(x)[None]  # [1, n, B, h]
        tasks = self.task_views(ops.arange(len(self.tasks)))[:, None, None]  # [K, 1, 1, h]
        zero = ops.zeros_like(tasks[..., :1]) * experts[..., :1]  # [K, n, B, 1]
        pairs = ops.concatenate([zero + experts, zero + tasks], axis=-1)  # [K, n, B, 2h]
        scores = self.score(ops.leaky_relu(self.attention(pairs, s)))
        h = ops.sum(ops.softmax(scores, axis=1) * experts, axis=1)  # [K, B, h]
        for meta in self.residual:
            h = ops.leaky_relu(meta(h, s) + h)
        chances = self.last(h)
        return {task: chances[k, :, 0] for k, task in enumerate(self.tasks)}

    def shared(self) -> list[Part]:
        about = [self.embed, self.scenario, self.knowledge, self.experts]
        return [*about, self.attention, self.score, *self.residual]

    def last_shared(self) -> Part:
        return self.residual[-1].to_kernel  # what makes the last matrix before the outputs
