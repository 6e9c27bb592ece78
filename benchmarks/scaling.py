"""The loss by the number of rows, to 300,000, for a fit and for judging it (lesson 31).

    python benchmarks/scaling.py

measures what is missing or stale, each part kept in results/scaling.json as soon as it is done:
five minutes of one core. Rows, task, contenders and the excess over the visible limit are those of
``size_and_data``; the log is longer, so test rows are others: the 40,000 after 300,000. At each
number of rows a contender's dial is chosen among two or four values on one other shop.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from parts import Stored
from shop_rows import CATEGORICAL, NUMERIC, log
from size_and_data import IDS, N_TEST, PLAIN, TASK
from size_and_data import STORED as BASE

from course_utils import paths
from course_utils.columns import Columns, Split
from course_utils.comparison.judging import log_loss_against
from course_utils.models import SharedBottom
from course_utils.shop import Shop
from course_utils.shop.tasks import true_chances
from course_utils.training import Trainer

SEEDS, TUNING, MOST = range(5), 100, 300_000
ROWS = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000)
TRAINING = {
    1_000: (32, 100, 10),
    3_000: (64, 60, 6),
    10_000: (128, 40, 4),
    30_000: (256, 30, 3),
    100_000: (1024, 25, 3),
    300_000: (1024, 20, 2),
}
"""Rows -> batch, epochs at most, patience."""

SIZE = (8, (128, 64))
BY_ROWS = "20,697"
RATES = (1e-3, 3e-3)


class Market:
    """As that of ``size_and_data``, of a longer log."""

    def __init__(self, seed: int, n: int) -> None:
        rows = rows_of(seed).tail(n + N_TEST)
        read = [name for name in CATEGORICAL if name not in IDS]
        cut = n - n // 5
        self.seed, self.n = seed, n
        self.columns = Columns.fit(rows.head(cut), read, NUMERIC, scenario="scenario")
        whole = self.columns.table(rows, [TASK], {})
        self.split = Split(*(whole.take(of) for of in np.split(np.arange(len(rows)), [cut, n])))

    @cached_property
    def p(self) -> np.ndarray:
        rows = rows_of(self.seed).tail(N_TEST)
        return np.asarray(true_chances(Shop(self.seed).visible_probabilities(rows, ()))[TASK])


@cache
def rows_of(seed: int) -> pd.DataFrame:
    rows: pd.DataFrame = log.__wrapped__(seed, MOST + N_TEST)
    return rows


@cache
def trainer(n: int) -> Trainer:
    width, trunk = SIZE
    columns = Market(0, 1_000).columns
    return Trainer(
        lambda: SharedBottom(columns, [TASK], trunk=trunk, tower=(), embedding_dim=width),
        batch_size=TRAINING[n][0],
        weight_decay=1.0,
        embedding_l2=5e-4,
    )


def network(one: Market, rate: float, asked: str) -> np.ndarray:
    made, (_, epochs, patience) = trainer(one.n), TRAINING[one.n]
    made.fit(one.split.train, one.split.valid, one.seed, rate, epochs, patience)
    return np.asarray(made.predict(getattr(one.split, asked))[TASK])


def plain(name: str, one: Market, trial: Any, asked: Any) -> np.ndarray:
    return np.asarray(PLAIN[name]().fit(one.split, one.seed, trial, [TASK], asked)[TASK])


def excess(fit: Callable[..., np.ndarray], trials: Any, n: int) -> dict[str, Any]:
    """By shop, with the trial that has the least validation loss in another one."""
    other = Market(TUNING, n)
    y = other.split.valid.labels[TASK]
    losses = [log_loss_against(y, fit(other, trial, "valid")) for trial in trials]
    trial, found = trials[int(np.argmin(losses))], []
    for seed in SEEDS:
        one = Market(seed, n)
        said = fit(one, trial, "test").astype(float)
        found.append(log_loss_against(one.p, said) - log_loss_against(one.p, one.p))
    return {
        "trial": trial,
        "tried": np.round(losses, 5).tolist(),
        "excess": np.round(found, 6).tolist(),
    }


def by_rows(name: str, n: int) -> dict[str, Any]:
    if name == BY_ROWS:
        return excess(network, RATES, n)
    return excess(partial(plain, name), PLAIN[name]().trials(4, 1), n)


def limits() -> list[float]:
    """The log loss of the visible limit itself, by shop."""
    shops = [Market(seed, 1_000).p for seed in SEEDS]
    return [round(log_loss_against(p, p), 6) for p in shops]


def small() -> float:
    """One point, for the test."""
    one = Market(0, 1_000)
    said = plain("hand crosses", one, {"C": 0.03}, "test")
    return round(log_loss_against(one.p, said) - log_loss_against(one.p, one.p), 6)


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "visible limit": limits,
    **{
        f"{name}, {n:,} rows": partial(by_rows, name, n)
        for name in ("main effects", "hand crosses", BY_ROWS)
        for n in ROWS
    },
}
STORED = Stored(
    paths.RESULTS / "scaling.json",
    (Path(__file__).resolve(), *BASE.code),
    {"seeds": SEEDS, "tuning_seeds": [TUNING]},
)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
