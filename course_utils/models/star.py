"""STAR: one network whose weights each scenario adapts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.backend import keras
from course_utils.columns import Columns
from course_utils.layers import Embed, PartitionedNorm, StarDense
from course_utils.models.network import Network, require_scenarios

ops = keras.ops


class STAR(Network):
    """y = sigmoid(star(norm_p(e(x))) + aux([e_p, e(x)])), for a row of scenario p.

    star: layers with weights W_p * W and biases b_p + b (``StarDense``). norm_p: statistics,
    scale and shift of the scenario (``PartitionedNorm``). aux: a small network that sees the
    scenario's embedding e_p; the logits are added.

    The paper has one task; here the last layers have one output for each. Sources differ on
    what else aux reads; here the whole row. W_p starts at 1, which the paper does not say.

    Paper: Sheng et al., One Model to Serve All: Star Topology Adaptive Recommender for
    Multi-Domain CTR Prediction, CIKM 2021, https://arxiv.org/abs/2101.11427

    Proof: tests/test_network_formulas.py::test_star

    Args:
        trunk: widths of the star layers before the last.
        aux: width of the auxiliary network's hidden layer.
        embedding_dim: E, the length of an embedding.

    Raises:
        CourseError: if the columns have fewer than two scenarios.
    """

    def __init__(
        self,
        columns: Columns,
        tasks: Sequence[str],
        trunk: Sequence[int] = (64, 32),
        aux: int = 16,
        embedding_dim: int = 8,
    ) -> None:
        super().__init__(columns, tasks, trunk=trunk, aux=aux, embedding_dim=embedding_dim)
        s = require_scenarios(self)
        self.embed = Embed(columns, embedding_dim)
        self.norm = PartitionedNorm(s)
        self.trunk = [StarDense(s, units, "relu") for units in trunk]
        self.last = StarDense(s, len(self.tasks))
        self.scenario = keras.layers.Embedding(s, embedding_dim)
        self.aux = [keras.layers.Dense(aux, "relu"), keras.layers.Dense(len(self.tasks))]
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, scenario = inputs
        x = self.embed(codes, numbers)  # [B, d]
        h = self.norm(x, scenario, training=training)
        for layer in self.trunk:
            h = layer(h, scenario)
        side = ops.concatenate([self.scenario(scenario), x], axis=1)
        for layer in self.aux:
            side = layer(side)
        chances = ops.sigmoid(self.last(h, scenario) + side)  # [B, K]
        return {task: chances[:, k] for k, task in enumerate(self.tasks)}
