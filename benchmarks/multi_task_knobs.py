"""What lesson 20 shows of Shared-Bottom's knobs, on the market of ``regimes/shared_bottom.py``.

    python benchmarks/multi_task_knobs.py

measures the knobs that are missing or stale, each kept in results/multi_task.json as soon as it
is done. Weight of the starved task, width of the trunk, labelled rows, how much of the starved
task the frequent ones show, and which tasks it is learned with. Every point: ten markets judge,
and every contender chooses among as many settings on two others. Beside them the cosines of the
gradients, also of a task that has the starved one's own chances.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored

from course_utils import paths
from course_utils.backend import tf
from course_utils.balancing.fixed import Fixed
from course_utils.columns import Table
from course_utils.comparison import (
    ALL_ROWS,
    Case,
    Contender,
    compare_all,
    crossed_logistic_regression,
    logistic_regression,
    network_per_task,
    shared_bottom,
)
from course_utils.comparison.judging import measures
from course_utils.models import SharedBottom
from course_utils.regimes import shared_bottom as market
from course_utils.training import Trainer
from course_utils.training.gradients import task_gradient

SEEDS, TUNING_SEEDS, CHOOSING_SEEDS = range(10), (100, 101), range(200, 205)
"""Markets that judge, that choose the learning rate, and on which lesson 20 chooses a weight."""

WEIGHTS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
WIDTHS = (4, 16, 64, 256)
ROWS = (100, 400, 1_600, 6_400)
RHOS = (0.0, 0.25, 0.5, 0.75, 1.0)
EQUAL, TENTH = 1.0, 0.1
RATES = (1e-3, 3e-3, 1e-2)

GRID: Mapping[str, Sequence[Any]] = {
    "learning_rate": RATES,
    "batch_size": (256,),
    "epochs": (40,),
    "patience": (6,),
    "keep": ("sum",),
    "trunk": ((64,),),
    "tower": ((),),
    "embedding_dim": (12,),
    "dropout": (0.0,),
    "weight_decay": (1e-4,),
    "embedding_l2": (0.0,),
    "task_weights": (0.0,),
}
"""One setting of all but the learning rate."""

STRENGTHS = (0.03, 0.1, 0.3)

Numbers = dict[str, dict[str, list[float]]]
"""Contender -> task -> the AUC of each market, against its true probabilities."""


def case(seed: int, tasks: Sequence[str] | None = None, **dials: float) -> Case:
    """A market, all of whose tasks are judged; only some of its tasks where they are named."""
    made = market.make(seed, **dials)
    kept = list(made.truth) if tasks is None else list(tasks)

    def of(table: Table) -> Table:
        masks = {task: mask for task, mask in table.masks.items() if task in kept}
        return replace(table, labels={task: table.labels[task] for task in kept}, masks=masks)

    split = made.split
    return Case(
        replace(split, train=of(split.train), valid=of(split.valid), test=of(split.test)),
        truth={task: made.truth[task] for task in kept},
        visible={task: made.visible[task] for task in kept},
        judged={task: made.judged["purchase"] for task in kept},
    )


def together(weight: float, n_tasks: int = 4, **more: Any) -> Contender:
    """Shared-Bottom with weight 1 for the frequent tasks and this one for the purchase."""
    weights = (*[1.0] * (n_tasks - 1), weight)
    return shared_bottom(
        {**GRID, "task_weights": (weights,), **more}, name=f"Shared-Bottom, {weight:g}"
    )


def alone(name: str = "network per task", **more: Any) -> Contender:
    """A network per task; with batches of 32 few rows still give it many steps."""
    return network_per_task({**GRID, **more}, name=name)


def scores(
    make: Callable[[int], Case], contenders: Sequence[Contender], seeds: Sequence[int] = SEEDS
) -> Numbers:
    """Every contender tuned alike, then run on the seeds."""
    found = compare_all(make, contenders, seeds, TUNING_SEEDS, trials=len(RATES)).results
    found = found[found["rows"].eq(ALL_ROWS) & found["scenario"].eq("all")]
    names = [one.name for one in contenders]
    tasks = [task for task in found["task"].unique() if task not in ("mean", "worst")]
    lines = found.set_index(["contender", "task"]).sort_index()
    return {
        name: {task: [round(float(x), 5) for x in lines.loc[(name, task), "auc"]] for task in tasks}
        for name in names
    }


def by_weight() -> dict[str, Any]:
    """All tasks at each weight of the purchase, on the markets that judge and that choose."""
    contenders = [*(together(one) for one in WEIGHTS), alone()]
    return {
        "judged": scores(case, contenders),
        "choosing": scores(case, contenders, CHOOSING_SEEDS),
    }


def by_width() -> dict[str, Any]:
    """All tasks at each width of the trunk; the twin has the same width."""
    found = {}
    for width in WIDTHS:
        trunk = {"trunk": ((width,),)}
        contenders = [together(EQUAL, **trunk), together(TENTH, **trunk), alone(**trunk)]
        found[str(width)] = scores(case, contenders)
    return found


def with_rivals(**dials: float) -> Numbers:
    """All tasks of Shared-Bottom; the purchase of what learns it alone."""
    rivals = [
        alone(),
        alone(name="network per task, batches of 32", batch_size=(32,)),
        logistic_regression(STRENGTHS),
        crossed_logistic_regression(strengths=STRENGTHS),
    ]
    return {
        **scores(lambda seed: case(seed, **dials), [together(EQUAL), together(TENTH)]),
        **scores(lambda seed: case(seed, ("purchase",), **dials), rivals),
    }


def by_rows() -> dict[str, Any]:
    """Each number of rows with a label of the purchase."""
    return {str(few): with_rivals(few=few) for few in ROWS}


def by_rho() -> dict[str, Any]:
    """How much of the purchase the frequent tasks show."""
    return {f"{rho:g}": with_rivals(rho=rho) for rho in RHOS}


def by_partners() -> dict[str, Any]:
    """The purchase with one, two or three of the frequent tasks."""
    found = {}
    for n in (1, 2, 3):
        for partners in combinations(market.FREQUENT, n):
            tasks = (*partners, "purchase")
            found["+".join(partners)] = scores(
                lambda seed, tasks=tasks: case(seed, tasks), [together(TENTH, len(tasks))]
            )
    return found


def by_cosine() -> dict[str, Any]:
    """The purchase's cosine with each frequent task after some epochs, over all test rows, which
    all have its label: rho -> epochs -> a value for each market, the mean over those tasks."""
    tasks = (*market.FREQUENT, "purchase")
    columns = case(SEEDS[0]).split.train.columns
    trainer = Trainer(
        lambda: SharedBottom(columns, tasks, trunk=(64,), tower=(), embedding_dim=12),
        Fixed((1.0, 1.0, 1.0, TENTH)),
        weight_decay=1e-4,
    )
    found: dict[str, Any] = {}
    for rho in (1.0, 0.0):
        for epochs in (1, 5, 15, 30):
            line = []
            for seed in SEEDS:
                split = case(seed, rho=rho).split
                trainer.fit(split.train, split.valid, seed, 3e-3, epochs, patience=epochs)
                rows = gradients(trainer.network, split.test)
                unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
                line.append(round(float((unit @ unit.T)[3, :3].mean()), 5))
            found.setdefault(f"{rho:g}", {})[str(epochs)] = line
    return found


def by_copy() -> dict[str, list[float]]:
    """The related market, in which the save has the purchase's own probabilities on every row, and
    labels drawn anew.

    "cosine": the purchase's with it, over all test rows, mean of epochs 5, 15 and 30; "gain": the
    purchase's AUC over the same training with the market's own saves. A value for each market.
    """
    tasks, columns = (*market.FREQUENT, "purchase"), case(SEEDS[0]).split.train.columns
    trainer = Trainer(
        lambda: SharedBottom(columns, tasks, trunk=(64,), tower=(), embedding_dim=12),
        Fixed((1.0, 1.0, 1.0, TENTH)),
        weight_decay=1e-4,
    )
    found: dict[str, list[float]] = {"cosine": [], "gain": []}
    for seed in SEEDS:
        one = case(seed)
        parts = (one.split.train, one.split.valid, one.split.test)
        drawn = np.random.default_rng(seed).random(sum(map(len, parts))) < chances(seed)
        ends = np.cumsum([len(part) for part in parts])[:-1]
        copied = [
            replace(part, labels={**part.labels, "save": labels.astype(part.labels["save"].dtype)})
            for part, labels in zip(parts, np.split(drawn, ends), strict=True)
        ]
        cosines = []
        for epochs in (5, 15, 30):
            trainer.fit(copied[0], copied[1], seed, 3e-3, epochs, patience=epochs)
            rows = gradients(trainer.network, copied[2])
            unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
            cosines.append((unit @ unit.T)[3, 2])
        auc = []
        for train, valid, test in (copied, parts):
            trainer.fit(train, valid, seed, 3e-3, epochs=40, patience=6)
            said = trainer.predict(test)["purchase"]
            auc.append(measures(one.truth["purchase"], said)["auc"])
        found["cosine"].append(round(float(np.mean(cosines)), 5))
        found["gain"].append(round(float(auc[0] - auc[1]), 5))
    return found


def chances(seed: int) -> np.ndarray:
    """``[n]``: the purchase's true chance on all rows: the same market, cut behind two rows, whose
    chances are set to one half."""
    split = case(seed).split
    n = sum(map(len, (split.train, split.valid, split.test)))
    known = market.make(seed, few=1, n_train=1, n_valid=1, n_test=n - 2).truth["purchase"]
    return np.concatenate([[0.5, 0.5], known])


def gradients(network: SharedBottom, table: Table) -> np.ndarray:
    """``[K, n]``: each task's gradient on the shared weights, over all rows of its sample space."""
    labels = np.stack([table.labels[task] for task in network.tasks])
    counts = np.stack([table.mask(task) for task in network.tasks]).astype("float32")
    shared = [one for part in network.shared() for one in part.trainable_variables]
    with tf.GradientTape(persistent=True) as tape:
        losses = tf.unstack(network.task_losses(network(table.inputs), labels, counts))
    rows = [task_gradient(tape, loss, shared) for loss in losses]
    return np.stack([np.concatenate([one.numpy().ravel() for one in row]) for row in rows])


def small() -> dict[str, float]:
    """What a test can recompute: one market, one rate, two epochs."""
    one, contender = case(TUNING_SEEDS[0]), together(TENTH)
    tasks = list(one.truth)
    trial = {**contender.trials(1, len(tasks))[0], "epochs": 2}
    said = contender.fit(one.split, TUNING_SEEDS[0], trial, tasks, "test")
    gaps = {}
    for task, p in said.items():
        bought = one.split.test.labels[task] == 1
        gaps[task] = round(float(p[bought].mean() - p[~bought].mean()), 5)
    return gaps


KNOBS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "weight": by_weight,
    "width": by_width,
    "rows": by_rows,
    "rho": by_rho,
    "partners": by_partners,
    "cosine": by_cosine,
    "copy": by_copy,
}
PARTS = {"small": small, **KNOBS}

STORED = Stored(
    paths.RESULTS / "multi_task.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)


if __name__ == "__main__":
    STORED.measure(PARTS)
