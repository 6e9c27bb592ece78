"""The plain rivals of a new task with the labels of the stop, too; and a task at rho = .75.

For lesson 33.

    python benchmarks/adding_a_task_labels.py

measures what is missing or stale, kept in results/adding_a_task_labels.json; some three minutes.
Shops and settings are those of ``adding_a_task.py``, whose rivals learn from the labels in
training alone. They have no stop, so here the labels in validation are theirs, too.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import adding_a_task as base
import adding_a_task_warm as warm
import numpy as np
from parts import Part, Stored

from course_utils import paths

NEAR, FEW, WIDTH = 0.75, 400, 64
"""Between two shops of ``adding_a_task.py``: a rho that chose no way and no idea."""


def both(make: Callable[[], Any], seed: int, rho: float, few: int) -> dict[str, float]:
    """A rival that learns from all labels of the new task: its number, AUC, log loss."""
    one = base.market(seed, rho, few)
    parts = [base.labelled(table) for table in (one.split.train, one.split.valid)]
    codes = np.concatenate([table.codes for table in parts])
    labels = np.concatenate([table.labels[base.NEW] for table in parts])
    model = make().fit(codes, labels)
    p = model.predict_proba(one.split.test.codes)[:, 1]
    return {"labels": len(labels), **base.scores(one, {base.NEW: p})[base.NEW]}


def of_rival(trials: base.Rival, setting: int, rho: float, few: int) -> dict[str, Any]:
    """Labels, AUC and log loss, one a shop, at the setting chosen with half of the labels."""
    runs = [both(trials[setting], seed, rho, few) for seed in base.SEEDS]
    return {
        "chosen": setting,
        "labels": [one["labels"] for one in runs],
        "auc": {base.NEW: [one["auc"] for one in runs]},
        "log loss": {base.NEW: [one["log_loss"] for one in runs]},
    }


def lwf_near(head: base.Trial) -> dict[str, Any]:
    """Head first, then LwF, at one rho more."""
    warm.HEAD_RATES[NEAR] = head[0]
    return warm.of_way(base.WAYS["LwF"], warm.TRIALS["LwF"], NEAR)


def small() -> dict[str, float]:
    """One rival in one shop, for the test."""
    return both(base.RIVALS["logistic regression"][2], 0, 0.5, 400)


STORED = Stored(
    paths.RESULTS / "adding_a_task_labels.json",
    {"seeds": base.SEEDS, "tuning_seeds": base.TUNING_SEEDS},
)


def rivals(chosen: Callable[[str], Any], rho: float, few: int) -> dict[str, Part]:
    return {
        name: partial(of_rival, trials, chosen(name), rho, few)
        for name, trials in base.RIVALS.items()
    }


PARTS: dict[str, Part] = {
    "small": small,
    **{
        cell: rivals(
            lambda name, cell=cell: base.STORED.earlier(f"rivals, {cell}", name, "chosen"), rho, few
        )
        for few in base.FEW
        for rho in base.RHOS
        for cell in (f"rho {rho:g}, {few} labels",)
    },
    f"rho {NEAR:g}": {
        warm.HEAD: partial(base.of_way, warm.HEAD_WAY, NEAR, FEW, WIDTH),
        "LwF": partial(lwf_near, STORED.earlier(f"rho {NEAR:g}", warm.HEAD, "chosen")),
        "rivals": {
            name: partial(base.rival, trials, NEAR, FEW) for name, trials in base.RIVALS.items()
        },
        "rivals, both": rivals(
            lambda name: STORED.earlier(f"rho {NEAR:g}", "rivals", name, "chosen"), NEAR, FEW
        ),
    },
}


if __name__ == "__main__":
    STORED.measure(PARTS)
