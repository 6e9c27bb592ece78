"""Single-task networks: the twins that every multi-task network must beat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.columns import Columns
from course_utils.layers import Embed, ParallelMLP, Towers
from course_utils.models.network import Network, Part


class SingleTask(Network):
    """y_k = sigmoid(h_k(f_k(e_k(x)))): every task has embeddings, trunk and tower of its own.

    K separate networks in one object: no weight is shared, so no task can help or hurt
    another. That is the baseline of the field's *MTL gain* (PLE, RecSys 2020, equation 11),
    at K times the weights. To tune each task alone, make one network a task.

    Proof: tests/test_network_formulas.py::test_single_task
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
        self.parts = {
            task: (
                Embed(columns, embedding_dim),
                ParallelMLP(1, trunk, self.drop),
                Towers([task], tower, self.drop),
            )
            for task in self.tasks
        }
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, _ = inputs
        chances: dict[str, Any] = {}
        for embed, trunk, tower in self.parts.values():
            chances |= tower(trunk(embed(codes, numbers)))
        return chances

    def shared(self) -> list[Part]:
        return []
