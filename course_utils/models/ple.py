"""CGC and PLE: some experts for each task alone, some for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from course_utils.backend import keras
from course_utils.columns import Columns
from course_utils.layers import Container, Dropout, Embed, ParallelDense, ParallelMLP, Towers, mix
from course_utils.models.network import Network, Part

ops = keras.ops

SHARED = "(shared)"


class Extraction(Container):
    """One level: out_k = g_k(in_k) [experts of k, shared experts], g = softmax of a linear map.

    The shared gate, which the last level lacks, mixes all experts of the level.
    Input and output: ``{part: [B, h]}``, a part being a task or ``SHARED``.
    """

    def __init__(
        self,
        tasks: Sequence[str],
        own: int,
        shared: int,
        expert: Sequence[int],
        last: bool,
        drop: Dropout,
    ) -> None:
        super().__init__()
        counts = {**dict.fromkeys(tasks, own), SHARED: shared}
        self.experts = {part: ParallelMLP(n, expert, drop) for part, n in counts.items()}
        seen = {part: own + shared for part in tasks}
        if not last:
            seen[SHARED] = len(tasks) * own + shared
        self.gates = {part: ParallelDense(1, n, "softmax", bias=False) for part, n in seen.items()}

    def call(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        made = {part: experts(inputs[part]) for part, experts in self.experts.items()}
        outputs = {}
        for part, gate in self.gates.items():
            chosen = made if part == SHARED else {part: made[part], SHARED: made[SHARED]}
            seen = ops.concatenate(list(chosen.values()))  # [experts, B, h]
            outputs[part] = mix(gate(inputs[part]), seen)[0]
        return outputs


class PLE(Network):
    """y_k = sigmoid(h_k(g_k,N)), g_k,j = softmax(W_kj g_k,j-1) [experts of k, shared], g_k,0 = x.

    N levels of ``Extraction``. On level j, experts and gate of task k read g_k,j-1, those of
    the shared part g_s,j-1. One level is CGC, where no task's gradient reaches another
    task's experts; with more levels it does, through the shared gate of the level below.

    Paper: Tang et al., Progressive Layered Extraction (PLE): A Novel Multi-Task Learning Model
    for Personalized Recommendations, RecSys 2020, https://doi.org/10.1145/3383313.3412236

    Proof: tests/test_network_formulas.py::test_ple

    Args:
        levels: N.
        own: experts of each task, on each level.
        shared: experts for all.
        expert: widths of each expert's layers.
        tower: widths of each tower's layers, before its sigmoid.
        embedding_dim: E, the length of an embedding.
        dropout: after each ReLU of trunk, experts and towers.
    """

    def __init__(
        self,
        columns: Columns,
        tasks: Sequence[str],
        levels: int = 2,
        own: int = 2,
        shared: int = 2,
        expert: Sequence[int] = (32,),
        tower: Sequence[int] = (16,),
        embedding_dim: int = 8,
        dropout: float = 0.0,
    ) -> None:
        super().__init__(
            columns,
            tasks,
            levels=levels,
            own=own,
            shared=shared,
            expert=expert,
            tower=tower,
            embedding_dim=embedding_dim,
            dropout=dropout,
        )
        self.embed = Embed(columns, embedding_dim)
        self.levels = [
            Extraction(self.tasks, own, shared, expert, level == levels - 1, self.drop)
            for level in range(levels)
        ]
        self.towers = Towers(tasks, tower, self.drop)
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, _ = inputs
        x = self.embed(codes, numbers)  # [B, d]
        parts = dict.fromkeys((*self.tasks, SHARED), x)
        for level in self.levels:
            parts = level(parts)  # {part: [B, h]}
        return self.towers(ops.stack([parts[task] for task in self.tasks]))

    def shared(self) -> list[Part]:
        # A shared gate hands the experts of its level on to all tasks, and with them the tasks'
        # own gates of the level below.
        *_, last = self.levels
        experts = [e for level in self.levels[:-1] for e in level.experts.values()]
        gates = [g for level in self.levels[:-2] for g in level.gates.values()]
        gates += [level.gates[SHARED] for level in self.levels[-2:-1]]
        return [self.embed, *experts, *gates, last.experts[SHARED]]

    def last_shared(self) -> Part:
        return self.levels[-1].experts[SHARED].layers[-1]
