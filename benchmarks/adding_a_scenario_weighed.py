"""The new market's rows weigh more: replay and training anew, and an old id for a new market.

For lesson 33.

    python benchmarks/adding_a_scenario_weighed.py

measures what is missing or stale, kept in results/adding_a_scenario_weighed.json; some ten
minutes. Shops, rates, stop and rule of choice are those of ``adding_a_scenario.py``. There a new
row counts as much as an old one, for the gradient and for the snapshot. Here each new training row
stands in the table once, twice or five times, and the snapshot is the one with the least sum of
two losses, the new market's and the old markets', each a mean over its own validation rows.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import adding_a_scenario as base
import numpy as np
from parts import Stored

from course_utils import paths
from course_utils.columns import Table

TRIALS: Sequence[tuple[int, float]] = [
    (weight, rate) for weight in (1, 2, 5) for rate in (3e-3, 1e-2)
]
"""How often a new training row stands in the table, and the learning rate."""


def weighed(table: Table, new: np.ndarray, times: int) -> Table:
    """The table, its new rows ``times`` times."""
    more = [np.flatnonzero(new)] * (times - 1)
    return table.take(np.concatenate([np.arange(len(table)), *more]))


def run(
    way: str, trial: tuple[int, float], seed: int, similarity: float, few: int
) -> dict[str, Any]:
    """As ``base.run``, with weights."""
    one, train, valid = base.with_new(seed, similarity, few)
    old, split = base.old_network(seed, similarity, few, base.WIDTH), one.split
    base.SOURCE.update(old=old, columns=split.train.columns)
    trainer = base.trainer_of(way, base.WIDTH, base.BATCH, 0.1)
    even = round(float((~valid).sum() / valid.sum()))
    trainer.fit(
        weighed(split.train, train, trial[0]),
        weighed(split.valid, valid, even),
        seed,
        trial[1],
        base.EPOCHS,
        base.PATIENCE,
    )
    y, said, first = (
        split.valid.labels["click"],
        *(network.predict(split.valid)["click"] for network in (trainer.network, old)),
    )
    lost = (
        base.measures(y[~valid], said[~valid])["auc"]
        - base.measures(y[~valid], first[~valid])["auc"]
    )
    return {
        "valid": float(base.measures(y[valid], said[valid])["log_loss"]),
        "valid change": float(lost),
        "auc": base.by_market(one, trainer.network.predict(split.test)["click"]),
    }


def of_way(way: str, similarity: float, few: int) -> dict[str, Any]:
    tried = [[run(way, t, s, similarity, few) for s in base.TUNING_SEEDS] for t in TRIALS]
    loss = [float(np.mean([one["valid"] for one in runs])) for runs in tried]
    change = [float(np.mean([one["valid change"] for one in runs])) for runs in tried]
    kept = [k for k, by in enumerate(change) if by >= -base.MARGIN] or [*range(len(loss))]
    best = min(kept, key=lambda k: loss[k])
    return {
        "chosen": TRIALS[best],
        "tried": [[round(a, 5), round(b, 5)] for a, b in zip(loss, change, strict=True)],
        "auc": [run(way, TRIALS[best], seed, similarity, few)["auc"] for seed in base.SEEDS],
    }


def old_id(similarity: float, few: int) -> dict[str, Any]:
    """Nothing is trained: the new market has the id of that old one whose answers fit its training
    rows best.
    """
    found, ids = [], []
    for seed in base.SEEDS:
        one, train, _ = base.with_new(seed, similarity, few)
        old, own = base.old_network(seed, similarity, few, base.WIDTH), one.split.train.take(train)
        names = [str(name) for name in own.columns.scenarios]

        def said(table: Table, code: int, old: Any = old) -> np.ndarray:
            lent = base.unknown(table)
            lent.codes[:, 0] = np.where(lent.codes[:, 0] == 0, code, lent.codes[:, 0])
            answer: np.ndarray = old.predict(lent)["click"]
            return answer

        y = own.labels["click"]
        losses = {
            code: base.measures(y, said(own, code))["log_loss"]
            for code, name in enumerate(names, start=1)
            if name != base.NEW
        }
        best = min(losses, key=lambda code: losses[code])
        ids.append(names[best - 1])
        found.append(base.by_market(one, said(one.split.test, best)))
    return {"ids": ids, "auc": found}


def oracle(similarity: float, few: int) -> dict[str, Any]:
    """AUC of the true probabilities themselves."""
    cases = [base.with_new(seed, similarity, few)[0] for seed in base.SEEDS]
    return {"auc": [base.by_market(one, one.truth["click"]) for one in cases]}


def beyond(way: str) -> dict[str, Any]:
    """One rate beyond the edge of the grid, in the loose family."""
    runs = [base.run(way, (3e-2, 0.1), seed, 0.2, 3_000, base.WIDTH) for seed in base.SEEDS]
    return {"auc": [one["auc"] for one in runs]}


def small() -> dict[str, float]:
    """Weighed replay in one shop of the close family, for the test."""
    found: dict[str, float] = run("replay", (2, 1e-2), 0, 0.8, 300)["auc"]
    return found


def named(way: str, similarity: float, few: int) -> str:
    return f"{way}, similarity {similarity:g}, {few} rows"


PARTS = {
    "small": small,
    named("an old id", 0.2, 3_000): partial(old_id, 0.2, 3_000),
    named("replay", 0.2, 3_000): partial(of_way, "replay", 0.2, 3_000),
    named("from scratch, all markets", 0.2, 3_000): partial(
        of_way, "from scratch, all markets", 0.2, 3_000
    ),
    **{
        f"{way}, rate 0.03": partial(beyond, way)
        for way in ("new id, frozen trunk", "new head, frozen trunk", "LoRA and head")
    },
    named("an old id", 0.8, 300): partial(old_id, 0.8, 300),
    **{
        named("oracle", similarity, few): partial(oracle, similarity, few)
        for similarity, few in base.CELLS
    },
    named("replay", 0.8, 300): partial(of_way, "replay", 0.8, 300),
}

STORED = Stored(
    paths.RESULTS / "adding_a_scenario_weighed.json",
    {"seeds": base.SEEDS, "tuning_seeds": base.TUNING_SEEDS},
)


if __name__ == "__main__":
    STORED.measure(PARTS)
