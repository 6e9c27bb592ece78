"""DCN: products of columns by cross layers, then an MLP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.columns import Columns
from course_utils.layers import Embed, ParallelDense, ParallelMLP, Towers
from course_utils.models.network import Network, Part


class DCN(Network):
    """y_k = sigmoid(h_k(f(x_L))), x_0 = e(x) and x_{l+1} = x_0 * (W_l x_l + b_l) + x_l.

    e = embeddings, then numbers, ``[B, d]``; W_l is ``[d, d]``, * multiplies element by element.
    L cross layers hold products of up to L + 1 columns; f is an MLP on top of them, the stacked
    structure of the paper. With one task it is the plain network for products of columns.

    Paper: Wang et al., DCN V2: Improved Deep & Cross Network and Practical Lessons for Web-scale
    Learning to Rank Systems, WWW 2021, equation 1, https://arxiv.org/abs/2008.13535

    Proof: tests/test_network_formulas.py::test_dcn

    Args:
        crosses: L, how many cross layers.
        trunk: widths of the layers of f.
        tower: widths of each task's own layers, before its sigmoid.
        embedding_dim: E, the length of an embedding.
        dropout: after each ReLU.
    """

    def __init__(
        self,
        columns: Columns,
        tasks: Sequence[str],
        crosses: int = 2,
        trunk: Sequence[int] = (64, 32),
        tower: Sequence[int] = (16,),
        embedding_dim: int = 8,
        dropout: float = 0.0,
    ) -> None:
        super().__init__(
            columns,
            tasks,
            crosses=crosses,
            trunk=trunk,
            tower=tower,
            embedding_dim=embedding_dim,
            dropout=dropout,
        )
        d = len(columns.sizes) * embedding_dim + len(columns.numbers)
        self.embed = Embed(columns, embedding_dim)
        self.crosses = [ParallelDense(1, d) for _ in range(crosses)]
        self.trunk = ParallelMLP(1, trunk, self.drop)
        self.towers = Towers(tasks, tower, self.drop)
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, _ = inputs
        x0 = x = self.embed(codes, numbers)[None]  # [1, B, d]
        for cross in self.crosses:
            x = x0 * cross(x) + x
        (shared,) = self.cut(self.trunk(x)[0])  # [B, h]
        return self.towers(shared if len(shared.shape) == 3 else shared[None])

    def shared(self) -> list[Part]:
        return [self.embed, *self.crosses, self.trunk]

    def last_shared(self) -> Part:
        return (self.trunk.layers or self.crosses)[-1]
