"""Who gets the gradient? Adaptive weights, tuned fixed ones, and priorities (lesson 41).

    python benchmarks/allocation.py

measures what is missing or stale, each part kept in results/allocation.json as soon as it is
done: five minutes of one core. The market is that of ``regimes.shared_bottom``: three tasks with
labels on 10,000 rows, and the purchase with labels on 400. Every way has four trials: learning
rates, and its own dial where it has one; the fixed weight spends all four on a log grid about 1.

One trial of a way is chosen on the tuning markets for the purchase: the greatest mean gain over
its twin among the trials whose frequent tasks lose at most ``MARGIN`` of AUC on average, each of
them; if none does, the trial whose worst frequent task loses least. A second one is chosen for the
metric that the lesson reports: the greatest worst gain, (s - t) / (t - .5) over all four tasks.

A task's loss is a mean over its own labels in the batch. So *equal weights* are equal tasks: one of
the purchase's labels counts as much as 25 of a click. *Equal labels* weighs the purchase by its
share of rows with a label.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored

from course_utils import paths
from course_utils.backend import keras, tf
from course_utils.balancing.dwa import DWA
from course_utils.balancing.fixed import Fixed
from course_utils.balancing.gradnorm import GradNorm
from course_utils.balancing.uncertainty import Uncertainty
from course_utils.balancing.weighting import Weighting, ones
from course_utils.comparison.case import Case
from course_utils.comparison.judging import measures
from course_utils.models import SharedBottom
from course_utils.regimes import shared_bottom
from course_utils.training import Trainer

SEEDS, TUNING_SEEDS = range(6), (100, 101)
"""Markets that judge, and markets that choose."""

TASKS = (*shared_bottom.FREQUENT, "purchase")
MAIN = "purchase"
MARGIN = 0.005
WIDTH, EPOCHS, PATIENCE = 64, 30, 5
TWO_RATES, FOUR_RATES = (3e-3, 1e-2), (3e-3, 5e-3, 1e-2, 2e-2)
ROWS, FEW = 10_000, 400
"""Training rows, and those with a label of the purchase: what ``shared_bottom.make`` gives."""


class Guardrails(Weighting):
    """Minimise the last task's loss while every other task's stays at or below its limit.

    L = L_main + sum_k l_k L_k; after each epoch l_k <- l_k exp(speed (L_k - limit_k)), which is
    dual ascent on log l: a multiplier grows while its limit is broken and falls while there is
    room. All are scaled to sum K, which leaves the direction as it is.

    Args:
        slack: what may be lost, in nats, beside the twin's training loss at its best epoch.
    """

    def __init__(self, slack: float, speed: float = 20.0) -> None:
        self.slack, self.speed = slack, speed
        self.limits = np.zeros(len(TASKS) - 1)

    def initial(self, n_tasks: int, seed: int) -> dict[str, np.ndarray]:
        self.raw = np.ones(n_tasks)
        return {"weights": ones(n_tasks)}

    def total(self, losses: Any) -> Any:
        return tf.reduce_sum(self.state["weights"] * losses)

    def after_epoch(self, losses: np.ndarray) -> None:
        over = losses[:-1] - self.limits - self.slack
        self.raw[:-1] = np.clip(self.raw[:-1] * np.exp(self.speed * over), 1e-3, 1e3)
        self.state["weights"].assign(len(losses) * self.raw / self.raw.sum())


class Stopped(SharedBottom):
    """Shared-Bottom whose purchase reads the trunk and does not shape it."""

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, _ = inputs
        shared = self.trunk(self.embed(codes, numbers))
        stopped = self.towers(keras.ops.stop_gradient(shared))
        return {**self.towers(shared), MAIN: stopped[MAIN]}


@dataclass(frozen=True)
class Trial:
    """One setting of one way to give the gradient away."""

    rate: float = 3e-3
    weight: float = 1.0
    batch: int = 256
    make: Callable[[], Weighting] = Fixed
    network: type[SharedBottom] = SharedBottom
    name: str = field(default="", compare=False)


def _four(word: str, values: Sequence[float], of: Callable[[float], dict[str, Any]]) -> list[Trial]:
    """Two values of a way's own dial, each at two learning rates."""
    return [
        Trial(rate=rate, **made, name=f"{word} {value:g}, rate {rate:g}")
        for value, made in ((value, of(value)) for value in values)
        for rate in TWO_RATES
    ]


WAYS: Mapping[str, Sequence[Trial]] = {
    "equal weights": [Trial(rate=rate, name=f"rate {rate:g}") for rate in FOUR_RATES],
    "equal labels": [
        Trial(rate=rate, weight=FEW / ROWS, name=f"rate {rate:g}") for rate in FOUR_RATES
    ],
    "tuned fixed weight": [
        Trial(weight=weight, name=f"weight {weight:g}") for weight in (0.01, 0.1, 1.0, 10.0)
    ],
    "DWA": _four("temperature", (0.5, 2.0), lambda t: {"make": partial(DWA, t)}),
    "GradNorm": _four("alpha", (0.0, 1.5), lambda a: {"make": partial(GradNorm, a)}),
    "uncertainty": [
        Trial(rate=rate, make=Uncertainty, name=f"rate {rate:g}") for rate in FOUR_RATES
    ],
    "guardrails": _four("slack", (0.0, 0.02), lambda s: {"make": partial(Guardrails, s)}),
    "stop-gradient": [
        Trial(rate=rate, network=Stopped, name=f"rate {rate:g}") for rate in FOUR_RATES
    ],
}
"""Way -> its four trials."""

TWINS = {
    "frequent": ((128, 3e-3), (256, 3e-3), (256, 1e-2), (256, 2e-2)),
    "purchase": ((32, 3e-3), (32, 1e-2), (128, 3e-3), (128, 1e-2)),
}
"""Batch and learning rate of the network of one task: four trials as well."""


def trainer_of(trial: Trial, tasks: tuple[str, ...]) -> Trainer:
    """One graph serves every learning rate, and every fixed weight."""
    return _trainer_of(replace(trial, rate=1.0, weight=1.0), tasks)


@cache
def _trainer_of(trial: Trial, tasks: tuple[str, ...]) -> Trainer:
    columns = shared_bottom.make(0).split.train.columns
    return Trainer(
        lambda: trial.network(columns, tasks, trunk=(WIDTH,), tower=(), embedding_dim=12),
        trial.make(),
        trial.batch,
        weight_decay=1e-4,
    )


@cache
def market(seed: int) -> Case:
    return shared_bottom.make(seed)


LIMITS: dict[int, list[float]] = {}
"""Market -> the training losses of the frequent tasks' twins at their best epochs."""


@dataclass(frozen=True)
class Run:
    """One training.

    Attributes:
        auc: of each task by the true chances, by its own best epoch's weights.
        once: the same by one epoch's weights for all, that of the least sum of losses.
        weights: by epoch.
        training: each task's training loss at the epoch that was kept for it.
        ends: each task's training loss in the last epoch.
        valid: each task's validation loss at its kept epoch.
    """

    auc: dict[str, float]
    once: dict[str, float]
    weights: list[list[float]]
    training: list[float]
    ends: list[float]
    valid: list[float]


def fitted(trial: Trial, one: Case, seed: int, tasks: tuple[str, ...] = TASKS) -> Run:
    """Train one setting in one market; the seed is that of weights and order."""
    trainer = trainer_of(trial, tasks)
    train, valid = one.split.train, one.split.valid
    if len(tasks) == 1:
        train, valid = (table.take(table.mask(tasks[0])) for table in (train, valid))
    elif isinstance(trainer.balancing, Fixed):
        trainer.balancing.weights = (*[1.0] * (len(tasks) - 1), trial.weight)
    elif isinstance(trainer.balancing, Guardrails):
        trainer.balancing.limits = np.array(LIMITS[seed])
    history = trainer.fit(train, valid, seed, trial.rate, EPOCHS, PATIENCE, "each")
    best, which = history.best_epochs(), range(len(tasks))
    return Run(
        aucs(one, trainer.predict(one.split.test)),
        aucs(one, trainer.network.predict(one.split.test)),
        np.round(history.weights, 4).tolist(),
        [round(float(history.task_losses[best[k]][k]), 5) for k in which],
        np.round(history.task_losses[-1], 5).tolist(),
        [round(float(history.valid_task_losses[best[k]][k]), 5) for k in which],
    )


def aucs(one: Case, said: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Task -> AUC of what was said of the test rows, by the true chances."""
    return {task: round(float(measures(one.truth[task], p)["auc"]), 5) for task, p in said.items()}


def twins() -> dict[str, Any]:
    """Which trial each task's twin has, and its AUC in all markets; with the limits."""
    found: dict[str, Any] = {"chosen": {}, "auc": {}, "tuning": {}, "limits": {}}
    for task in TASKS:
        trials = [
            Trial(rate=rate, batch=batch, name=f"batch {batch}, rate {rate:g}")
            for batch, rate in TWINS["purchase" if task == MAIN else "frequent"]
        ]
        tried = [[fitted(trial, market(s), s, (task,)) for s in TUNING_SEEDS] for trial in trials]
        best = int(np.argmax([np.mean([one.auc[task] for one in runs]) for runs in tried]))
        judged = [fitted(trials[best], market(seed), seed, (task,)) for seed in SEEDS]
        found["chosen"][task] = trials[best].name
        found["auc"][task] = [one.auc[task] for one in judged]
        found["tuning"][task] = [one.auc[task] for one in tried[best]]
        if task != MAIN:
            for seed, run in zip([*SEEDS, *TUNING_SEEDS], [*judged, *tried[best]], strict=True):
                found["limits"].setdefault(str(seed), []).append(run.training[0])
    return found


def way(trials: Sequence[Trial], twin: Mapping[str, Any]) -> dict[str, Any]:
    """The trials that the two rules choose, and what they give in the markets that judge."""
    LIMITS.update({int(seed): of for seed, of in twin["limits"].items()})
    gains, least = [], []
    for trial in trials:
        auc = [fitted(trial, market(seed), seed).auc for seed in TUNING_SEEDS]
        over = {
            task: np.subtract([one[task] for one in auc], twin["tuning"][task]) for task in TASKS
        }
        gains.append({task: float(of.mean()) for task, of in over.items()})
        least.append(
            min(np.mean(of / np.subtract(twin["tuning"][task], 0.5)) for task, of in over.items())
        )
    worst = [min(gain[task] for task in shared_bottom.FREQUENT) for gain in gains]
    passing = [k for k, one in enumerate(worst) if one >= -MARGIN]
    best = max(passing, key=lambda k: gains[k][MAIN]) if passing else int(np.argmax(worst))
    fairest = int(np.argmax(least))
    runs = {k: [fitted(trials[k], market(seed), seed) for seed in SEEDS] for k in {best, fairest}}
    return {
        "chosen": trials[best].name,
        "chosen for the worst": trials[fairest].name,
        "tried": {
            trial.name: {task: round(of, 5) for task, of in gain.items()}
            for trial, gain in zip(trials, gains, strict=True)
        },
        "worst gains": [round(float(one), 5) for one in least],
        "passes": bool(passing),
        "auc": {task: [run.auc[task] for run in runs[best]] for task in TASKS},
        "auc for the worst": {task: [run.auc[task] for run in runs[fairest]] for task in TASKS},
        "auc at one epoch": {task: [run.once[task] for run in runs[best]] for task in TASKS},
        "weights": [run.weights for run in runs[best]],
        "ends": [run.ends for run in runs[best]],
        "valid": [run.valid for run in runs[best]],
    }


def frozen(ways: Mapping[str, tuple[Sequence[Trial], str, Any]]) -> dict[str, Any]:
    """Does it matter that weights move? Each adaptive way against its own mean weights, fixed.

    Args:
        ways: way -> its trials, the name of the chosen one, and its weights in each market.
    """
    found: dict[str, Any] = {}
    for name, (trials, best, weights) in ways.items():
        [chosen] = [trial for trial in trials if trial.name == best]
        auc = []
        for seed in SEEDS:
            fixed = trainer_of(Trial(rate=chosen.rate), TASKS)
            assert isinstance(fixed.balancing, Fixed)
            fixed.balancing.weights = np.mean(weights[seed], axis=0)
            one = market(seed)
            fixed.fit(one.split.train, one.split.valid, seed, chosen.rate, EPOCHS, PATIENCE, "each")
            auc.append(aucs(one, fixed.predict(one.split.test)))
        found[name] = {task: [of[task] for of in auc] for task in TASKS}
    return found


def small() -> dict[str, float]:
    """One trial in one market, for the test."""
    return fitted(WAYS["tuned fixed weight"][0], market(0), 0).auc


STORED = Stored(
    paths.RESULTS / "allocation.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)


PARTS: Mapping[str, Callable[[], Any]] = {
    "small": small,
    "twins": twins,
    **{name: partial(way, trials, STORED.earlier("twins")) for name, trials in WAYS.items()},
    "frozen": partial(
        frozen,
        {
            name: (WAYS[name], STORED.earlier(name, "chosen"), STORED.earlier(name, "weights"))
            for name in ("DWA", "GradNorm", "uncertainty", "guardrails")
        },
    ),
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
