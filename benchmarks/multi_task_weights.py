"""What lesson 20 shows of the weight where tasks are related and where they are not.

    python benchmarks/multi_task_weights.py

measures what is missing or stale, each part kept in results/multi_task_weights.json as soon as
it is done: the weight of the purchase at rho 1 and 0 under both stopping rules, its twins, and
the plain rival that learns the trunk from the frequent tasks, freezes it, and fits a logistic
regression on its outputs. One learning rate for all, so nothing here is tuned but that
regression's penalty, on two other markets. Twins and the frozen trunk have ten markets, what
has many points five.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from machine import described
from multi_task_knobs import TENTH, case
from multi_task_knobs import code_files as files_of_the_knobs
from sklearn.linear_model import LogisticRegression

from course_utils import paths
from course_utils.authoring.fingerprint import code_hash
from course_utils.balancing.fixed import Fixed
from course_utils.columns import Table
from course_utils.comparison import Case
from course_utils.comparison.judging import measures
from course_utils.models import SharedBottom
from course_utils.regimes import shared_bottom as market
from course_utils.training import Trainer
from course_utils.training.history import History

RESULTS = paths.RESULTS / "multi_task_weights.json"

SEEDS, TUNING_SEEDS, FIVE = range(10), (100, 101), range(5)
"""Markets that judge, that choose a penalty, and that judge what has many points."""

RHOS = (1.0, 0.0)
WEIGHTS = (0.001, 0.01, 0.1, 1.0, 10.0)
RATE, EPOCHS, PATIENCE = 3e-3, 40, 6
STRENGTHS = (0.03, 0.1, 0.3, 1.0)
STARVED = "purchase"
TASKS = (*market.FREQUENT, STARVED)

Numbers = dict[str, list[float]]
"""Task -> the AUC of each market, against its true probabilities."""


def trainer_of(tasks: Sequence[str], batch_size: int = 256) -> Trainer:
    columns = case(SEEDS[0]).split.train.columns
    return Trainer(
        lambda: SharedBottom(columns, tasks, trunk=(64,), tower=(), embedding_dim=12),
        Fixed(),
        batch_size,
        weight_decay=1e-4,
    )


def fit(trainer: Trainer, one: Case, seed: int, keep: str = "sum") -> History:
    """Trained; a network of one task reads that task's rows alone."""
    train, valid = one.split.train, one.split.valid
    if len(trainer.network.tasks) == 1:
        train, valid = (table.take(table.mask(*trainer.network.tasks)) for table in (train, valid))
    return trainer.fit(train, valid, seed, RATE, EPOCHS, PATIENCE, keep)


def judged(one: Case, task: str, said: np.ndarray) -> float:
    return round(measures(one.truth[task], said)["auc"], 5)


def add(found: dict[str, Numbers], name: str, one: Case, said: Mapping[str, np.ndarray]) -> None:
    for task, p in said.items():
        found.setdefault(name, {}).setdefault(task, []).append(judged(one, task, p))


def kept_by_sum(losses: Sequence[float]) -> int:
    """The epoch that the rule "sum" keeps, were training ended by it."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= PATIENCE:
            break
    return best


def both_rules(trainer: Trainer, one: Case, seed: int) -> dict[str, dict[str, np.ndarray]]:
    """What the test rows are given by each stopping rule; the network is left as "sum" keeps it.

    Two runs of one seed are the same up to where the first ends, so one fit mostly gives both.
    """
    history = fit(trainer, one, seed, "each")
    each = trainer.predict(one.split.test)
    if kept_by_sum(history.valid_loss) != int(np.argmin(history.valid_loss)):
        fit(trainer, one, seed)
    return {"sum": trainer.network.predict(one.split.test), "each": each}


def outputs(network: SharedBottom, table: Table) -> np.ndarray:
    """``[n, h]``: what the trunk gives."""
    codes, numbers, _ = table.inputs
    return np.asarray(network.trunk(network.embed(codes, numbers))[0]).reshape(len(table), -1)


def regression(
    network: SharedBottom, one: Case, strength: float, rows: np.ndarray
) -> LogisticRegression:
    """For the purchase, on the trunk's outputs for these training rows."""
    train = one.split.train
    fitted = LogisticRegression(C=strength, max_iter=3000)
    return fitted.fit(outputs(network, train)[rows], train.labels[STARVED][rows])


def by_weight() -> dict[str, Any]:
    """rho -> "weight, rule" -> task -> AUC; "trunk" is how well the purchase can be read from the
    trunk by a regression that has the labels of all training rows."""
    trainer, result = trainer_of(TASKS), {}
    for rho in RHOS:
        found: dict[str, Numbers] = {}
        for seed in FIVE:
            one = case(seed, rho=rho)
            for weight in WEIGHTS:
                trainer.balancing.weights = (1.0, 1.0, 1.0, weight)
                for rule, said in both_rules(trainer, one, seed).items():
                    add(found, f"{weight:g}, {rule}", one, said)
                read = regression(
                    trainer.network, one, 1.0, np.ones(len(one.split.train), dtype=bool)
                )
                said = read.decision_function(outputs(trainer.network, one.split.test))
                add(found, f"{weight:g}, trunk", one, {STARVED: said})
        result[f"{rho:g}"] = found
    return result


def by_twins() -> dict[str, Any]:
    """rho -> name -> task -> AUC: every task alone, the purchase with two sizes of a batch."""
    small, large = trainer_of((STARVED,), 32), trainer_of((STARVED,))
    rich = [trainer_of((task,)) for task in market.FREQUENT]
    result = {}
    for rho in RHOS:
        found: dict[str, Numbers] = {}
        for seed in SEEDS:
            one = case(seed, rho=rho)
            named = [("batch 32", small), ("batch 256", large)]
            # The frequent tasks' labels do not depend on rho.
            for name, trainer in [*named, *(("batch 256", t) for t in rich if rho == RHOS[0])]:
                fit(trainer, one, seed)
                add(found, name, one, trainer.predict(one.split.test))
        result[f"{rho:g}"] = found
    return result


def by_frozen() -> dict[str, Any]:
    """rho -> task -> AUC: a trunk of the frequent tasks, frozen; for the purchase a logistic
    regression on its outputs."""
    trainer, result = trainer_of(market.FREQUENT), {}
    for rho in RHOS:

        def trained(seed: int, rho: float = rho) -> Case:
            one = case(seed, rho=rho)
            named = market.FREQUENT
            rich = replace(one.split, train=_of(one.split.train, named),
                           valid=_of(one.split.valid, named))  # fmt: skip
            fit(trainer, replace(one, split=rich), seed)
            return one

        losses = dict.fromkeys(STRENGTHS, 0.0)
        for seed in TUNING_SEEDS:
            one = trained(seed)
            valid = one.split.valid
            rows, seen = valid.mask(STARVED), outputs(trainer.network, valid)
            for strength in STRENGTHS:
                read = regression(trainer.network, one, strength, one.split.train.mask(STARVED))
                p = read.predict_proba(seen[rows])[:, 1]
                losses[strength] += measures(valid.labels[STARVED][rows], p)["log_loss"]
        chosen = min(losses, key=lambda strength: losses[strength])
        found: dict[str, Numbers] = {}
        for seed in SEEDS:
            one = trained(seed)
            add(found, "all", one, trainer.predict(one.split.test))
            read = regression(trainer.network, one, chosen, one.split.train.mask(STARVED))
            said = read.decision_function(outputs(trainer.network, one.split.test))
            add(found, "all", one, {STARVED: said})
        result[f"{rho:g}"] = {**found["all"], "C": chosen}
    return result


def _of(table: Table, tasks: Sequence[str]) -> Table:
    masks = {task: mask for task, mask in table.masks.items() if task in tasks}
    return replace(table, labels={task: table.labels[task] for task in tasks}, masks=masks)


def by_partner() -> dict[str, Any]:
    """Task -> AUC: saves learned with the purchase at a tenth, and nothing else."""
    trainer = trainer_of(("save", STARVED))
    trainer.balancing.weights = (1.0, TENTH)
    found: dict[str, Numbers] = {}
    for seed in FIVE:
        one = case(seed, ("save", STARVED))
        fit(trainer, one, seed)
        add(found, "save", one, trainer.predict(one.split.test))
    return found["save"]


PARTS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "twins": by_twins,
    "frozen": by_frozen,
    "partner": by_partner,
    "weight": by_weight,
}


def small() -> dict[str, float]:
    """What a test can recompute: one market, a run of each stopping rule."""
    one, trainer = case(TUNING_SEEDS[0]), trainer_of(TASKS)
    trainer.balancing.weights = (1.0, 1.0, 1.0, 10.0)
    said = both_rules(trainer, one, TUNING_SEEDS[0])
    return {rule: judged(one, "view", p["view"]) for rule, p in said.items()}


def code_files() -> list[Path]:
    """All code that makes the numbers."""
    return sorted({Path(__file__), *files_of_the_knobs()})


def load() -> dict[str, Any]:
    """What is stored; of other code nothing."""
    kept: dict[str, Any] = {}
    if RESULTS.exists():
        kept = json.loads(RESULTS.read_text(encoding="utf-8"))
    code = code_hash(code_files())
    return kept if kept.get("code") == code else {"code": code}


def main() -> None:
    kept = load()
    for name, measure in {"small": small, **PARTS}.items():
        if name in kept:
            continue
        before = time.process_time()
        kept[name] = measure()
        kept["seeds"], kept["five"], kept["tuning_seeds"] = [*SEEDS], [*FIVE], [*TUNING_SEEDS]
        kept["machine"] = described("tensorflow-cpu", "keras", "scikit-learn", "numpy")
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        print(f"{name}: {time.process_time() - before:.0f} CPU seconds", flush=True)


if __name__ == "__main__":
    main()
