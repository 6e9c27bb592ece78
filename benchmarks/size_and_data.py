"""Does a larger network predict clicks better? Size against rows, beside plain rivals (lesson 31).

    python benchmarks/size_and_data.py

measures what is missing or stale, each part kept in results/size_and_data.json as soon as it is
done: half an hour of one core. Rows are those of the shop's log, without the ids of customer and
product; the task is the click. A number of labelled rows is what a team has: the latest fifth
of it stops and chooses, the rest trains. Test rows are the same 40,000 whatever that number.

Every contender has four trials: networks four learning rates, logistic regression four penalties,
trees four sizes. The trial with the least mean validation loss on other shops is chosen.

What is judged, on test rows, against p(click | columns), which the shop knows:

    excess    the log loss above the visible limit: the mean Kullback-Leibler divergence, in nats
    auc       with p as the weight of a positive
    ece       of ten bins of as many rows: the mean of |mean prediction - mean p|
    T         the temperature with the least log loss on validation rows; and excess and ece with it
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from parts import Stored
from scipy.optimize import minimize_scalar
from scipy.special import expit, logit
from shop_contenders import CROSSES, IDS, PRODUCTS
from shop_rows import CATEGORICAL, NUMERIC, log

from course_utils import paths
from course_utils.columns import Columns, Split
from course_utils.comparison import (
    Asked,
    crossed_logistic_regression,
    gradient_boosting,
    logistic_regression,
)
from course_utils.comparison.judging import log_loss_against, measures
from course_utils.models import SharedBottom
from course_utils.shop import Shop
from course_utils.shop.tasks import true_chances
from course_utils.training import Trainer

TASK, N_TEST, MOST = "click", 40_000, 120_000
SEEDS = range(5)
TUNING_SEEDS: Mapping[int, range] = {
    300: range(100, 108),
    3_000: range(100, 104),
    30_000: range(100, 102),
    120_000: range(100, 101),
}
"""Labelled rows -> the shops that choose a trial; more where a validation set is small."""

SIZES: Mapping[str, tuple[int, tuple[int, ...]]] = {
    "264": (1, (4,)),
    "2,253": (4, (32,)),
    "20,697": (8, (128, 64)),
    "218,801": (16, (512, 256)),
    "959,153": (16, (1024, 768)),
}
"""Parameters -> length of an embedding, and widths of the layers."""

RATES = (3e-4, 1e-3, 3e-3, 1e-2)
TRAINING: Mapping[int, tuple[int, int, int]] = {
    300: (32, 200, 20),
    3_000: (64, 60, 6),
    30_000: (256, 30, 3),
    120_000: (1024, 20, 2),
}
"""Labelled rows -> batch, epochs at most, patience."""

STRENGTHS = (0.003, 0.01, 0.03, 0.1)
TREES = {
    "max_iter": (50, 200),
    "learning_rate": (0.05,),
    "max_leaf_nodes": (7, 31),
    "l2_regularization": (10.0,),
}
PLAIN = {
    "main effects": lambda: logistic_regression(STRENGTHS),
    "hand crosses": lambda: crossed_logistic_regression((*CROSSES, *PRODUCTS), STRENGTHS),
    "boosting": lambda: gradient_boosting(TREES),
}
BASE = "base rate"
Fit = Callable[["Market", int, Any, Sequence[Asked]], list[np.ndarray]]
BOTH: tuple[Asked, Asked] = ("valid", "test")


class Market:
    """The last rows of one shop's log, and p(click | columns) of its test rows."""

    def __init__(self, seed: int, n: int) -> None:
        rows = rows_of(seed).tail(n + N_TEST)
        read = [name for name in CATEGORICAL if name not in IDS]
        cut = n - n // 5
        columns = Columns.fit(rows.head(cut), read, NUMERIC, scenario="scenario")
        whole = columns.table(rows, [TASK], {})
        self.seed, self.n, self.columns = seed, n, columns
        self.split = Split(*(whole.take(of) for of in np.split(np.arange(len(rows)), [cut, n])))

    @cached_property
    def p(self) -> np.ndarray:
        """Of a click given the columns, for the test rows."""
        rows = rows_of(self.seed).tail(N_TEST)
        return np.asarray(true_chances(Shop(self.seed).visible_probabilities(rows, ()))[TASK])

    @cached_property
    def best(self) -> float:
        return log_loss_against(self.p, self.p)


@cache
def rows_of(seed: int) -> pd.DataFrame:
    """Not kept twice: the log's own cache is passed by."""
    return log.__wrapped__(seed, MOST + N_TEST)


@cache
def market(seed: int, n: int) -> Market:
    return Market(seed, n)


@cache
def trainer(size: str, n: int) -> Trainer:
    width, trunk = SIZES[size]
    columns = market(0, n).columns
    return Trainer(
        lambda: SharedBottom(columns, [TASK], trunk=trunk, tower=(), embedding_dim=width),
        batch_size=TRAINING[n][0],
        weight_decay=1.0,
        embedding_l2=5e-4,
    )


def network(
    size: str, stopped: bool, one: Market, seed: int, rate: float, asked: Sequence[Asked]
) -> list[np.ndarray]:
    """Unstopped, the last epochs' weights are kept: the training rows themselves are what stops."""
    of, (_, epochs, patience) = one.split, TRAINING[one.n]
    made = trainer(size, one.n)
    made.fit(of.train, of.valid if stopped else of.train, seed, rate, epochs, patience)
    return [made.predict(getattr(of, which))[TASK] for which in asked]


def plain(
    name: str, one: Market, seed: int, trial: Any, asked: Sequence[Asked]
) -> list[np.ndarray]:
    made = PLAIN[name]()
    return [made.fit(one.split, seed, trial, [TASK], which)[TASK] for which in asked]


def base_rate(one: Market, seed: int, trial: Any, asked: Sequence[Asked]) -> list[np.ndarray]:
    rate = one.split.train.labels[TASK].mean()
    return [np.full(len(getattr(one.split, which)), rate) for which in asked]


def contender(name: str) -> tuple[Fit, list[Any]]:
    """How it is fitted, and its trials."""
    if name == BASE:
        return base_rate, [None]
    if name in PLAIN:
        return partial(plain, name), PLAIN[name]().trials(4, 1)
    return partial(network, name, True), list(RATES)


def temperature(said: np.ndarray, labels: np.ndarray) -> float:
    """T with the least log loss of sigmoid(logit(said) / T)."""
    z = logit(np.clip(said.astype(float), 1e-7, 1 - 1e-7))
    found = minimize_scalar(
        lambda t: log_loss_against(labels, expit(z / np.exp(t))), bounds=(-3, 3), method="bounded"
    )
    return float(np.exp(found.x))


def ece(said: np.ndarray, p: np.ndarray, bins: int = 10) -> float:
    """Ten bins of as many rows by what was said."""
    parts = np.array_split(np.argsort(said, kind="stable"), bins)
    return float(sum(len(of) * abs(said[of].mean() - p[of].mean()) for of in parts) / len(said))


def judged(one: Market, valid: np.ndarray, test: np.ndarray) -> dict[str, float]:
    said = test.astype(float)
    t = temperature(valid, one.split.valid.labels[TASK])
    cooled = expit(logit(np.clip(said, 1e-7, 1 - 1e-7)) / t)
    found = {
        "excess": log_loss_against(one.p, said) - one.best,
        "auc": measures(one.p, said)["auc"],
        "ece": ece(said, one.p),
        "T": t,
        "excess with T": log_loss_against(one.p, cooled) - one.best,
        "ece with T": ece(cooled, one.p),
    }
    return {name: round(float(value), 6) for name, value in found.items()}


def chosen(name: str, n: int) -> tuple[Any, list[float]]:
    """The trial with the least mean validation loss on the tuning shops, and all losses."""
    fit, trials = contender(name)
    losses = [
        np.mean([_valid_loss(fit, market(seed, n), seed, trial) for seed in TUNING_SEEDS[n]])
        for trial in trials
    ]
    return trials[int(np.argmin(losses))], [round(float(of), 5) for of in losses]


def _valid_loss(fit: Fit, one: Market, seed: int, trial: Any) -> float:
    return log_loss_against(one.split.valid.labels[TASK], fit(one, seed, trial, ["valid"])[0])


def measured(name: str, n: int) -> dict[str, Any]:
    """Tuned, then run in the shops that judge: one list a number, in the order of seeds."""
    fit, _ = contender(name)
    trial, losses = chosen(name, n)
    runs = [judged(market(seed, n), *fit(market(seed, n), seed, trial, BOTH)) for seed in SEEDS]
    return {"trial": trial, "tried": losses, **_lists(runs)}


def _lists(runs: list[dict[str, float]]) -> dict[str, list[float]]:
    return {key: [of[key] for of in runs] for key in runs[0]}


def small() -> dict[str, float]:
    """Two contenders on 300 rows of one shop, for the test."""
    one = market(0, 300)
    found = {}
    for name, trial in [("264", 1e-2), ("main effects", {"C": 0.1})]:
        fit, _ = contender(name)
        found[name] = judged(one, *fit(one, 0, trial, BOTH))["excess"]
    return found


NAMES = (BASE, *PLAIN, *SIZES)


def asked(n: int) -> list[str]:
    """Who is measured with so many rows: what takes hours is not (lesson 31 says so)."""
    dear = {30_000: ("959,153",), 120_000: ("boosting", *SIZES)}.get(n, ())
    return [name for name in NAMES if name not in dear]


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    **{
        f"{name}, {n:,} rows": partial(measured, name, n) for n in TUNING_SEEDS for name in asked(n)
    },
}

HERE = Path(__file__).resolve().parent
STORED = Stored(
    paths.RESULTS / "size_and_data.json",
    {"seeds": SEEDS, **{f"tuning_seeds {n}": of for n, of in TUNING_SEEDS.items()}},
)


def main() -> None:
    until = int(sys.argv[1]) if len(sys.argv) > 1 else MOST
    STORED.measure(
        {
            name: part
            for name, part in PARTS.items()
            if not name.endswith(" rows")
            or int(name.rsplit(", ", 1)[1].removesuffix(" rows").replace(",", "")) <= until
        }
    )


if __name__ == "__main__":
    main()
