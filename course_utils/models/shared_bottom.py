"""Shared-Bottom: one body for all tasks, one small tower for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.columns import Columns
from course_utils.layers import Embed, ParallelMLP, Towers
from course_utils.models.network import Network, Part


class SharedBottom(Network):
    """y_k = sigmoid(h_k(f(e(x)))), with one f for all tasks k.

    e = embeddings, then numbers; f = the trunk, an MLP; h_k = the tower of task k, a smaller
    MLP. With one task it is the single-task twin.

    Paper: Caruana, Multitask Learning, Machine Learning 28, 1997,
    https://doi.org/10.1023/A:1007379606734

    Proof: tests/test_network_formulas.py::test_shared_bottom

    Args:
        trunk: widths of the shared layers.
        tower: widths of each task's own layers, before its sigmoid.
        embedding_dim: E, the length of an embedding.
        dropout: after each ReLU of trunk, experts and towers.
    """

    def __init__(
        self,
        columns: Columns,
        tasks: Sequence[str],
        trunk: Sequence[int] = (64, 32),
        tower: Sequence[int] = (16,),
        embedding_dim: int = 8,
        dropout: float = 0.0,
    ) -> None:
        super().__init__(
            columns,
            tasks,
            trunk=trunk,
            tower=tower,
            embedding_dim=embedding_dim,
            dropout=dropout,
        )
        self.embed = Embed(columns, embedding_dim)
        self.trunk = ParallelMLP(1, trunk, self.drop)
        self.towers = Towers(tasks, tower, self.drop)
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, _ = inputs
        x = self.embed(codes, numbers)  # [B, d]
        (shared,) = self.cut(self.trunk(x)[0])  # [B, h], the same for all towers
        return self.towers(shared if len(shared.shape) == 3 else shared[None])  # {task: [B]}

    def shared(self) -> list[Part]:
        return [self.embed, self.trunk]

    def last_shared(self) -> Part:
        return (self.trunk.layers or [self.embed])[-1]
