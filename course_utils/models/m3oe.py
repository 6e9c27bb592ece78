"""M3oE: experts for all, for each scenario and for each task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.backend import keras
from course_utils.columns import Columns
from course_utils.layers import Embed, ParallelDense, ParallelMLP, StarDense, mix, own
from course_utils.models.network import Network, Part, require_scenarios

ops = keras.ops


class M3oE(Network):
    """y_pk = sigmoid(tower_pk(S + a_d D + a_t T)), for a row of scenario p and task k.

    f(x) = relu(LayerNorm(W x + b)) is every expert and every tower's hidden layer, each with
    weights and norm of its own; h = f(star_p(x)) + f(x), where star_p has STAR's weights. The
    three modules:

    - S = sum_i g_pk(sg(h))_i f_i(h): shared experts, a softmax gate for each scenario and task
    - D = b_d f_p(h) + (1 - b_d) mean of the other scenarios' experts
    - T = b_t f_k(h) + (1 - b_t) mean of the other tasks' experts

    a_d, a_t, b_d, b_t = sigmoid of one number each, 1/2 at the start. The paper learns these
    four by turns with the weights; here they learn along with them. Its equation 7 prints a_d
    and a_t exchanged. sg (a gate does not train h), the gates' biases and where LayerNorm
    stands are those of the authors' code, github.com/Applied-Machine-Learning-Lab/M3oE; W_p
    starts at 1 as in ``StarDense``, there it is drawn like W.

    Paper: Zhang et al., M3oE: Multi-Domain Multi-Task Mixture-of Experts Recommendation
    Framework, SIGIR 2024, https://arxiv.org/abs/2404.18465

    Proof: tests/test_network_formulas.py::test_m3oe

    Args:
        shared: how many shared experts.
        width: of h and of every expert.
        tower: widths of each tower's layers, before its sigmoid.
        embedding_dim: E, the length of an embedding.
        dropout: after each ReLU of trunk, experts and towers.

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
        dropout: float = 0.0,
    ) -> None:
        super().__init__(
            columns,
            tasks,
            shared=shared,
            width=width,
            tower=tower,
            embedding_dim=embedding_dim,
            dropout=dropout,
        )
        self.s, self.k, self.n = require_scenarios(self), len(self.tasks), shared
        self.embed = Embed(columns, embedding_dim)
        self.star = StarDense(self.s, width)
        self.after_star, self.beside = (
            ParallelMLP(1, (width,), self.drop, norm=True) for _ in range(2)
        )
        # One contraction: the shared experts, then one for each scenario, then each task.
        self.experts = ParallelMLP(shared + self.s + self.k, (width,), self.drop, norm=True)
        self.gates = ParallelDense(self.s * self.k, shared, "softmax")
        self.towers = ParallelMLP(self.s * self.k, tower, self.drop, norm=True)
        self.last = ParallelDense(self.s * self.k, 1, "sigmoid")
        self.fusion = self.add_weight((4,), "zeros", name="fusion")
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, scenario = inputs
        x = self.embed(codes, numbers)  # [B, d]
        h = (self.after_star(self.star(x, scenario)) + self.beside(x))[0]
        shared, of_scenario, of_task = ops.split(self.experts(h), [self.n, self.n + self.s])
        a_d, a_t, b_d, b_t = ops.unstack(ops.sigmoid(self.fusion))

        mine = own(of_scenario, scenario)
        d = b_d * mine + (1.0 - b_d) * (ops.sum(of_scenario, axis=0) - mine) / (self.s - 1)
        # A single task has no others: their mean is 0.
        others = (ops.sum(of_task, axis=0) - of_task) / max(self.k - 1, 1)
        t = b_t * of_task + (1.0 - b_t) * others  # [K, B, h]
        tasks = ops.tile(a_d * d + a_t * t, (self.s, 1, 1))  # [S * K, B, h]
        fused = mix(self.gates(ops.stop_gradient(h)), shared) + tasks
        chances = self.last(self.towers(fused))  # [S * K, B, 1]
        return {
            task: own(chances[k :: self.k], scenario)[:, 0] for k, task in enumerate(self.tasks)
        }

    def shared(self) -> list[Part]:
        before = [self.embed, self.star, self.after_star, self.beside]
        return [*before, self.experts, self.fusion]

    def last_shared(self) -> Part:
        return self.experts.layers[-1]
