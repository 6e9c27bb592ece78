"""What three pictures of docs/networks.md show: learning curves, the small task's weight and rows.

All on the shop's log with 20,000 training rows. The settings of training are given here, not
tuned: a picture shows how a number moves, the page's tables compare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from shop_contenders import (
    CROSSES,
    PRODUCTS,
    SEEDS,
    TASKS,
    Setting,
    case,
)

from course_utils.columns import Table
from course_utils.comparison import (
    ALL_ROWS,
    Case,
    Chances,
    Contender,
    crossed_logistic_regression,
    network_per_task,
    shared_bottom,
)
from course_utils.comparison.inputs import one_task
from course_utils.comparison.judging import judge
from course_utils.models import SharedBottom
from course_utils.training import Trainer

N_TRAIN, BATCH, EPOCHS = 20_000, 256, 30
FREE = {"weight_decay": 0.0, "embedding_l2": 0.0}
PENALTIES = {"weight_decay": 1.0, "embedding_l2": 1e-3}
RATE = 1e-3
WEIGHTS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
SHARES = (0.1, 0.2, 0.4, 0.7, 1.0)
TASK_WEIGHT = 0.1
"""Of the purchase beside 1 for the click, in the picture of rows."""

Numbers = dict[str, Any]


def curves(n_train: int = N_TRAIN, epochs: int = EPOCHS) -> Numbers:
    """Validation loss of each task after each epoch, in one shop, without early stopping."""
    with_ids, without = (case(0, Setting(n_train, ids)).split for ids in (True, False))
    runs = {
        "Shared-Bottom with ids, no penalty": (with_ids, FREE),
        "Shared-Bottom, no penalty": (without, FREE),
        "Shared-Bottom, penalties": (without, PENALTIES),
    }
    found: Numbers = {}
    for name, (split, penalties) in runs.items():
        found[name] = curve(split.train, split.valid, TASKS, epochs, penalties)
    alone = {}
    for task in TASKS:
        train, valid = (one_task(one, task, task) for one in (without.train, without.valid))
        alone |= curve(train, valid, (task,), epochs, FREE)
    return {**found, "network per task, no penalty": alone}


def curve(
    train: Table, valid: Table, tasks: tuple[str, ...], epochs: int, penalties: Mapping[str, float]
) -> dict[str, list[float]]:
    """Task -> its validation loss after each epoch."""
    trainer = Trainer(lambda: SharedBottom(train.columns, tasks), None, BATCH, **penalties)
    history = trainer.fit(train, valid, 0, RATE, epochs, patience=epochs)
    losses = np.array(history.valid_task_losses)
    return {task: [round(float(x), 5) for x in losses[:, k]] for k, task in enumerate(tasks)}


TRIAL = {
    "learning_rate": RATE,
    "batch_size": BATCH,
    "epochs": EPOCHS,
    "patience": 5,
    "keep": "each",
    **PENALTIES,
}


ALONE = {**TRIAL, "batch_size": 32, "epochs": 60, "patience": 10}
"""Of a network for the purchase alone: 200 rows are less than one batch of the others."""


def by_weight(n_train: int = N_TRAIN, seeds: range = SEEDS) -> Numbers:
    """AUC of Shared-Bottom at each weight of the purchase beside 1 for the click, over seeds;
    and of a network per task."""
    together, alone = shared_bottom({}), network_per_task({})
    cases = {seed: case(seed, Setting(n_train, False)) for seed in seeds}
    found: Numbers = {"network per task": scores(alone, cases, TRIAL)}
    for weight in WEIGHTS:
        found[f"{weight:g}"] = scores(together, cases, {**TRIAL, "task_weights": (1.0, weight)})
    return found


def by_rows(n_train: int = N_TRAIN, seeds: range = SEEDS) -> Numbers:
    """AUC where only a share of the clicked training rows has a known purchase, over seeds."""
    crossed = crossed_logistic_regression((*CROSSES, *PRODUCTS))
    contenders: list[tuple[str, Contender, Mapping[str, Any]]] = [
        ("Shared-Bottom", shared_bottom({}), {**TRIAL, "task_weights": (1.0, TASK_WEIGHT)}),
        ("network per task", network_per_task({}), ALONE),
        ("crossed logistic regression", crossed, {"C": 0.01}),
    ]
    whole = {seed: case(seed, Setting(n_train, False)) for seed in seeds}
    found: Numbers = {}
    for share in SHARES:
        cases = {seed: thinned(one, share, seed) for seed, one in whole.items()}
        rows = [int(one.split.train.mask("purchase").sum()) for one in cases.values()]
        line = {name: scores(one, cases, trial, ["purchase"]) for name, one, trial in contenders}
        found[f"{share:g}"] = {"clicked rows": rows, **line}
    return found


def thinned(one: Case, share: float, seed: int) -> Case:
    """The same case, where the purchase is known for a share of the clicked training rows."""
    train = one.split.train
    kept = np.random.default_rng(seed).random(len(train)) < share
    mask = train.mask("purchase") & kept
    fewer = replace(train, masks={**train.masks, "purchase": mask})
    return replace(one, split=replace(one.split, train=fewer))


def scores(
    contender: Contender,
    cases: Mapping[int, Case],
    trial: Mapping[str, Any],
    tasks: Sequence[str] = TASKS,
) -> dict[str, list[float]]:
    """Task -> AUC of each seed, over all test rows against the true probability."""
    found: dict[str, list[float]] = {task: [] for task in tasks}
    for seed, one in cases.items():
        said: Chances = contender.fit(one.split, seed, trial, tasks, "test")
        lines = judge(said, one).set_index(["task", "scenario", "rows"])["auc"]
        for task in tasks:
            found[task].append(round(float(lines[task, "all", ALL_ROWS]), 5))
    return found


MEASURED: Mapping[str, Callable[[], Numbers]] = {
    "curves": curves,
    "weight": by_weight,
    "rows": by_rows,
}
