"""ESMM: conversion learned on all impressions, through the product with the click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.backend import keras
from course_utils.columns import Columns
from course_utils.layers import Embed, Towers
from course_utils.models.losses import log_losses, masked_mean
from course_utils.models.network import Network, Part, require_pair

ops = keras.ops


class ESMM(Network):
    """p(click) = f_1(e(x)), p(conversion | click) = f_2(e(x)): only the embeddings are shared.

    L = logloss(click, pCTR) + logloss(click * conversion, pCTR * pCVR), both over all
    impressions; no loss on pCVR alone, and no division. pCVR is trained on all impressions,
    where it will serve. ESCM2 (SIGIR 2022) shows that the estimate is biased.

    Paper: Ma et al., Entire Space Multi-Task Model: An Effective Approach for Estimating
    Post-Click Conversion Rate, SIGIR 2018, https://arxiv.org/abs/1804.07931

    Proof: tests/test_network_formulas.py::test_esmm

    Args:
        tasks: the click, then what needs a click.
        tower: widths of each task's ReLU layers.
        embedding_dim: E, the length of an embedding.
        dropout: after each ReLU of trunk, experts and towers.
    """

    chained = True

    def __init__(
        self,
        columns: Columns,
        tasks: Sequence[str],
        tower: Sequence[int] = (64, 32, 16),
        embedding_dim: int = 8,
        dropout: float = 0.0,
    ) -> None:
        super().__init__(columns, tasks, tower=tower, embedding_dim=embedding_dim, dropout=dropout)
        require_pair(self)
        self.embed = Embed(columns, embedding_dim)
        self.towers = Towers(tasks, tower, self.drop)
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, _ = inputs
        return self.towers(self.embed(codes, numbers))  # pCTR and pCVR, [B] each

    def shared(self) -> list[Part]:
        return [self.embed, (self.towers, [0])]  # pCTR stands in both losses

    def last_shared(self) -> Part:
        return self.embed

    def loss_rows(self, counts: Any) -> Any:
        # Both over the click's sample space: conversion's own would be the clicked rows.
        return ops.stack([counts[0], counts[0]])

    def task_losses(self, predicted: dict[str, Any], labels: Any, counts: Any) -> Any:
        click, conversion = (predicted[task] for task in self.tasks)
        chances = ops.stack([click, click * conversion])
        happened = ops.stack([labels[0], labels[0] * labels[1]])
        return masked_mean(log_losses(happened, chances), self.loss_rows(counts))
