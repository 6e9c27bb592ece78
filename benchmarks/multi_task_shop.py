"""Clicks and purchases of the home feed in twenty shops, by two stopping rules (lesson 20).

    python benchmarks/multi_task_shop.py

measures what is missing or stale, each part kept in results/multi_task_shop.json as soon as it is
done, in some two minutes. Shops, settings and contenders are those of the lesson, which shows five
shops live. A twin keeps the epoch that is best for its one task. Shared-Bottom keeps the epoch
with the least sum of the losses, or with ``keep="each"`` an epoch for each task, as the twins do.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored

from course_utils import paths
from course_utils.columns import Columns, Split
from course_utils.comparison import (
    Contender,
    compare_all,
    crossed_logistic_regression,
    logistic_regression,
    network_per_task,
    shared_bottom,
)
from course_utils.comparison.stacking import with_logits
from course_utils.shop import Shop

SEEDS, TUNING_SEEDS, TRIALS = range(20), (100, 101), 2

N_TRAIN, N_VALID, N_TEST = 12_000, 8_000, 40_000
N = N_TRAIN + N_VALID + N_TEST

GRID: Mapping[str, Sequence[Any]] = {
    "learning_rate": (1e-3, 3e-3),
    "batch_size": (256,),
    "epochs": (20,),
    "patience": (3,),
    "keep": ("sum",),
    "trunk": ((64, 32),),
    "tower": ((16,),),
    "dropout": (0.0,),
    "weight_decay": (0.1,),
    "embedding_l2": (5e-4,),
    "task_weights": ((1, 1),),
}
STRENGTHS = (0.03, 0.1)


def shop_split(seed: int) -> Split:
    """A shop's home feed: the purchase's sample space is the clicked rows."""
    rows = Shop(seed, relatedness=0.8).home_feed(N)
    rows = rows.assign(price=np.log(rows.price))
    names = ["segment", "city", "category", "brand"]
    numbers = ["price", "price_sensitivity", "tenure_days"]
    columns = Columns.fit(rows.head(N_TRAIN), names, numbers)
    whole = columns.table(rows, ["click", "purchase"], {"purchase": rows.click.to_numpy() == 1})
    return Split(*map(whole.take, np.split(np.arange(N), [N_TRAIN, N_TRAIN + N_VALID])))


def with_click_score(seed: int) -> Split:
    """The shop, with what a regression of clicks says as one more number."""
    split, clicks = shop_split(seed), logistic_regression()
    parts: Any = ("train", "valid", "test")
    said = {part: clicks.fit(split, 0, {"C": 0.1}, ["click"], part) for part in parts}
    return replace(
        split, **{part: with_logits(getattr(split, part), p) for part, p in said.items()}
    )


def plain() -> Contender:
    return logistic_regression(STRENGTHS)


def crossed() -> Contender:
    return crossed_logistic_regression(strengths=STRENGTHS)


def twin() -> Contender:
    return network_per_task(GRID, name="twin")


def shared(weight: float, keep: str) -> Contender:
    """Shared-Bottom with this weight of the purchase beside 1 for the click."""
    return shared_bottom({**GRID, "keep": (keep,), "task_weights": ((1, weight),)})


PATIENT = {**GRID, "epochs": (60,), "patience": (8,)}
"""Is what is left of a loss only time?"""


def patient_twin() -> Contender:
    return network_per_task(PATIENT, name="twin, patient")


def patient_shared() -> Contender:
    """At equal weights, with an epoch for each task."""
    return shared_bottom({**PATIENT, "keep": ("each",)})


def judged(
    make: Callable[[], Contender], shop: Callable[[int], Split] = shop_split
) -> dict[str, list[float]]:
    """Task -> the AUC in each shop, each task on its sample space."""
    found = compare_all(shop, [make()], SEEDS, TUNING_SEEDS, TRIALS).results
    found = found[found["scenario"].eq("all")]
    return {
        task: [round(float(x), 5) for x in found[found["task"].eq(task)].sort_values("seed")["auc"]]
        for task in ("click", "purchase")
    }


PARTS: Mapping[str, Callable[[], dict[str, list[float]]]] = {
    "logistic regression": partial(judged, plain),
    "crossed logistic regression": partial(judged, crossed),
    "two steps": partial(judged, plain, with_click_score),
    "twin": partial(judged, twin),
    **{
        f"Shared-Bottom 1 : {weight:g}, {keep}": partial(judged, partial(shared, weight, keep))
        for weight in (1, 0.1)
        for keep in ("sum", "each")
    },
    "twin, patient": partial(judged, patient_twin),
    "Shared-Bottom 1 : 1, each, patient": partial(judged, patient_shared),
}

STORED = Stored(
    paths.RESULTS / "multi_task_shop.json", {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS}
)


if __name__ == "__main__":
    STORED.measure(PARTS)
