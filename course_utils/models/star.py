"""STAR: one network whose weights each scenario adapts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.backend import keras
from course_utils.columns import Columns
from course_utils.layers import Embed, PartitionedNorm, StarDense
from course_utils.models.network import Network, Part, require_scenarios

ops = keras.ops


class STAR(Network):
    """y = sigmoid(star(norm_p(e(x))) + aux([e_p, e(x)])), for a row of scenario p.

    star: layers with weights W_p * W and biases b_p + b (``StarDense``). norm_p: statistics,
    scale and shift of the scenario (``PartitionedNorm``). aux: a small network that sees the
    scenario's embedding e_p; the logits are added.

    The paper has one task; here star layers of a task's own follow those for all, and aux has
    an output for each. Sources differ on what else aux reads; here the whole row. W_p starts at
    1, which the paper does not say. Its batches hold one scenario each; here a batch mixes
    them, so that norm_p reads a small one from few rows: 5 % of 256 are 13.

    Paper: Sheng et al., One Model to Serve All: Star Topology Adaptive Recommender for
    Multi-Domain CTR Prediction, CIKM 2021, https://arxiv.org/abs/2101.11427

    Proof: tests/test_network_formulas.py::test_star

    Args:
        trunk: widths of the star layers that tasks share.
        tower: widths of each task's own star layers, before its logit.
        aux: width of the auxiliary network's hidden layer.
        embedding_dim: E, the length of an embedding.
        dropout: after each ReLU of trunk, experts and towers.

    Raises:
        CourseError: if the columns have fewer than two scenarios.
    """

    def __init__(
        self,
        columns: Columns,
        tasks: Sequence[str],
        trunk: Sequence[int] = (64, 32),
        tower: Sequence[int] = (16,),
        aux: int = 16,
        embedding_dim: int = 8,
        dropout: float = 0.0,
    ) -> None:
        super().__init__(
            columns,
            tasks,
            trunk=trunk,
            tower=tower,
            aux=aux,
            embedding_dim=embedding_dim,
            dropout=dropout,
        )
        s = require_scenarios(self)
        self.embed = Embed(columns, embedding_dim)
        self.norm = PartitionedNorm(s)
        self.trunk = [StarDense(s, units, "relu") for units in trunk]
        self.towers = {
            task: [*(StarDense(s, units, "relu") for units in tower), StarDense(s, 1)]
            for task in self.tasks
        }
        self.scenario = keras.layers.Embedding(s, embedding_dim)
        self.aux = [keras.layers.Dense(aux, "relu"), keras.layers.Dense(len(self.tasks))]
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, scenario = inputs
        x = self.embed(codes, numbers)  # [B, d]
        h = self.norm(x, scenario, training=training)
        for layer in self.trunk:
            h = self.drop(layer(h, scenario), training)
        side = ops.concatenate([self.scenario(scenario), x], axis=1)
        side = self.aux[1](self.drop(self.aux[0](side), training))  # [B, K]
        chances = {}
        for k, (task, (*tower, last)) in enumerate(self.towers.items()):
            own = h
            for layer in tower:
                own = self.drop(layer(own, scenario), training)
            chances[task] = ops.sigmoid(last(own, scenario)[:, 0] + side[:, k])
        return chances

    def shared(self) -> list[Part]:
        return [self.embed, self.norm, *self.trunk, self.scenario, self.aux[0]]

    def last_shared(self) -> Part:
        return (self.trunk or [self.embed])[-1]
