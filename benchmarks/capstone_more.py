"""Two reasons, tried: who teaches the purchase, and when a factor should be shrunk (lesson 70).

    python benchmarks/capstone_more.py

Three minutes of one core. *pairs*: the joint network with two tasks, click and purchase or cart
and purchase, where clicks and purchases are otherwise related. By construction cart and purchase
have one score at every relatedness. *shadow*: factors of the purchase's level from fewer rows,
more and less shrunk.

Predicted before measuring: with the cart the purchase is as good at -.8 as at .8, with the click
it falls below its twin. Shrinking pays at 1,000 rows, not at 10,000.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import capstone_fusion as fusion
import capstone_models as models
import numpy as np
import pandas as pd
from capstone_models import JOINT, N_TEST, SEEDS
from parts import Stored

from course_utils import paths
from course_utils.columns import Split, Table
from course_utils.comparison.compare import run
from course_utils.comparison.judging import measures
from course_utils.comparison.store import Store
from course_utils.shop.sessions import SCENARIOS

PAIRS = (("click", "purchase"), ("cart", "purchase"))
RELATED = (-0.8, 0.0, 0.8)
ROWS, STRENGTHS = (1_000, 3_000, 10_000), (0.0, 1.0, 3.0, 10.0, 1e9)


def only(split: Split, tasks: tuple[str, ...]) -> Split:
    """The same rows with the labels of some tasks alone."""

    def kept(table: Table) -> Table:
        labels = {task: table.labels[task] for task in tasks}
        masks = {task: mask for task, mask in table.masks.items() if task in tasks}
        return replace(table, labels=labels, masks=masks)

    return Split(kept(split.train), kept(split.valid), kept(split.test))


def pair(tasks: tuple[str, ...], relatedness: float) -> list[float]:
    """AUC of the purchase by the truth, all rows, one a seed; settings as chosen for three."""
    by_name = {one.name: one for one in models.kept_contenders()}
    trial = next(iter(models.compared().choice[JOINT].values()))
    found = []
    for seed in SEEDS:
        one = models.case(seed, relatedness)
        case = replace(one, split=only(one.split, tasks))
        choice = dict.fromkeys(tasks, trial)
        said = run(by_name[JOINT], case, seed, choice, Store(models.FOLDER))["purchase"]
        auc = measures(one.truth["purchase"][:N_TEST], said[:N_TEST])["auc"]
        found.append(round(float(auc), 5))
    return found


def shadow() -> dict[str, dict[str, list[float]]]:
    """rows -> k -> |predicted / true - 1| of the purchase, mean of three scenarios, one a seed."""
    found: dict[str, dict[str, list[float]]] = {}
    for seed in SEEDS:
        rows, _, _ = fusion.market(seed)
        p, y = models.chances(JOINT, seed)["purchase"], rows["purchase"].to_numpy()
        scenario = pd.Index(SCENARIOS).get_indexer(rows["scenario"].astype(object))
        clicked, number = rows["click"].to_numpy() == 1, np.arange(len(rows))
        weight = rows["p_click"].to_numpy() * (number >= fusion.TUNE)
        truth = weight * rows["p_purchase_given_click"].to_numpy()
        for n in ROWS:
            tune = clicked & (number < n)
            for k in STRENGTHS:
                # With no click at all a scenario keeps the factor of all.
                f = fusion.factors(y[tune], p[tune], scenario[tune], max(k, 1e-9))
                off = [
                    abs(f[s] * (weight * p)[scenario == s].sum() / truth[scenario == s].sum() - 1)
                    for s in range(3)
                ]
                into = found.setdefault(f"{n}", {}).setdefault(f"{k:g}", [])
                into.append(round(float(np.mean(off)), 5))
    return found


def small() -> list[float]:
    """For the test: factors of four rows."""
    y, p, scenario = np.array([1, 1, 0, 0]), np.full(4, 0.5), np.array([0, 0, 1, 2])
    return [round(float(one), 6) for one in fusion.factors(y, p, scenario, 1.0)]


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "shadow": shadow,
    **{
        f"{' and '.join(tasks)}, {at:g}": partial(pair, tasks, at)
        for tasks in PAIRS
        for at in RELATED
    },
}

STORED = Stored(
    paths.RESULTS / "capstone_more.json",
    {"seeds": SEEDS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
