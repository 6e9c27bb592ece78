"""The loose family in five shops that chose nothing and gave no idea; a trained unknown id.

For lesson 33.

    python benchmarks/adding_a_scenario_fresh.py

measures what is missing or stale, kept in results/adding_a_scenario_fresh.json, a part a shop;
some three minutes. That new rows have to weigh more was seen in the shops 0 to 4 of
``adding_a_scenario.py``, so it is judged here, with the settings that were chosen there. In shops
0 to 4 only the trained unknown id is new.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import adding_a_scenario as base
import adding_a_scenario_weighed as weighed
import numpy as np
from parts import Stored

from course_utils import paths
from course_utils.columns import Split, Table
from course_utils.comparison import Contender, crossed_logistic_regression, gradient_boosting

SHOPS = range(5, 10)
SIMILARITY, FEW = 0.2, 3_000
HIDDEN = 0.1
"""The share of rows that lose their id while the network of nine learns."""

Aucs = dict[str, float]


def without_some_ids(table: Table, rng: np.random.Generator) -> Table:
    codes = table.codes.copy()
    codes[rng.random(len(codes)) < HIDDEN, 0] = 0
    return replace(table, codes=codes)


def trained_unknown(seed: int) -> Aucs:
    """The network of nine markets again, its row of the unknown id trained by id dropout."""
    one, train, valid = base.with_new(seed, SIMILARITY, FEW)
    rng = np.random.default_rng(seed)
    base.SOURCE.update(old=None, columns=one.split.train.columns)
    trainer = base.trainer_of("from scratch, all markets", base.WIDTH, base.BATCH, 0.1)
    trainer.fit(
        without_some_ids(one.split.train.take(~train), rng),
        without_some_ids(one.split.valid.take(~valid), rng),
        seed + 500,
        3e-3,
        base.EPOCHS,
        base.PATIENCE,
    )
    codes = base.unknown(one.split.test)
    return base.by_market(one, trainer.network.predict(codes)["click"])


STRENGTHS = (0.003, 0.03, 0.3)
KNOWN = [pair for pair in base.CROSSES if "market" not in pair]
"""The crosses that the made-up shop's truth is nearly a sum of."""
TREES: dict[str, Sequence[Any]] = {
    "max_iter": (30, 100),
    "learning_rate": (0.03, 0.1),
    "max_leaf_nodes": (15,),
    "min_samples_leaf": (100,),
    "l2_regularization": (10.0,),
}
ALONE: dict[str, tuple[Contender, int]] = {
    "logistic regression, alone": (crossed_logistic_regression(KNOWN, STRENGTHS), 3),
    "logistic regression without crosses, alone": (crossed_logistic_regression([], STRENGTHS), 3),
    "boosting, alone": (gradient_boosting(TREES), 4),
}
"""Rivals that see the new market alone, and how many settings each has."""


def alone_split(seed: int) -> tuple[Any, Split]:
    one, train, valid = base.with_new(seed, SIMILARITY, FEW)
    return one, Split(one.split.train.take(train), one.split.valid.take(valid), one.split.test)


@cache
def chosen(name: str) -> Any:
    """The setting with the least validation loss in the shops that choose."""
    made, number = ALONE[name]

    def loss(trial: Any) -> float:
        found = []
        for seed in base.TUNING_SEEDS:
            _, split = alone_split(seed)
            said = made.fit(split, seed, trial, ["click"], "valid")["click"]
            found.append(base.measures(split.valid.labels["click"], said)["log_loss"])
        return float(np.mean(found))

    return min(made.trials(number, 1), key=loss)


def alone(name: str, seed: int) -> Aucs:
    one, split = alone_split(seed)
    return base.by_market(
        one, ALONE[name][0].fit(split, seed, chosen(name), ["click"], "test")["click"]
    )


def heavy(way: str, times: int, seed: int) -> Aucs:
    """New rows ``times`` times, the snapshot for both in equal parts."""
    auc: Aucs = weighed.run(way, (times, 3e-3), seed, SIMILARITY, FEW)["auc"]
    return auc


def plain(way: str, rate: float, seed: int) -> Aucs:
    """As in ``adding_a_scenario.py``."""
    auc: Aucs = base.run(way, (rate, 0.1), seed, SIMILARITY, FEW, base.WIDTH)["auc"]
    return auc


def shop(seed: int) -> dict[str, Aucs]:
    """Way -> market -> AUC."""
    if seed not in SHOPS:
        return {"default id, trained": trained_unknown(seed)}
    one, *_ = base.with_new(seed, SIMILARITY, FEW)
    old = base.old_network(seed, SIMILARITY, FEW, base.WIDTH)
    return {
        "default id": base.by_market(one, old.predict(base.unknown(one.split.test))["click"]),
        "default id, trained": trained_unknown(seed),
        "LoRA and head": plain("LoRA and head", 1e-2, seed),
        "fine-tuning on the new market": plain("fine-tuning on the new market", 1e-2, seed),
        "replay": plain("replay", 1e-2, seed),
        "replay, rate 0.003": plain("replay", 3e-3, seed),
        "replay, rate 0.003, snapshot for both": heavy("replay", 1, seed),
        "replay, weighed": heavy("replay", 2, seed),
        "from scratch, all markets": plain("from scratch, all markets", FROM_SCRATCH, seed),
        "from scratch, weighed": heavy("from scratch, all markets", 2, seed),
        **{name: alone(name, seed) for name in ALONE},
        "oracle": base.by_market(one, one.truth["click"]),
    }


FROM_SCRATCH = 1e-2
PARTS = {f"shop {seed}": partial(shop, seed) for seed in (*SHOPS, *range(SHOPS.start))}

STORED = Stored(
    paths.RESULTS / "adding_a_scenario_fresh.json",
    {"seeds": SHOPS, "tuning_seeds": base.TUNING_SEEDS},
)


if __name__ == "__main__":
    STORED.measure(PARTS)
