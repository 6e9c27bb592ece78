"""Pretrained, then fine-tuned: Shared-Bottom on the rest, then all its weights on the task's rows.

With several tasks it is pretrained on all but the one that is asked for. Its head begins as a
logistic regression on the frozen trunk: a random one would pull the trunk away while it learns.
With several scenarios it is pretrained on all of them, a head each, and a copy goes on for each
scenario from its head. The rate of the second training is a tuned part of the first one's. Matches
hidden features that are nearly right for the rare task.

Source: Yosinski et al., How transferable are features in deep neural networks?, NeurIPS 2014,
https://arxiv.org/abs/1411.1792; for the head, Kumar et al., Fine-Tuning can Distort Pretrained
Features and Underperform Out-of-Distribution, ICLR 2022, https://arxiv.org/abs/2202.10054
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from course_utils.columns import EVERYWHERE, Columns, Split, Table
from course_utils.comparison.contender import Asked, Contender, PerTask, Trial
from course_utils.comparison.ground import Ground
from course_utils.comparison.heads import _head
from course_utils.comparison.inputs import one_task
from course_utils.comparison.networks import ONLY
from course_utils.comparison.rivals.frozen_trunk import STRENGTHS, outputs, pretrained
from course_utils.comparison.space import LEAST_BATCH, Space, network_space
from course_utils.comparison.trainers import Trainers
from course_utils.models import Network, SharedBottom

NAME = "pretrained, then fine-tuned"

OF_SECOND = ("slower", "second_batch", "C")

Start = tuple[list[np.ndarray], list[str], np.ndarray | None]
"""A pretrained network's weights, the last two of them its heads' ``[K, h, 1]`` and ``[K, 1, 1]``;
its tasks; and what its trunk gives of the training rows, ``[n, h]``, where they share one head."""


class FineTuned(PerTask):
    """See above; a pretrained network is kept for the next second trainings."""

    def __init__(self, name: str, grid: Mapping[str, Sequence[Any]]) -> None:
        super().__init__(name, grid)
        self.first, self.second = Trainers(SharedBottom), Trainers(self.begun)
        self.start: list[np.ndarray] = []
        self._last: list[tuple[Split, tuple[Any, ...], Start]] = []

    def begun(self, columns: Columns, tasks: Sequence[str], **settings: Any) -> Network:
        """A network with the pretrained weights; its head is new where there is none for it."""
        made = SharedBottom(columns, tasks, **settings)
        if self.start:
            fresh = made.get_weights()
            made.set_weights([*self.start, *fresh[len(self.start) :]])
        return made

    def fit_task(
        self, split: Split, task: str, seed: int, trial: Trial, asked: Asked
    ) -> np.ndarray:
        first = {name: of for name, of in trial.items() if name not in OF_SECOND}
        weights, learned, given = self.pretrained(split, task, seed, first)
        second = {**first, "learning_rate": first["learning_rate"] * trial["slower"]}
        table = getattr(split, asked)
        rate = split.train.labels[task][split.train.mask(task)].mean()
        said = np.full(len(table), rate, "float32")
        for code in np.unique(table.scenario):
            tables = [alone(one, task, code) for one in (split.train, split.valid)]
            rows = table.scenario == code
            if any(one is None for one in tables):
                continue
            train, valid = (one_task(one, task, ONLY) for one in tables if one is not None)
            if given is None:
                place = learned.index(_head(task, code))
                head = [one[[place]] for one in weights[-2:]]
            else:
                known = split.train
                head = regression(given, known.labels[task], known.mask(task), trial["C"])
            self.start = [*weights[:-2], *head]
            batch = min(trial["second_batch"], max(LEAST_BATCH, len(train) // 8))
            sized = {**second, "batch_size": batch}
            predict = self.second.fit(train, valid, [ONLY], seed, sized)
            said[rows] = predict(without_scenario(table).take(rows))[ONLY]
        return said

    def pretrained(self, split: Split, task: str, seed: int, trial: Trial) -> Start:
        """What the second training goes on from."""
        several = len(split.train.columns.scenarios) > 1
        key = None if several else task, seed, str(trial)
        for known, at, start in self._last:
            if known is split and at == key:
                return start
        network, learned = pretrained(self.first, split, task, seed, trial)
        given = None if several else outputs(network, split.train)
        start = network.get_weights(), learned, given
        self._last = [*self._last[-3:], (split, key, start)]
        return start


def regression(
    given: np.ndarray, labels: np.ndarray, rows: np.ndarray, strength: float
) -> list[np.ndarray]:
    """A head's ``[1, h, 1]`` and ``[1, 1, 1]``: a logistic regression on what the trunk gives.

    Args:
        given: ``[n, h]``; it is standardised, and the weights are turned back.
        rows: ``[n]`` bool, those to learn from.
        strength: C of scikit-learn.
    """
    mean, spread = given.mean(0), np.maximum(given.std(0), 1e-6)
    x, y = (given[rows] - mean) / spread, labels[rows]
    fitted = LogisticRegression(C=strength, max_iter=1_000).fit(x, y)
    weights = fitted.coef_[0] / spread
    bias = fitted.intercept_ - weights @ mean
    return [weights.reshape(1, -1, 1).astype("float32"), bias.reshape(1, 1, 1).astype("float32")]


def without_scenario(table: Table) -> Table:
    """The rows as those of one scenario: the network has no weights for several."""
    columns = replace(table.columns, scenario=None, scenarios=(EVERYWHERE,))
    return replace(table, columns=columns, scenario=table.scenario * 0)


def alone(table: Table, task: str, code: int) -> Table | None:
    """The task's rows of one scenario; None where there is no row, or one label alone."""
    rows = (table.scenario == code) & table.mask(task)
    labels = table.labels[task][rows]
    if not len(labels) or labels.min() == labels.max():
        return None
    return without_scenario(table.take(rows))


def contender(ground: Ground) -> Contender | None:
    """Where there is anything to share."""
    if not ground.joint:
        return None
    second: Space = {"slower": (0.01, 0.03, 0.1, 0.3, 1.0), "second_batch": (32, 128)}
    if ground.scenarios == 1:
        second["C"] = STRENGTHS
    return FineTuned(NAME, {**network_space(ground), "task_weights": (0.0,), **second})
