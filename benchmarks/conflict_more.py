"""The grid of ``conflict_grid.py`` once more, with one setting for all: what lesson 40 starts from.

    python benchmarks/conflict_more.py

makes results/conflict_more.json, cause by cause. Remedies, markets and units are those of the
grid; each network has one setting (fixed weights choose among six, students between two mixtures,
by the validation loss on two tuning seeds), and five of its seeds judge. Where a cell surprises,
further cells test why: ``more``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import conflict_grid
import numpy as np
from conflict_grid import EQUAL, MARKETS, TRIALS, TUNING_SEEDS, Market, auc, chosen, remedies
from parts import Stored, code_of

from course_utils import paths
from course_utils.balancing.mgda import MGDA
from course_utils.comparison import Case, Chances, Contender, network
from course_utils.comparison.compare import chances_of_test
from course_utils.models import SharedBottom

SEEDS = range(7_000, 7_005)

ONE = {
    "none": {"batch_size": (187,), "learning_rate": (1e-2,), "epochs": (40,), "patience": (8,)},
    "scale": {"batch_size": (187,), "learning_rate": (1e-2,), "epochs": (40,), "patience": (8,)},
    "direction": {"batch_size": (1_000,), "learning_rate": (3e-2,)},
    "capacity": {"batch_size": (250,), "learning_rate": (1e-2,), "epochs": (60,), "patience": (8,)},
}
"""What each market's networks have in the place of a choice."""


def market_of(cause: str) -> Market:
    """The grid's market, with one setting."""
    market = MARKETS[cause]
    return replace(market, grid={**market.grid, **ONE[cause], "weight_decay": (0.0,)})


def more(cause: str, market: Market) -> Iterator[Contender]:
    """Cells that test why others came out as they did."""
    if cause != "direction":
        return
    narrow = {**market.grid, "trunk": ((market.width,),)}
    for units in (2, 3, 4):
        yield network(f"{units} units", SharedBottom, {**narrow, "trunk": ((units,),)})
    wide = {**narrow, "trunk": ((market.wide,),)}
    yield network("MGDA, wider trunk", SharedBottom, wide, balance=MGDA)


def measured(cause: str) -> dict[str, Any]:
    """Remedy -> AUC of each seed and task ``[seeds][tasks]``; and the Bayes limit."""
    market = market_of(cause)
    tuning = {seed: market.make(seed) for seed in TUNING_SEEDS}
    judging = {seed: market.make(seed) for seed in SEEDS}
    found: dict[str, Any] = {}
    for one in [*remedies(market), *more(cause, market)]:
        found[one.name] = {"auc": judged(one, tuning, judging, market)}
        print(f"  {one.name}: {np.mean(found[one.name]['auc']):.4f}", flush=True)
    limit = [[auc(case, t, p) for t, p in case.truth.items()] for case in judging.values()]
    return found | {"Bayes limit": {"auc": limit}}


def judged(
    one: Contender, tuning: Mapping[int, Case], judging: Mapping[int, Case], market: Market
) -> list[list[float]]:
    """``[seeds][tasks]``; what has one setting is not tuned."""
    tasks = list(next(iter(judging.values())).split.train.labels)
    trials = one.trials(TRIALS, len(tasks))
    few = len(trials) == 1
    choice = dict.fromkeys(tasks, trials[0]) if few else chosen(one, tuning, market)
    rows = []
    for seed, case in judging.items():
        said: Chances = {}
        for trial in {str(t): t for t in choice.values()}.values():
            group = [task for task, of in choice.items() if of is trial]
            said |= chances_of_test(one, case.split, seed, trial, group)
        rows.append([auc(case, task, said[task]) for task in tasks])
    return rows


STORED = Stored(
    paths.ROOT / "results" / "conflict_more.json",
    (
        *code_of(__file__, ("columns",), conflict_grid.ROOMS),
        Path(conflict_grid.__file__).resolve(),
        Path(conflict_grid.distillation.__file__).resolve(),
    ),
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)

__all__ = ["EQUAL", "STORED", "judged", "market_of", "measured"]

if __name__ == "__main__":
    STORED.measure(
        {cause: partial(measured, cause) for cause in ("direction", "capacity", "scale", "none")}
    )
