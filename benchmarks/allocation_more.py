"""Is it the stopping? And other kinds of market: more labels, a taste of its own.

For lesson 41.

    python benchmarks/allocation_more.py

keeps results/allocation_more.json, each part as soon as it is done; five minutes of one core, for
the settings that benchmarks/allocation.py has chosen for the purchase; nothing is tuned again.

- **best epoch**: the losers in hindsight. Every way keeps the purchase's weights of the epoch with
  its least validation loss, which comes early where chances are too sure of themselves, while its
  AUC still rises. Here each setting trains all epochs, and the best of them all is taken **on the
  test rows**: more than any stopping rule can give.
- **4,000 labels**: the same markets with ten times the purchase's labels.
- **own taste**: the same markets with rho = 0, in which the frequent tasks show nothing of what
  moves the purchase, and its labels are as few.
- **shares**: does GradNorm read how many labels there are? The purchase's mean share of all
  weights with labels on 400, 4,000 and all rows.

Guardrails are left out of the other markets: their bounds need twins, which are trained in the
first kind alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import allocation
import numpy as np
from parts import Stored

from course_utils import paths
from course_utils.backend import tf
from course_utils.balancing.fixed import Fixed
from course_utils.comparison.case import Case
from course_utils.regimes import shared_bottom
from course_utils.training.history import History

LOSERS = ("equal weights", "DWA", "GradNorm", "uncertainty")
WAYS = (*LOSERS, "equal labels", "tuned fixed weight", "stop-gradient")
MANY = 4_000


def at_best(trial: allocation.Trial, seed: int) -> float:
    """The purchase's greatest AUC on the test rows, of all epochs."""
    one, trainer = allocation.market(seed), allocation.trainer_of(trial, allocation.TASKS)
    if isinstance(trainer.balancing, Fixed):
        trainer.balancing.weights = (1.0, 1.0, 1.0, trial.weight)
    trainer._start(seed, trial.rate)
    data, n = trainer._tensors(one.split.train), len(one.split.train)
    order = np.random.Generator(np.random.PCG64(seed))
    history, found = History(trainer.network.tasks), []
    for _ in range(allocation.EPOCHS):
        rows = order.permutation(n)[: n // trial.batch * trial.batch].reshape(-1, trial.batch)
        trainer._epoch(tf.constant(rows, tf.int32), data, history)
        said = trainer.network.predict(one.split.test)
        found.append(allocation.aucs(one, said)[allocation.MAIN])
    return max(found)


Ways = Mapping[str, tuple[Sequence[allocation.Trial], str]]
"""Way -> its trials, and the name of the one that was chosen for the purchase."""


def chosen(trials: Sequence[allocation.Trial], name: str) -> allocation.Trial:
    [trial] = [one for one in trials if one.name == name]
    return trial


def best_epoch(ways: Ways) -> dict[str, list[float]]:
    """Way -> an AUC of the purchase a market."""
    return {
        name: [at_best(chosen(*way), seed) for seed in allocation.SEEDS]
        for name, way in ways.items()
    }


def elsewhere(ways: Ways, make: Callable[[int], Case], few: int) -> dict[str, Any]:
    """Way -> task -> an AUC a market, in other markets; equal labels by their count there."""
    found: dict[str, Any] = {}
    for name, way in ways.items():
        trial = chosen(*way)
        if name == "equal labels":
            trial = replace(trial, weight=few / allocation.ROWS)
        runs = [allocation.fitted(trial, make(seed), seed).auc for seed in allocation.SEEDS]
        found[name] = {task: [auc[task] for auc in runs] for task in allocation.TASKS}
    return found


def shares(way: tuple[Sequence[allocation.Trial], str]) -> dict[str, list[float]]:
    """Labels of the purchase -> its mean share of GradNorm's weights, a market."""
    trial = chosen(*way)
    found: dict[str, list[float]] = {}
    for few in (allocation.FEW, MANY, allocation.ROWS):
        found[str(few)] = []
        for seed in allocation.SEEDS:
            run = allocation.fitted(trial, shared_bottom.make(seed, few=few), seed)
            share = np.mean(run.weights, axis=0)[-1] / len(allocation.TASKS)
            found[str(few)].append(round(float(share), 4))
    return found


STORED = Stored(
    paths.RESULTS / "allocation_more.json",
    {"seeds": allocation.SEEDS},
)


def ways(*names: str) -> dict[str, Any]:
    return {
        name: (allocation.WAYS[name], allocation.STORED.earlier(name, "chosen")) for name in names
    }


PARTS: dict[str, Callable[[], Any]] = {
    "best epoch": partial(best_epoch, ways(*LOSERS)),
    "4,000 labels": partial(elsewhere, ways(*WAYS), partial(shared_bottom.make, few=MANY), MANY),
    "own taste": partial(
        elsewhere, ways(*WAYS), partial(shared_bottom.make, rho=0.0), allocation.FEW
    ),
    "shares": partial(shares, ways("GradNorm")["GradNorm"]),
}

if __name__ == "__main__":
    STORED.measure(PARTS)
