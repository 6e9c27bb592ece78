"""One small market beside three large ones: who serves it best, by its number of training rows?

    python benchmarks/scenario_rows.py

measures what is missing or stale, keeps each part as soon as it is done in
results/star_rows.json, and ends after nine minutes: run it again until nothing is left.
"""

from __future__ import annotations

import json
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from machine import described

from course_utils import paths
from course_utils.authoring.fingerprint import reach
from course_utils.columns import Split
from course_utils.comparison import (
    ALL_ROWS,
    BAYES_LIMIT,
    Case,
    Contender,
    Rows,
    as_given,
    columns_of,
    compare_all,
    crossed_logistic_regression,
    dcn_per_task,
    gradient_boosting,
    head_per_scenario,
    logistic_regression,
    network,
    network_per_scenario,
    network_per_task,
    standardised_column_network,
)
from course_utils.comparison.contender import Asked, Trial
from course_utils.comparison.logistic import STRENGTHS, Logistic, logistic_chances, main_effects
from course_utils.models import STAR
from course_utils.shop import Shop

RESULTS = paths.RESULTS / "star_rows.json"
FITS = paths.CACHE / "star_rows"
MINUTES = 9.0

MARKETS, SMALL, SIMILARITY = 4, 2, 0.8
"""How many; which one, counted from 0, shrinks; how much all of them have in common."""

ROWS = (150, 500, 1_500, 5_000, 15_000)
"""Training rows of the small market. It has a third of them again for validation."""

OTHERS, OTHERS_VALID, TEST = 9_000, 3_000, 8_000
SEEDS, TUNING_SEEDS, TRIALS = range(10), (100, 101), 6

EMBEDDED = ("segment", "city", "category", "brand")
NUMBERS = ("price", "price_sensitivity", "tenure_days")
CROSSES = [
    ("segment", "category"),
    ("segment", "brand"),
    ("price", "price_sensitivity"),
    *[("scenario", one) for one in (*EMBEDDED, *NUMBERS)],
]
"""Of the crossed logistic regression, by hand."""

GRID: dict[str, Any] = {
    "trunk": ((32,),),
    "tower": ((),),
    "learning_rate": (3e-3, 1e-2),
    "batch_size": (64, 256),
    "epochs": (30,),
    "patience": (4,),
    "dropout": (0.0,),
    "weight_decay": (1e-2, 1.0),
    "embedding_l2": (1e-4,),
}
"""Of every network: eight settings, of which six are tried."""


@cache
def log(seed: int) -> Any:
    """Rows enough for every number of training rows of the small market."""
    return Shop(seed, similarity=SIMILARITY).markets(200_000, scenarios=MARKETS)


def case(seed: int, n: int) -> Case:
    """n training rows of the small market beside those of the others; it alone is judged.

    Fewer rows are the first of more, and test rows are the same for every n.
    """
    rows = log(seed)
    market = rows["market"].cat.codes.to_numpy()
    small, others = np.flatnonzero(market == SMALL), np.flatnonzero(market != SMALL)
    test, small, more = small[:TEST], small[TEST : TEST + n], small[TEST + max(ROWS) :]
    train = np.sort(np.concatenate([small, others[:OTHERS]]))
    valid = np.sort(
        np.concatenate([more[: max(n // 3, 50)], others[OTHERS : OTHERS + OTHERS_VALID]])
    )
    all_ = np.concatenate([train, valid, test])
    frame, scenario = rows.iloc[all_], market[all_]
    numbers = frame[list(NUMBERS)].assign(price=np.log(frame["price"])).to_numpy(float)
    learned = numbers[: len(train)]
    numbers = (numbers - learned.mean(0)) / learned.std(0)
    codes = np.stack([frame[one].cat.codes for one in EMBEDDED], axis=1)
    sizes = {one: len(frame[one].cat.categories) for one in EMBEDDED}
    made = Rows(
        codes,
        numbers,
        {"click": frame["p_click"].to_numpy()},
        {"click": frame["click"].to_numpy() == 1},
        masks={},
        scenario=scenario,
    )
    return made.cut(columns_of(sizes, NUMBERS, MARKETS), len(train), len(valid))


class FactorsAtOne(STAR):
    """STAR whose own weights W_p stay 1."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for layer in [*self.trunk, *self.towers["click"]]:
            layer.own_kernel.trainable = False


class WithoutNorm(STAR):
    """STAR that reads the embedded row as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.norm.trainable = False
        self.norm.call = lambda z, scenario, training=False: z


class WithoutAux(STAR):
    """STAR whose auxiliary network adds 0 to every logit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.aux[1].set_weights([np.zeros(one.shape) for one in self.aux[1].get_weights()])
        for layer in (*self.aux, self.scenario):
            layer.trainable = False


class LogisticAlone(Logistic):
    """A logistic regression for each market, from its rows alone; one C for all of them."""

    def fit_task(
        self, split: Split, task: str, seed: int, trial: Trial, asked: Asked
    ) -> np.ndarray:
        train, table = split.train, getattr(split, asked)
        known, wanted = self.pair(split, asked)
        said = np.zeros(len(table))
        for code in np.unique(table.scenario):
            learned, rows = train.mask(task) & (train.scenario == code), table.scenario == code
            pair = known, wanted[rows]
            said[rows] = logistic_chances(train.labels[task], learned, pair, trial["C"])
        return said


def head_by_rows() -> Contender:
    """The head per scenario where each row weighs the same, whatever its market's rows."""
    made = head_per_scenario(GRID, "head per scenario, by rows")
    made.grid["task_weights"] = [1.0]
    return made


def contenders() -> list[Contender]:
    """From nothing of a market's own to nothing in common; last, what STAR is without a part."""
    return [
        network("STAR", STAR, GRID),
        network_per_task(GRID, as_given, "mixed"),
        network_per_task(GRID, name="scenario as a column"),
        head_per_scenario(GRID, "head per scenario"),
        network_per_scenario(GRID),
        standardised_column_network(GRID),
        dcn_per_task(GRID),
        logistic_regression(prepare=as_given, name="logistic regression, mixed"),
        logistic_regression(),
        crossed_logistic_regression(
            [cross for cross in CROSSES if cross[0] == "scenario"],
            name="logistic regression per scenario",
        ),
        crossed_logistic_regression(CROSSES),
        gradient_boosting(),
        head_by_rows(),
        LogisticAlone(
            "logistic regression, one for each scenario", {"C": STRENGTHS}, main_effects, as_given
        ),
        network("STAR, W_p = 1", FactorsAtOne, GRID),
        network("STAR without normalisation", WithoutNorm, GRID),
        network("STAR without auxiliary network", WithoutAux, GRID),
    ]


def part(n: int, folder: Path) -> dict[str, Any]:
    """AUC and calibration on the small market's test rows, against their true probabilities."""
    found = compare_all(
        lambda seed: case(seed, n), contenders(), SEEDS, TUNING_SEEDS, TRIALS, folder
    )
    lines = found.results.query("rows == @ALL_ROWS and scenario == @SMALL")
    kept: dict[str, Any] = {"rows": n}
    for metric in ("auc", "calibration"):
        of = lines.pivot_table(index="seed", columns="contender", values=metric, sort=False)
        kept[metric] = {name: of[name].round(5).tolist() for name in of}
    kept["choice"] = {name: choice["click"] for name, choice in found.choice.items()}
    return kept


def small() -> dict[str, float]:
    """A small version, for the test: three contenders, their first setting, one seed."""
    few = [one for one in contenders() if one.name in ("STAR", "mixed", "logistic regression")]
    found = compare_all(lambda seed: case(seed, 500), few, [0], [100], 1)
    means = found.table(rows=ALL_ROWS)["click"]
    return {
        name: round(float(means[name]), 5) for name in [*(one.name for one in few), BAYES_LIMIT]
    }


def code() -> str:
    """The hash of the code that makes the numbers."""
    return reach().of((part, small))


def load() -> dict[str, Any]:
    """What is stored of today's code."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    return kept if kept.get("code") == code() else {"code": code(), "parts": []}


def measure(minutes: float) -> bool:
    """Measure what is missing, until the time is over. True where nothing is left."""
    kept, until = load(), time.monotonic() + 60 * minutes
    if "small" not in kept:
        kept["small"] = small()
    for n in ROWS:
        if n in [one["rows"] for one in kept["parts"]]:
            continue
        if time.monotonic() > until:
            print("something is left: run this again")
            return False
        kept["parts"].append(part(n, FITS / kept["code"][:16]))
        kept["seeds"], kept["similarity"] = list(SEEDS), SIMILARITY
        kept["machine"] = described("tensorflow-cpu", "keras", "scikit-learn", "numpy")
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        print(f"{n} rows: done", flush=True)
    return True


if __name__ == "__main__":
    print("nothing is left" if measure(MINUTES) else "to be continued")
