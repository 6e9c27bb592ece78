"""FM: products of every two columns' embeddings, and a linear head for each task and scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from course_utils.backend import keras
from course_utils.columns import Columns
from course_utils.layers import Embed, ParallelDense, ParallelMLP, own
from course_utils.models.network import Network, Part

ops = keras.ops


class FactorisationMachine(Network):
    """y_k = sigmoid(w_sk . f(z) + b_sk) for a row of scenario s, z = [e(x), <v_i, v_j> for i < j].

    e = embeddings, then numbers. v_i is the embedding of column i, or x_i times a vector of its
    own where column i is a number. f is an MLP on top of the products; without one, the default,
    every head is linear in columns and pairs. Embeddings are the same for all scenarios and tasks,
    and only how much each column and each pair counts is a scenario's and a task's own.

    Rendle's machine has one weight of 1 for all pairs and one head; a weight a pair is from
    field-weighted machines (Pan et al., WWW 2018, https://arxiv.org/abs/1806.03514). With an MLP it
    is the inner-product form of Qu et al., Product-based Neural Networks, ICDM 2016,
    https://arxiv.org/abs/1611.00144; DeepFM (Guo et al., IJCAI 2017,
    https://arxiv.org/abs/1703.04247) adds machine and MLP in place of stacking them.

    Paper: Rendle, Factorization Machines, ICDM 2010, https://doi.org/10.1109/ICDM.2010.127

    Proof: tests/test_network_formulas.py::test_factorisation_machine

    Args:
        trunk: widths of the layers of f.
        embedding_dim: E, the length of an embedding.
        dropout: after each ReLU of f.
    """

    def __init__(
        self,
        columns: Columns,
        tasks: Sequence[str],
        trunk: Sequence[int] = (),
        embedding_dim: int = 8,
        dropout: float = 0.0,
    ) -> None:
        super().__init__(columns, tasks, trunk=trunk, embedding_dim=embedding_dim, dropout=dropout)
        self.embed, self.dim = Embed(columns, embedding_dim), embedding_dim
        if columns.numbers:
            self.factors = self.add_weight(
                shape=(len(columns.numbers), embedding_dim),
                initializer=keras.initializers.RandomUniform(),
                name="factors",
            )
        self.trunk = ParallelMLP(1, trunk, self.drop)
        self.heads = ParallelDense(len(columns.scenarios), len(self.tasks))
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, scenario = inputs
        x = self.embed(codes, numbers)  # [B, d]
        z = ops.concatenate([x, self.products(x, numbers)], axis=1)
        logits = self.heads(self.trunk(z)[0])  # [S, B, K]
        chances = ops.sigmoid(own(logits, scenario))
        return {task: chances[:, k] for k, task in enumerate(self.tasks)}

    def products(self, x: Any, numbers: Any) -> Any:
        """``[B, F (F - 1) / 2]``: <v_i, v_j> of every two of the F columns and numbers."""
        coded, numeric = len(self.columns.sizes), len(self.columns.numbers)
        parts = []
        if coded:
            parts.append(ops.reshape(x[:, : coded * self.dim], (-1, coded, self.dim)))
        if numeric:
            parts.append(ops.convert_to_tensor(numbers)[:, :, None] * self.factors)
        vectors, n = ops.concatenate(parts, axis=1), coded + numeric
        every = ops.matmul(vectors, ops.transpose(vectors, (0, 2, 1)))  # [B, F, F]
        first, second = np.triu_indices(n, 1)
        return ops.take(ops.reshape(every, (-1, n * n)), first * n + second, axis=1)

    def shared(self) -> list[Part]:
        factors = [self.factors] if self.columns.numbers else []
        return [self.embed, *factors, self.trunk]

    def last_shared(self) -> Part:
        return (self.trunk.layers or [self.embed])[-1]
