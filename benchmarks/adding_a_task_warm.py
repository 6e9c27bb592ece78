"""The new head first, then the rest: what a warm-up is worth to the ways that move the trunk.

For lesson 33.

    python benchmarks/adding_a_task_warm.py

measures what is missing or stale, kept in results/adding_a_task_warm.json; some five minutes.
Markets, rows, rates, stop and rule of choice are those of ``adding_a_task.py``; the one
difference is the head of the purchase, which has been trained on the frozen trunk before.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import adding_a_task as base
import numpy as np
from parts import Stored

from course_utils import paths
from course_utils.balancing.fixed import Fixed
from course_utils.models import SharedBottom
from course_utils.training import Trainer

HEAD, FEW, WIDTH = "head on the frozen trunk", 400, 64
HEAD_WAY = base.WAYS["head on the frozen trunk"]
HEAD_RATES = {1.0: 3e-2, 0.5: 1e-2, 0.0: 3e-2}
"""By rho: what ``adding_a_task.py`` chose for the head (a test compares)."""

LOWER: base.Trials = tuple((rate, 1.0) for rate in (3e-4, 1e-3, 3e-3, 1e-2))
TRIALS: Mapping[str, base.Trials] = {
    "fine-tuning on the new task": LOWER,
    "LwF": base.KEPT,
    "replay": base.JOINT,
}
WARM: dict[str, Any] = {"head": None}


def _begun(kind: type[SharedBottom], tasks: Sequence[str]) -> SharedBottom:
    """The old network with the head of the purchase that was trained before."""
    network = base._started(kind, tasks, WIDTH, "warm")
    if WARM["head"] is not None:
        before = base.SOURCE["old"].towers.get_weights() if len(tasks) > 1 else None
        heads = WARM["head"]
        if before is not None:
            heads = [np.concatenate([a, b]) for a, b in zip(before, heads, strict=True)]
        network.towers.set_weights(heads)
    return network


@cache
def _trainer(way: base.Way) -> Trainer:
    kind, _, rows, _ = way
    tasks = (base.NEW,) if rows == "new" else base.TASKS
    batch = 256 if rows == "joint" else 32
    return Trainer(lambda: _begun(kind, tasks), Fixed(), batch, weight_decay=1e-4)


@cache
def _head(seed: int, rho: float) -> tuple[Any, float]:
    """Weights of the trained head, and its CPU seconds."""
    found = base.run(HEAD_WAY, (HEAD_RATES[rho], 1.0), seed, rho, FEW, WIDTH)
    head = base.trainer_of(HEAD_WAY, WIDTH, 32).network.towers.get_weights()
    return head, found["seconds"]


def run(way: base.Way, trial: base.Trial, seed: int, rho: float) -> dict[str, Any]:
    """As ``base.run``, from the trained head on."""
    _, _, rows, _ = way
    one, old = base.market(seed, rho, FEW), base.old_network(seed, WIDTH)
    WARM["head"], first = _head(seed, rho)
    base.SOURCE["old"] = old
    trainer, (train, valid) = _trainer(way), (one.split.train, one.split.valid)
    if rows != "joint":
        train, valid = base.labelled(train), base.labelled(valid)
    rate, factor = trial
    weight = FEW / len(one.split.train) * factor
    trainer.balancing.weights = {  # type: ignore[union-attr]
        "new": (1.0,),
        "joint": (1.0, 1.0, 1.0, weight),
        "kept": (factor, factor, factor, 1.0),
    }[rows]
    before = time.process_time()
    trainer.fit(train, valid, seed, rate, base.EPOCHS, base.PATIENCE)
    seconds = time.process_time() - before + first
    network = now = trainer.network
    if rows == "new":
        now = base.plain(base.OLD, WIDTH)
        now.set_weights(old.get_weights())
        now.embed.set_weights(network.embed.get_weights())
        now.trunk.set_weights(network.trunk.get_weights())
    test, checked = one.split.test, base.labelled(one.split.valid)
    p = {task: now.predict(test)[task] for task in base.OLD}
    p[base.NEW] = network.predict(test)[base.NEW]
    y, then, earlier = one.split.valid.labels, *(n.predict(one.split.valid) for n in (now, old))
    change = [
        base.measures(y[task], then[task])["auc"] - base.measures(y[task], earlier[task])["auc"]
        for task in base.OLD
    ]
    loss = base.measures(checked.labels[base.NEW], network.predict(checked)[base.NEW])["log_loss"]
    return {
        "valid": float(loss),
        "valid change": float(min(change)),
        "scores": base.scores(one, p),
        "seconds": round(seconds, 2),
    }


def of_way(way: base.Way, trials: base.Trials, rho: float) -> dict[str, Any]:
    tried = [[run(way, trial, s, rho) for s in base.TUNING_SEEDS] for trial in trials]
    best = base.chosen(tried)
    runs = [run(way, trials[best], seed, rho) for seed in base.SEEDS]
    return {
        "chosen": trials[best],
        "tried": [
            [
                round(float(np.mean([one[of] for one in found])), 5)
                for of in ("valid", "valid change")
            ]
            for found in tried
        ],
        "auc": {task: [one["scores"][task]["auc"] for one in runs] for task in base.TASKS},
        "seconds": [one["seconds"] for one in runs],
    }


def cold(rate: float, rho: float, few: int, width: int) -> dict[str, Any]:
    """Fine-tuning at one rate, no warm-up."""
    way = base.WAYS["fine-tuning on the new task"]
    runs = [base.run(way, (rate, 1.0), seed, rho, few, width) for seed in base.SEEDS]
    return {"auc": {task: [one["scores"][task]["auc"] for one in runs] for task in base.TASKS}}


def small() -> dict[str, float]:
    """One way in one market, for the test."""
    found = run(base.WAYS["LwF"], (1e-3, 10.0), 0, 1.0)["scores"]
    return {task: of["auc"] for task, of in found.items()}


COLD = [(3e-4, 1.0, 400, 64), (1e-3, 0.0, 4_000, 64), (1e-3, 0.0, 4_000, 256)]


def named(rate: float, rho: float, few: int, width: int) -> str:
    return f"no warm-up, rate {rate:g}, rho {rho:g}, {few} labels, width {width}"


PARTS = {
    "small": small,
    **{
        f"{way}, rho {rho:g}": partial(of_way, base.WAYS[way], TRIALS[way], rho)
        for way in ("LwF", "fine-tuning on the new task")
        for rho in base.RHOS
    },
    **{named(*one): partial(cold, *one) for one in COLD},
    **{
        f"replay, rho {rho:g}": partial(of_way, base.WAYS["replay"], TRIALS["replay"], rho)
        for rho in base.RHOS
    },
}

STORED = Stored(
    paths.RESULTS / "adding_a_task_warm.json",
    {"seeds": base.SEEDS, "tuning_seeds": base.TUNING_SEEDS},
)


if __name__ == "__main__":
    STORED.measure(PARTS)
