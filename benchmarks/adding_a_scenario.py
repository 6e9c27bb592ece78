"""A tenth market for a network of nine; and networks of 3, 10 and 30 markets (lesson 33).

    python benchmarks/adding_a_scenario.py

measures what is missing or stale, each part kept in results/adding_a_scenario.json as soon as it
is done. Markets are those of ``Shop.markets``, of Zipf's sizes; the label is the click, judged by
the true probabilities. Five shops judge, two others choose.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from parts import Stored

from course_utils import paths
from course_utils.backend import keras
from course_utils.balancing.fixed import Fixed
from course_utils.columns import Columns, Split, Table
from course_utils.comparison import (
    ALL_ROWS,
    Case,
    Contender,
    as_given,
    compare_all,
    crossed_logistic_regression,
    gradient_boosting,
    network,
    network_per_scenario,
    network_per_task,
    scenario_column,
)
from course_utils.comparison.judging import measures
from course_utils.models import STAR, MMoE, PEPNet, SharedBottom
from course_utils.shop import Shop
from course_utils.training import Trainer

ops = keras.ops

SEEDS, TUNING_SEEDS = range(5), (100, 101)
"""Shops that judge, and shops that choose."""

MARKETS, NEW = 10, "M05"
EMBEDDED, NUMBERS = ["segment", "city", "category", "brand"], ["price", "price_sensitivity"]
N_TRAIN, N_VALID, N_TEST = 60_000, 10_000, 25_000
WIDTH = 32
EPOCHS, PATIENCE, BATCH, E = 30, 4, 256, 8
MARGIN = 0.005
RANK = 4
CROSSES = [("segment", "category"), ("segment", "brand"), ("price", "price_sensitivity")]
CROSSES += [("market", name) for name in [*EMBEDDED, *NUMBERS]]


@cache
def rows_of(seed: int, similarity: float, markets: int) -> pd.DataFrame:
    made = Shop(seed, similarity=similarity).markets(N_TRAIN + N_VALID + N_TEST, scenarios=markets)
    return made.assign(price=np.log(made["price"]))


def tables(parts: Sequence[pd.DataFrame]) -> Case:
    columns = Columns.fit(parts[0], EMBEDDED, NUMBERS, scenario="market")
    split = Split(*(columns.table(part, ["click"]) for part in parts))
    p = {"click": parts[2]["p_click"].to_numpy()}
    return Case(split, truth=p, visible=p, judged={"click": np.ones(len(parts[2]), bool)})


@cache
def case(seed: int, similarity: float, markets: int) -> Case:
    """Half of the rows to learn from, for the networks of 3, 10 and 30 markets."""
    rows = rows_of(seed, similarity, markets)
    rows = rows[N_TRAIN // 2 :]
    at = (0, N_TRAIN // 2, N_TRAIN // 2 + N_VALID, len(rows))
    return tables([rows[low:high] for low, high in pairwise(at)])


@cache
def with_new(seed: int, similarity: float, few: int) -> tuple[Case, np.ndarray, np.ndarray]:
    """The ten markets as a column too; which training and validation rows are the new one's.

    The new market has ``few`` training rows and a third as many to choose by.
    """
    rows = rows_of(seed, similarity, MARKETS)
    before, test = rows[: N_TRAIN + N_VALID], rows[N_TRAIN + N_VALID :]
    own, others = (before[(before["market"] == NEW) == new] for new in (True, False))
    cut = len(others) * 4 // 5
    train = pd.concat([own[:few], others[:cut]]).sort_index()
    valid = pd.concat([own[few : few + few // 3], others[cut:]]).sort_index()
    one = tables([train, valid, test])
    wider = replace(one, split=scenario_column(one.split))
    return wider, (train["market"] == NEW).to_numpy(), (valid["market"] == NEW).to_numpy()


def unknown(table: Table) -> Table:
    """The same rows; the new market has the code of what is unknown."""
    codes = table.codes.copy()
    new = codes[:, 0] == 1 + list(table.columns.scenarios).index(NEW)
    codes[new, 0] = 0
    return replace(table, codes=codes)


class Row(keras.layers.Layer):
    """One vector, 0 at first, added to the first columns of x."""

    def build(self, *_: Any) -> None:
        self.own = self.add_weight((E,), "zeros", name="own")
        self.built = True

    def call(self, x: Any) -> Any:
        return x + ops.pad(self.own, [[0, x.shape[1] - E]])


class NewId(SharedBottom):
    """The old network, in which one vector is new: that of the new market, in its column's slot."""

    def make_weights(self) -> None:
        self.row = Row()
        super().make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, _ = inputs
        return self.towers(self.trunk(self.row(self.embed(codes, numbers))))


class NewLora(SharedBottom):
    """relu(x (W + A B) + b) and a head of its own; W, b and the embeddings stand still."""

    def make_weights(self) -> None:
        self.down = keras.layers.Dense(RANK, use_bias=False)
        self.up = keras.layers.Dense(
            self.settings["trunk"][0], use_bias=False, kernel_initializer="zeros"
        )
        super().make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, _ = inputs
        x, [layer] = self.embed(codes, numbers), self.trunk.layers
        h = layer(x)  # its weights exist from here on
        h = ops.matmul(x, layer.kernel[0]) + layer.bias[0] + self.up(self.down(x))
        return self.towers(ops.relu(h)[None])


SOURCE: dict[str, Any] = {"old": None, "columns": None}

KINDS: Mapping[str, tuple[type[SharedBottom], str, bool, str]] = {
    "network alone": (SharedBottom, "fresh", False, "new"),
    "new id, frozen trunk": (NewId, "frozen", True, "new"),
    "new head, frozen trunk": (SharedBottom, "frozen", False, "new"),
    "LoRA and head": (NewLora, "frozen", False, "new"),
    "fine-tuning on the new market": (SharedBottom, "warm", False, "new"),
    "replay": (SharedBottom, "warm", False, "all"),
    "from scratch, all markets": (SharedBottom, "fresh", False, "all"),
}
"""Way -> network, where it starts, does the old head stand still, whose rows it reads."""

TRIALS: Sequence[tuple[float, float]] = [(1e-3, 0.1), (3e-3, 0.1), (1e-2, 0.1)]
"""Learning rate and weight decay."""


def _made(kind: type[SharedBottom], width: int, how: str, hold_head: bool) -> SharedBottom:
    made = kind(SOURCE["columns"], ("click",), trunk=(width,), tower=(), embedding_dim=E)
    old = SOURCE["old"]
    if how != "fresh" and old is not None:
        made.embed.set_weights(old.embed.get_weights())
        made.trunk.set_weights(old.trunk.get_weights())
        made.towers.set_weights(old.towers.get_weights())
    if how == "frozen":
        made.embed.trainable = made.trunk.trainable = False
        made.towers.trainable = not hold_head
    return made


@cache
def _trainer(name: str, width: int, batch: int, _sizes: tuple[int, ...]) -> Trainer:
    kind, how, hold, _ = KINDS[name]
    return Trainer(lambda: _made(kind, width, how, hold), Fixed(), batch, 1.0, embedding_l2=1e-4)


def trainer_of(name: str, width: int, batch: int, decay: float) -> Trainer:
    trainer = _trainer(name, width, batch, SOURCE["columns"].sizes)
    trainer.weight_decay = decay
    return trainer


@cache
def old_network(seed: int, similarity: float, few: int, width: int) -> SharedBottom:
    """The network of nine markets; the market is a column. ``few`` only moves means of columns."""
    one, train, valid = with_new(seed, similarity, few)
    SOURCE.update(old=None, columns=one.split.train.columns)
    trainer = trainer_of("from scratch, all markets", width, BATCH, 0.1)
    trainer.fit(
        one.split.train.take(~train),
        one.split.valid.take(~valid),
        seed + 500,
        3e-3,
        EPOCHS,
        PATIENCE,
    )
    kept = _made(SharedBottom, width, "fresh", False)
    kept.set_weights(trainer.network.get_weights())
    return kept


def by_market(one: Case, said: np.ndarray) -> dict[str, float]:
    """Market -> AUC against the true probabilities."""
    test, truth = one.split.test, one.truth["click"]
    return {
        str(name): round(
            float(measures(truth[test.scenario == s], said[test.scenario == s])["auc"]), 5
        )
        for s, name in enumerate(test.columns.scenarios)
    }


def run(
    name: str, trial: tuple[float, float], seed: int, similarity: float, few: int, width: int
) -> dict[str, Any]:
    """One training: validation losses, AUC of each market after it."""
    _, how, _, rows = KINDS[name]
    one, train, valid = with_new(seed, similarity, few)
    old = old_network(seed, similarity, few, width)
    SOURCE.update(old=old, columns=one.split.train.columns)
    split = one.split
    alone = rows == "new"
    batch = {300: 32, 3_000: 128}[few] if alone else BATCH
    trainer = trainer_of(name, width, batch, trial[1])
    learned, checked = (
        (unknown(split.train.take(train)), unknown(split.valid.take(valid)))
        if alone
        else (split.train, split.valid)
    )
    before = time.process_time()
    trainer.fit(learned, checked, seed, trial[0], EPOCHS, PATIENCE)
    seconds = time.process_time() - before
    now = trainer.network

    def said_of(table: Table) -> np.ndarray:
        new = table.scenario == list(table.columns.scenarios).index(NEW)
        theirs = (now if how == "warm" or not alone else old).predict(table)["click"]
        own = now.predict(unknown(table) if alone else table)["click"]
        return np.where(new, own, theirs)

    on_valid, first = said_of(split.valid), old.predict(split.valid)["click"]
    y = split.valid.labels["click"]
    lost = measures(y[~valid], on_valid[~valid])["auc"] - measures(y[~valid], first[~valid])["auc"]
    return {
        "valid": float(measures(y[valid], on_valid[valid])["log_loss"]),
        "valid change": float(lost),
        "auc": by_market(one, said_of(split.test)),
        "seconds": round(seconds, 2),
        "trained": int(sum(np.prod(w.shape) for w in now.trainable_variables)),
    }


def of_way(name: str, similarity: float, few: int, width: int) -> dict[str, Any]:
    tried = [
        [run(name, trial, s, similarity, few, width) for s in TUNING_SEEDS] for trial in TRIALS
    ]
    loss = [float(np.mean([one["valid"] for one in runs])) for runs in tried]
    kept = [np.mean([one["valid change"] for one in runs]) >= -MARGIN for runs in tried]
    best = min([k for k, ok in enumerate(kept) if ok] or range(len(loss)), key=lambda k: loss[k])
    runs = [run(name, TRIALS[best], seed, similarity, few, width) for seed in SEEDS]
    return {
        "chosen": TRIALS[best],
        "tried": [[round(a, 5), bool(b)] for a, b in zip(loss, kept, strict=True)],
        "auc": [one["auc"] for one in runs],
        "seconds": [one["seconds"] for one in runs],
        "trained": runs[0]["trained"],
    }


def default(similarity: float, few: int, width: int) -> dict[str, Any]:
    """Nothing is trained: the new market is served as an unknown one. All markets as they were."""
    found = []
    for seed in SEEDS:
        one, *_ = with_new(seed, similarity, few)
        old = old_network(seed, similarity, few, width)
        found.append(by_market(one, old.predict(unknown(one.split.test))["click"]))
    return {"auc": found, "trained": 0, "seconds": [0.0] * len(found)}


def logistic(similarity: float, few: int, alone: bool) -> dict[str, Any]:
    """A logistic regression with hand-made crosses, of the new market alone or of all rows."""
    crosses = [pair for pair in CROSSES if not (alone and "market" in pair)]
    made = crossed_logistic_regression(crosses, (0.003, 0.03, 0.3))

    def split_of(seed: int) -> tuple[Case, Split, np.ndarray]:
        one, train, valid = with_new(seed, similarity, few)
        split = one.split
        if alone:
            split = Split(split.train.take(train), split.valid.take(valid), split.test)
        return one, split, valid if not alone else np.ones(len(split.valid), bool)

    trials, losses = made.trials(3, 1), []
    for trial in trials:
        found = []
        for seed in TUNING_SEEDS:
            _, split, rows = split_of(seed)
            p = made.fit(split, seed, trial, ["click"], "valid")["click"]
            found.append(measures(split.valid.labels["click"][rows], p[rows])["log_loss"])
        losses.append(float(np.mean(found)))
    best = trials[int(np.argmin(losses))]
    auc = []
    for seed in SEEDS:
        one, split, _ = split_of(seed)
        auc.append(by_market(one, made.fit(split, seed, best, ["click"], "test")["click"]))
    return {"chosen": dict(best), "auc": auc}


def cell(similarity: float, few: int, width: int = WIDTH) -> dict[str, Any]:
    return {"default id": default(similarity, few, width)} | {
        name: of_way(name, similarity, few, width) for name in KINDS
    }


SETTINGS: Mapping[str, Sequence[Any]] = {
    "learning_rate": (3e-3, 1e-2),
    "batch_size": (BATCH,),
    "epochs": (EPOCHS,),
    "patience": (PATIENCE,),
    "dropout": (0.0,),
    "weight_decay": (0.1,),
    "embedding_l2": (1e-4,),
    "tower": ((),),
}


@cache
def contenders(markets: int) -> list[Contender]:
    trunk = {**SETTINGS, "trunk": ((32,),)}
    return [
        network_per_task(trunk, as_given, "mixed"),
        network_per_task(trunk, scenario_column, "column"),
        network_per_scenario(trunk),
        network("STAR", STAR, trunk),
        network("MMoE", MMoE, {**SETTINGS, "experts": (4,), "expert": ((32,),)}, scenario_column),
        network(
            "PEPNet",
            PEPNet,
            {**SETTINGS, "prior": (("segment", "category"),), "tower": ((32,),)},
        ),
        crossed_logistic_regression(CROSSES, (0.03, 0.3)),
        gradient_boosting(
            {"max_iter": (100,), "learning_rate": (0.03, 0.1), "max_leaf_nodes": (15,),
             "min_samples_leaf": (100,), "l2_regularization": (10.0,)}
        ),
    ]  # fmt: skip


GROWTH_SEEDS = range(5)


def growth(markets: int, name: str) -> dict[str, list[float]]:
    """Market -> AUC by the true probabilities, one a shop, of one contender."""
    [one] = [found for found in contenders(markets) if found.name == name]
    found = compare_all(
        lambda seed: case(seed, 0.6, markets), [one], GROWTH_SEEDS, (TUNING_SEEDS[0],), trials=2
    )
    lines = found.results
    lines = lines[
        (lines["rows"] == ALL_ROWS) & (lines["contender"] == name) & (lines["task"] == "click")
    ]
    return {
        str(market): part.sort_values("seed")["auc"].round(5).tolist()
        for market, part in lines.groupby("scenario", sort=False)
    }


def small() -> dict[str, float]:
    """One way in one shop, for the test."""
    return run("new head, frozen trunk", TRIALS[1], 0, 0.8, 300, 32)["auc"]


GROWN = (3, 10, 30)
NAMES = tuple(one.name for one in contenders(3))


def named(similarity: float, few: int) -> str:
    return f"similarity {similarity:g}, {few} rows"


CELLS = [(0.2, 3_000), (0.8, 300)]
"""A loose family and many rows of the new market; a close one and few."""

PARTS: Mapping[str, Callable[[], Any]] = {
    "small": small,
    **{
        f"logistic regression{', alone' if alone else ''}, similarity {similarity:g}, {few} rows": (
            partial(logistic, similarity, few, alone)
        )
        for similarity, few in CELLS
        for alone in (True, False)
    },
    **{named(*one): partial(cell, *one) for one in CELLS},
    **{
        f"{markets} markets, {name}": partial(growth, markets, name)
        for name in NAMES
        for markets in GROWN
    },
}

STORED = Stored(
    paths.RESULTS / "adding_a_scenario.json", {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS}
)


if __name__ == "__main__":
    STORED.measure(PARTS)
