"""The plain rivals of a new task with the labels of the stop, too; and a task at rho = .75.

For lesson 33.

    python benchmarks/adding_a_task_labels.py

measures what is missing or stale, kept in results/adding_a_task_labels.json; some three minutes.
Shops and settings are those of ``adding_a_task.py``, whose rivals learn from the labels in
training alone. They have no stop, so here the labels in validation are theirs, too.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import adding_a_task as base
import adding_a_task_warm as warm
import numpy as np
from parts import Stored

from course_utils import paths

NEAR, FEW, WIDTH = 0.75, 400, 64
"""Between two shops of ``adding_a_task.py``: a rho that chose no way and no idea."""


def both(name: str, setting: int, seed: int, rho: float, few: int) -> dict[str, float]:
    """A rival that learns from all labels of the new task: its number, AUC, log loss."""
    one = base.market(seed, rho, few)
    parts = [base.labelled(table) for table in (one.split.train, one.split.valid)]
    codes = np.concatenate([table.codes for table in parts])
    labels = np.concatenate([table.labels[base.NEW] for table in parts])
    model = base.RIVALS[name][setting]().fit(codes, labels)
    p = model.predict_proba(one.split.test.codes)[:, 1]
    return {"labels": len(labels), **base.scores(one, {base.NEW: p})[base.NEW]}


def of_rivals(chosen: dict[str, int], rho: float, few: int) -> dict[str, Any]:
    """Rival -> labels, AUC and log loss, one a shop, at the setting chosen with half of them."""
    found: dict[str, Any] = {}
    for name, setting in chosen.items():
        runs = [both(name, setting, seed, rho, few) for seed in base.SEEDS]
        found[name] = {
            "chosen": setting,
            "labels": [one["labels"] for one in runs],
            "auc": {base.NEW: [one["auc"] for one in runs]},
            "log loss": {base.NEW: [one["log_loss"] for one in runs]},
        }
    return found


def judged(rho: float, few: int) -> dict[str, Any]:
    rivals = base.STORED.load()[f"rivals, rho {rho:g}, {few} labels"]
    return of_rivals({name: one["chosen"] for name, one in rivals.items()}, rho, few)


def near() -> dict[str, Any]:
    """Head, head first then LwF, and the rivals with either number of labels, at one rho more."""
    head = base.of_way(warm.HEAD, NEAR, FEW, WIDTH)
    warm.HEAD_RATES[NEAR] = head["chosen"][0]
    alone = {name: base.rival(name, NEAR, FEW) for name in base.RIVALS}
    return {
        warm.HEAD: head,
        "LwF": warm.of_way("LwF", NEAR),
        "rivals": alone,
        "rivals, both": of_rivals({name: one["chosen"] for name, one in alone.items()}, NEAR, FEW),
    }


def small() -> dict[str, float]:
    """One rival in one shop, for the test."""
    return both("logistic regression", 2, 0, 0.5, 400)


PARTS = {
    "small": small,
    **{
        f"rho {rho:g}, {few} labels": partial(judged, rho, few)
        for few in base.FEW
        for rho in base.RHOS
    },
    f"rho {NEAR:g}": near,
}

STORED = Stored(
    paths.RESULTS / "adding_a_task_labels.json",
    (*warm.STORED.code, Path(__file__).resolve()),
    {"seeds": base.SEEDS, "tuning_seeds": base.TUNING_SEEDS},
)


if __name__ == "__main__":
    STORED.measure(PARTS)
