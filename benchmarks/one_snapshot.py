"""One trunk as it can be served: one snapshot for all tasks, and every learning rate (lesson 32).

    python benchmarks/one_snapshot.py

measures what is missing or stale, each part kept in results/one_snapshot.json: some minutes of one
core. Rows, networks and rivals are those of sharing_or_size.py, where the one trunk keeps an epoch
for each task: three snapshots of the whole network, and three forward computations. Here it keeps
one, the epoch of the least sum of the tasks' validation losses. The same training is judged both
ways, so what one snapshot costs a task is the difference.

All have five learning rates, 1e-4 to 1e-2 (with the least of them an epoch moves the weights a
hundredth as far as with the greatest, so that the stop can be as fine as that); the one trunk has
them with two weights of the losses: ten trials, where three networks have fifteen. Chosen as in
sharing_or_size.py: least validation loss at what is kept, over that of a constant, mean of the
tasks. Each way is also judged on the clicked test rows alone: cart and purchase learn on no others.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import sharing_or_size as base
from parts import Stored

from course_utils import paths
from course_utils.balancing.fixed import Fixed

SEEDS, TUNING_SEEDS, TASKS = base.SEEDS, base.TUNING_SEEDS, tuple(base.TASKS)
RATES, EPOCHS = (1e-4, *base.RATES), 40
MEASURES = ("auc", "clicked")


def trials(shared: bool) -> list[base.Trial]:
    """Learning rates, and the weights of the losses of cart and purchase."""
    return [
        (rate, weight) for rate in RATES for weight in ((1.0, base.LABELS) if shared else (1.0,))
    ]


def fitted(
    name: str, tasks: tuple[str, ...], seed: int, trial: base.Trial, keep: str = "sum"
) -> tuple[float, dict[str, dict[str, float]], list[int]]:
    """Validation loss over a constant's, AUC of each task on all and on clicked rows, epochs."""
    split, truth = base.shop(seed)
    one, (rate, weight) = base.trainer(base.WAYS[name][0], tasks), trial
    assert isinstance(one.balancing, Fixed)
    one.balancing.weights = (1.0, *[weight] * (len(tasks) - 1))
    train, valid = split.train, split.valid
    if len(tasks) == 1:
        train, valid = (table.take(table.mask(tasks[0])) for table in (train, valid))
    history = one.fit(train, valid, seed, rate, EPOCHS, base.PATIENCE, keep)
    epochs = [int(np.argmin(history.valid_loss))] * len(tasks)
    if keep == "each":
        epochs = [int(epoch) for epoch in history.best_epochs()]
    losses = []
    for k, task in enumerate(tasks):
        share = float(valid.labels[task][valid.mask(task)].mean())
        constant = -share * np.log(share) - (1 - share) * np.log(1 - share)
        losses.append(float(history.valid_task_losses[epochs[k]][k]) / constant)
    said, clicked = one.predict(split.test), split.test.mask("cart")
    aucs = {
        task: {
            "auc": base.judged(truth[task], said[task]),
            "clicked": base.judged(truth[task][clicked], said[task][clicked]),
        }
        for task in tasks
    }
    return float(np.mean(losses)), aucs, epochs


def tried(name: str, tasks: tuple[str, ...], trial: base.Trial) -> float:
    """The mean of two shops that do not judge."""
    return round(float(np.mean([fitted(name, tasks, s, trial)[0] for s in TUNING_SEEDS])), 5)


def judged(name: str, tasks: tuple[str, ...], trial: base.Trial, keep: str) -> dict[str, Any]:
    """AUC and epoch of each task in five shops."""
    found: dict[str, Any] = {key: {task: [] for task in tasks} for key in MEASURES}
    found["epoch"] = {task: [] for task in tasks}
    for seed in SEEDS:
        _, aucs, epochs = fitted(name, tasks, seed, trial, keep)
        for task, epoch in zip(tasks, epochs, strict=True):
            found["epoch"][task].append(epoch)
            for key in MEASURES:
                found[key][task].append(aucs[task][key])
    return found


def small() -> float:
    """One task of one shop at the greatest rate, for the test."""
    return fitted("three networks", ("purchase",), 0, (1e-2, 1.0))[1]["purchase"]["auc"]


STORED = Stored(
    paths.RESULTS / "one_snapshot.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)

NAMES = ("one trunk", "three networks")


def at(name: str, tasks: tuple[str, ...], what: str = "") -> str:
    return f"{name}, {'+'.join(tasks)}{what}"


def trial_of(trial: base.Trial) -> str:
    return f", {trial[0]:g} {trial[1]:g}"


def best(losses: Mapping[base.Trial, float]) -> base.Trial:
    return min(losses, key=lambda one: losses[one])


def judged_best(
    name: str, tasks: tuple[str, ...], losses: Mapping[base.Trial, float], keep: str
) -> dict[str, Any]:
    """The trial with the least loss in five shops."""
    return judged(name, tasks, best(losses), keep)


def together(
    losses: Mapping[str, Mapping[base.Trial, float]], runs: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """A way's networks in one: what each measured, the trial it chose, and all that it tried."""
    found: dict[str, Any] = {key: {} for key in (*MEASURES, "epoch", "chosen", "tried")}
    for tasks, run in runs.items():
        for key in (*MEASURES, "epoch"):
            found[key] |= run[key]
        found["chosen"][tasks] = best(losses[tasks])
        found["tried"][tasks] = [[*trial, loss] for trial, loss in losses[tasks].items()]
    return found


def parts_of(stored: Stored, name: str) -> dict[str, Callable[[], Any]]:
    """A way's networks one by one: all trials, then the chosen one in five shops."""
    shared, parts = base.WAYS[name][1], {}
    every: dict[str, Any] = {}
    for tasks in base.groups(shared):
        names = {trial: at(name, tasks, trial_of(trial)) for trial in trials(shared)}
        losses = {trial: stored.earlier(of) for trial, of in names.items()}
        every["+".join(tasks)] = losses
        parts |= {of: partial(tried, name, tasks, trial) for trial, of in names.items()}
        parts[at(name, tasks)] = partial(judged_best, name, tasks, losses, "sum")
        if shared:
            parts[f"{name}, each"] = partial(judged_best, name, tasks, losses, "each")
    runs = {"+".join(tasks): stored.earlier(at(name, tasks)) for tasks in base.groups(shared)}
    return {**parts, name: partial(together, every, runs)}


PARTS: dict[str, Callable[[], Any]] = {"small": small}
for _name in NAMES:
    PARTS |= parts_of(STORED, _name)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
