"""ESCM2-IPS: ESMM's pair of losses, and a conversion loss weighted by 1 / pCTR."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.backend import keras
from course_utils.columns import Columns
from course_utils.layers import Embed, ParallelDense, ParallelMLP, Towers, mix
from course_utils.models.losses import log_losses, masked_mean
from course_utils.models.network import Network, Part, require_pair

ops = keras.ops


class ESCM2(Network):
    """L = L_CTR + lambda_c R_IPS + lambda_g L_CTCVR, on an MMoE body.

    R_IPS = mean over all impressions of click * logloss(conversion, pCVR) / sg(max(pCTR, clip)).
    Clicked rows stand for all impressions like them: unbiased if pCTR is the true p(click | x),
    nothing hidden moves both a row's click and what it would do once clicked, and nothing is
    clipped. No gradient flows into the propensity (sg). The paper's doubly robust form is left
    out: a third tower guesses the conversion's loss, with the error e, and adds click * e^2 /
    pCTR; in PaddleRec's code e is not stopped, so that this trains the CVR tower too.

    Paper: Wang et al., ESCM2: Entire Space Counterfactual Multi-Task Model for Post-Click
    Conversion Rate Estimation, SIGIR 2022, https://arxiv.org/abs/2204.05125; clip 0.1 and
    lambda_c 0.1 to 1 there.

    Proof: tests/test_network_formulas.py::test_escm2

    Args:
        tasks: the click, then what needs a click.
        cvr: lambda_c. With 0, and lambda_g = 1, the loss is ESMM's; the body stays MMoE's.
        ctcvr: lambda_g.
        clip: least propensity; a larger one has less variance and more bias.
        experts: n, of MMoE.
        expert: widths of each expert's layers.
        tower: widths of each tower's layers, before its sigmoid.
        embedding_dim: E, the length of an embedding.
        dropout: after each ReLU of trunk, experts and towers.
    """

    chained = True

    def __init__(
        self,
        columns: Columns,
        tasks: Sequence[str],
        cvr: float = 0.5,
        ctcvr: float = 0.5,
        clip: float = 0.1,
        experts: int = 4,
        expert: Sequence[int] = (64, 32),
        tower: Sequence[int] = (16,),
        embedding_dim: int = 8,
        dropout: float = 0.0,
    ) -> None:
        super().__init__(
            columns,
            tasks,
            cvr=float(cvr),
            ctcvr=float(ctcvr),
            clip=float(clip),
            experts=experts,
            expert=expert,
            tower=tower,
            embedding_dim=embedding_dim,
            dropout=dropout,
        )
        require_pair(self)
        self.cvr, self.ctcvr, self.clip = cvr, ctcvr, clip
        self.embed = Embed(columns, embedding_dim)
        self.experts = ParallelMLP(experts, expert, self.drop)
        self.gates = ParallelDense(2, experts, "softmax", bias=False)
        self.towers = Towers(tasks, tower, self.drop)
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, _ = inputs
        x = self.embed(codes, numbers)
        return self.towers(mix(self.gates(x), self.experts(x)))  # pCTR and pCVR, [B] each

    def shared(self) -> list[Part]:
        # pCTR stands in the loss of the product too, and there it is trained.
        of_click = [(self.gates, [0]), (self.towers, [0])] if self.ctcvr else []
        return [self.embed, self.experts, *of_click]

    def last_shared(self) -> Part:
        return self.experts.layers[-1]

    def loss_rows(self, counts: Any) -> Any:
        # Means over all impressions, R_IPS too: not over the clicked ones.
        return ops.stack([counts[0], counts[0]])

    def task_losses(self, predicted: dict[str, Any], labels: Any, counts: Any) -> Any:
        click, conversion = (predicted[task] for task in self.tasks)
        propensity = ops.stop_gradient(ops.maximum(click, self.clip))
        ips = labels[0] * log_losses(labels[1], conversion) / propensity
        entire = log_losses(labels[0] * labels[1], click * conversion)
        first, second = ops.unstack(self.loss_rows(counts))
        of_click = masked_mean(log_losses(labels[0], click), first)
        of_conversion = masked_mean(self.cvr * ips + self.ctcvr * entire, second)
        return ops.stack([of_click, of_conversion])
