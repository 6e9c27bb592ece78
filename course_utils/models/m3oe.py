"""M3oE: experts for all, for each scenario and for each task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.backend import keras
from course_utils.columns import Columns
from course_utils.layers import Embed, ParallelDense, ParallelMLP, StarDense, mix, own
from course_utils.models.network import Network, require_scenarios

ops = keras.ops


class M3oE(Network):
    """y_pk = sigmoid(tower_pk(S + a_d D + a_t T)), for a row of scenario p and task k.

    All experts are relu(LayerNorm(W h + b)) of h = W_c star_p(x) + b_c + f(x), where star_p
    has STAR's weights and f is an MLP. The three modules:

    - S = sum_i g_pk(h)_i f_i(h): shared experts, a softmax gate for each scenario and task
    - D = b_d f_p(h) + (1 - b_d) mean of the other scenarios' experts
    - T = b_t f_k(h) + (1 - b_t) mean of the other tasks' experts

    a_d, a_t, b_d, b_t = sigmoid of one number each, 1/2 at the start. The paper learns these
    four by turns with the weights; here they learn along with them, and one LayerNorm serves
    all experts. Its equation 7 prints a_d and a_t exchanged.

    Paper: Zhang et al., M3oE: Multi-Domain Multi-Task Mixture-of Experts Recommendation
    Framework, SIGIR 2024, https://arxiv.org/abs/2404.18465

    Proof: tests/test_network_formulas.py::test_m3oe

    Args:
        shared: how many shared experts.
        width: of h and of every expert.
        tower: widths of each tower's layers, before its sigmoid.
        embedding_dim: E, the length of an embedding.

    Raises:
        CourseError: if the columns have fewer than two scenarios.
    """

    def __init__(
        self,
        columns: Columns,
        tasks: Sequence[str],
        shared: int = 4,
        width: int = 32,
        tower: Sequence[int] = (16,),
        embedding_dim: int = 8,
    ) -> None:
        super().__init__(
            columns, tasks, shared=shared, width=width, tower=tower, embedding_dim=embedding_dim
        )
        self.s, self.k, self.shared = require_scenarios(self), len(self.tasks), shared
        self.embed = Embed(columns, embedding_dim)
        self.star, self.after_star = StarDense(self.s, width), keras.layers.Dense(width)
        self.beside = keras.layers.Dense(width, "relu")
        # One contraction: the shared experts, then one for each scenario, then each task.
        self.experts = ParallelDense(shared + self.s + self.k, width)
        self.norm = keras.layers.LayerNormalization()
        self.gates = ParallelDense(self.s * self.k, shared, "softmax", bias=False)
        self.towers = ParallelMLP(self.s * self.k, tower)
        self.last = ParallelDense(self.s * self.k, 1, "sigmoid")
        self.fusion = self.add_weight((4,), "zeros", name="fusion")
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, scenario = inputs
        x = self.embed(codes, numbers)  # [B, d]
        h = self.after_star(self.star(x, scenario)) + self.beside(x)
        experts = ops.relu(self.norm(self.experts(h)))
        shared, of_scenario, of_task = ops.split(experts, [self.shared, self.shared + self.s])
        a_d, a_t, b_d, b_t = ops.unstack(ops.sigmoid(self.fusion))

        mine = own(of_scenario, scenario)
        d = b_d * mine + (1.0 - b_d) * (ops.sum(of_scenario, axis=0) - mine) / (self.s - 1)
        # A single task has no others: their mean is 0.
        others = (ops.sum(of_task, axis=0) - of_task) / max(self.k - 1, 1)
        t = b_t * of_task + (1.0 - b_t) * others  # [K, B, h]
        tasks = ops.tile(a_d * d + a_t * t, (self.s, 1, 1))  # [S * K, B, h]
        fused = mix(self.gates(h), shared) + tasks
        chances = self.last(self.towers(fused))  # [S * K, B, 1]
        return {
            task: own(chances[k :: self.k], scenario)[:, 0] for k, task in enumerate(self.tasks)
        }
