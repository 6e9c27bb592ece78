"""MMoE: shared experts, and for each task a gate that mixes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.columns import Columns
from course_utils.layers import Embed, ParallelDense, ParallelMLP, Towers, mix
from course_utils.models.network import Network, Part


class MMoE(Network):
    """y_k = sigmoid(h_k(sum_i g_k(x)_i f_i(x))), with g_k(x) = softmax(W_k x).

    n experts f_i, shared by all tasks; a gate g_k and a tower h_k for each task. All gates are
    dense, so every task's gradient reaches every expert. Experts may specialise; nothing forces
    them to.

    Paper: Ma et al., Modeling Task Relationships in Multi-task Learning with Multi-gate
    Mixture-of-Experts, KDD 2018, https://doi.org/10.1145/3219819.3220007

    Proof: tests/test_network_formulas.py::test_mmoe

    Args:
        experts: n.
        expert: widths of each expert's layers.
        tower: widths of each tower's layers, before its sigmoid.
        embedding_dim: E, the length of an embedding.
        dropout: after each ReLU of trunk, experts and towers.
    """

    def __init__(
        self,
        columns: Columns,
        tasks: Sequence[str],
        experts: int = 4,
        expert: Sequence[int] = (64, 32),
        tower: Sequence[int] = (16,),
        embedding_dim: int = 8,
        dropout: float = 0.0,
    ) -> None:
        super().__init__(
            columns,
            tasks,
            experts=experts,
            expert=expert,
            tower=tower,
            embedding_dim=embedding_dim,
            dropout=dropout,
        )
        self.embed = Embed(columns, embedding_dim)
        self.experts = ParallelMLP(experts, expert, self.drop)
        self.gates = ParallelDense(len(self.tasks), experts, "softmax", bias=False)
        self.towers = Towers(tasks, tower, self.drop)
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, _ = inputs
        x = self.embed(codes, numbers)  # [B, d]
        x, experts = self.cut(x, self.experts(x))  # [n, B, h]
        gates = self.gates(x)  # [K, B, n]
        return self.towers(mix(gates, experts))  # [K, B, h] -> {task: [B]}

    def shared(self) -> list[Part]:
        return [self.embed, self.experts]

    def last_shared(self) -> Part:
        return self.experts.layers[-1]
