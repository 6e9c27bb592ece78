"""PEPNet: gates that make embeddings the scenario's, and towers the person's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.backend import keras
from course_utils.columns import Columns
from course_utils.layers import Embed, GateNU, ParallelDense
from course_utils.models.network import Network, Part, require_columns, require_scenarios

ops = keras.ops


class PEPNet(Network):
    """O = d_p * e(x), and in each tower H_l+1 = relu((d_l * H_l) W_l + b_l), H_1 = O.

    EPNet: d_p = GateNU([e_p, sg(e(x))]), a gate from the scenario's embedding e_p.
    PPNet: d_l = GateNU_l([prior, sg(O)]), a gate for each task and tower layer, from the
    embeddings of the ``prior`` columns. sg: no gradient into e(x) and O; e_p and the prior
    embeddings learn through the gates. The last layer has a sigmoid, and a gated input too.

    A gate multiplies the input of a layer, as the equations say; some code gates outputs. The
    paper does not say whether O is gated again before the first layer; here it is. The paper
    adds statistics of the scenario to e_p.

    Paper: Chang et al., PEPNet: Parameter and Embedding Personalized Network for Infusing with
    Personalized Prior Information, KDD 2023, https://arxiv.org/abs/2302.01115

    Proof: tests/test_network_formulas.py::test_pepnet

    Args:
        prior: columns whose embeddings say who and what it is; the paper takes the ids of
            user, item and author.
        tower: widths of each task's layers.
        embedding_dim: E, the length of an embedding.
        dropout: after each ReLU of the towers.

    Raises:
        CourseError: if the columns have fewer than two scenarios, or lack a prior column.
    """

    def __init__(
        self,
        columns: Columns,
        tasks: Sequence[str],
        prior: Sequence[str],
        tower: Sequence[int] = (64, 32),
        embedding_dim: int = 8,
        dropout: float = 0.0,
    ) -> None:
        super().__init__(
            columns,
            tasks,
            prior=prior,
            tower=tower,
            embedding_dim=embedding_dim,
            dropout=dropout,
        )
        s, k = require_scenarios(self), len(self.tasks)
        self.prior = require_columns(self, prior)
        self.embed = Embed(columns, embedding_dim)
        self.scenario = keras.layers.Embedding(s, embedding_dim)
        width = len(columns.sizes) * embedding_dim + len(columns.numbers)
        self.epnet = GateNU(1, width)
        self.ppnet = [GateNU(k, units) for units in (width, *tower)]
        self.dense = [ParallelDense(k, units, "relu") for units in tower]
        self.last = ParallelDense(k, 1, "sigmoid")
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, scenario = inputs
        x = self.embed(codes, numbers)  # [B, d]
        domain = ops.concatenate([self.scenario(scenario), ops.stop_gradient(x)], axis=1)
        o = self.epnet(domain)[0] * x
        person = ops.concatenate([self.embed.part(x, self.prior), ops.stop_gradient(o)], axis=1)
        h = o
        *gates, gate = self.ppnet
        for before, layer in zip(gates, self.dense, strict=True):
            h = self.drop(layer(before(person) * h), training)  # [K, B, units]
        h = self.last(gate(person) * h)
        return {task: h[k, :, 0] for k, task in enumerate(self.tasks)}

    def shared(self) -> list[Part]:
        hidden = [gate.hidden for gate in self.ppnet]
        return [self.embed, self.scenario, self.epnet, *hidden]

    def last_shared(self) -> Part:
        return self.embed  # O is its output, gated; a gate only scales it
