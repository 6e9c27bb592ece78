"""Trees on embeddings: a factorisation machine learns the embeddings, boosted trees read them.

    z(x) = [e(x), <v_i, v_j> for i < j],    l_k = trees_k(z(x), scenario)

The machine, with its heads, learns from all tasks and scenarios; then each task's trees read what
it has learned, and the scenario's code. Matches thresholds and bends in what a value is like and in
how alike two values are, where trees on the ids themselves would cut each value apart.

Source: Guo and Berkhahn, Entity Embeddings of Categorical Variables, 2016,
https://arxiv.org/abs/1604.06737, whose trees read a network's embeddings
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from course_utils.columns import Split, Table
from course_utils.comparison.contender import Asked, Chances, Contender, Trial
from course_utils.comparison.ground import Ground
from course_utils.comparison.plain import chances_of
from course_utils.comparison.rivals.factorisation_machine import linear_space
from course_utils.comparison.trainers import Trainers
from course_utils.models.factorisation_machine import FactorisationMachine

NAME = "embeddings, then gradient boosting"

TREES = {
    "rate": (0.01, 0.03, 0.1, 0.3),
    "trees": (25, 50, 100, 200, 400),
    "leaves": (2, 4, 8, 16),
    "rows_in_leaf": (5, 20, 100, 300),
}


class BoostedEmbeddings(Contender):
    """See above."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(NAME, {**linear_space(ground), **TREES})
        self.trainers = Trainers(FactorisationMachine)

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Asked
    ) -> Chances:
        train, every = split.train, list(split.train.labels)
        # All the machine's tasks stop together: one set of embeddings is read by all trees.
        training = {name: of for name, of in trial.items() if name not in TREES} | {"keep": "sum"}
        self.trainers.fit(train, split.valid, every, seed, training)
        machine = self.trainers._trainer(train.columns, tuple(every), training).network
        x, wanted = (learned(machine, one) for one in (train, getattr(split, asked)))
        chances = {}
        for task in tasks:
            rows = train.mask(task)
            trees = HistGradientBoostingClassifier(
                learning_rate=trial["rate"],
                max_iter=trial["trees"],
                max_leaf_nodes=trial["leaves"],
                min_samples_leaf=trial["rows_in_leaf"],
                categorical_features=[x.shape[1] - 1],
                early_stopping=False,
                random_state=seed,
            )
            chances[task] = chances_of(trees, x[rows], train.labels[task][rows], wanted)
        return chances


def learned(machine: FactorisationMachine, table: Table) -> np.ndarray:
    """``[n, d + F (F - 1) / 2 + 1]``: embeddings, numbers, products, and the scenario's code."""
    codes, numbers, scenario = table.inputs
    x = machine.embed(codes, numbers)
    parts = [np.asarray(x), np.asarray(machine.products(x, numbers))]
    return np.column_stack([*parts, np.asarray(scenario)])


def contender(ground: Ground) -> Contender | None:
    """Where there is anything to share, and a value to be learned."""
    embedded = bool(ground.split.train.columns.sizes)
    return BoostedEmbeddings(ground) if ground.joint and embedded else None
