"""HMoE: scenarios help each other by their scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.backend import keras
from course_utils.columns import Columns
from course_utils.layers import Embed, ParallelDense, ParallelMLP, mix, own
from course_utils.models.network import Network, Part, require_scenarios

ops = keras.ops


class HMoE(Network):
    """y = sigmoid(W_pp S_p + sum_j!=p W_pj sg(S_j)), for a row of scenario p.

    S_j = tower_j(sum_i g_j(x)_i f_i(x)), the logit that scenario j would give, from shared
    experts f_i and a gate g_j for each scenario. W_p = softmax(U_p x) over the scenarios. sg:
    a row borrows the other scenarios' scores, but does not train their towers and gates.

    The name is short for a hybrid of implicit and explicit mixture of experts: sharing in the
    feature space, and in the label space. Gates and W for each scenario and W's softmax are as
    in a later benchmark's code, MMLRec (github.com/alipay), which mixes the towers' last hidden
    layers; to mix logits, and not probabilities, is our reading. The paper has one task; here a
    tower has an output for each, with one W.

    Paper: Li et al., Improving Multi-Scenario Learning to Rank in E-commerce by Exploiting Task
    Relationships in the Label Space, CIKM 2020, https://doi.org/10.1145/3340531.3412713

    Proof: tests/test_network_formulas.py::test_hmoe

    Args:
        experts: how many.
        expert: widths of each expert's layers.
        tower: widths of each tower's layers, before the logits.
        embedding_dim: E, the length of an embedding.
        dropout: after each ReLU of trunk, experts and towers.

    Raises:
        CourseError: if the columns have fewer than two scenarios.
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
        s = require_scenarios(self)
        self.embed = Embed(columns, embedding_dim)
        self.experts = ParallelMLP(experts, expert, self.drop)
        self.gates = ParallelDense(s, experts, "softmax", bias=False)
        self.towers = ParallelMLP(s, tower, self.drop)
        self.logits = ParallelDense(s, len(self.tasks))
        self.weights_of = ParallelDense(s, s, "softmax", bias=False)
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, scenario = inputs
        x = self.embed(codes, numbers)  # [B, d]
        features = mix(self.gates(x), self.experts(x))  # [S, B, h]
        scores = ops.transpose(self.logits(self.towers(features)), (1, 0, 2))  # [B, S, K]
        mine = ops.one_hot(scenario, scores.shape[1], dtype=scores.dtype)[:, :, None]
        scores = mine * scores + (1.0 - mine) * ops.stop_gradient(scores)
        weights = own(self.weights_of(x), scenario)[:, :, None]  # [B, S, 1]
        chances = ops.sigmoid(ops.sum(weights * scores, axis=1))  # [B, K]
        return {task: chances[:, k] for k, task in enumerate(self.tasks)}

    def shared(self) -> list[Part]:
        return [self.embed, self.experts, self.gates, self.towers, self.weights_of]

    def last_shared(self) -> Part:
        return (self.towers.layers or self.experts.layers)[-1]
