"""One ranker for three scenarios and three tasks: who is compared, and what each says (lesson 70).

    python benchmarks/capstone_models.py

measures what is missing or stale, each part kept in results/capstone_models.json as soon as it is
done: a quarter of an hour of one core. The fits are kept in the cache too: the other capstone
scripts read the chances from there.

Rows go by time. Models learn from the labels that are known at the cutoff: a purchase that comes
later is 0. Test rows come after the cutoff, and their labels and truth are whole. Every test row
stands twice: as it was shown, which is judged, and at position 1, which is what a ranker asks.

Predicted before measuring: one network beats its twins for the purchase, which has few labels,
where clicks and purchases go by nearly the same score (relatedness .8 and 1), not at 0, and loses
below 0.
"""

from __future__ import annotations

import sys
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from parts import Stored
from shop_contenders import BY_SCENARIO, CROSSES, PRODUCTS, with_crosses
from shop_rows import CATEGORICAL, NUMERIC

from course_utils import paths
from course_utils.columns import Columns, Split
from course_utils.comparison import (
    Case,
    Comparison,
    Contender,
    compare_all,
    crossed_logistic_regression,
    gradient_boosting,
    logistic_regression,
    network,
    network_per_task,
    shared_bottom,
)
from course_utils.comparison.compare import run
from course_utils.comparison.judging import judge, measures
from course_utils.comparison.networks import NetworkPerScenario
from course_utils.comparison.store import Store
from course_utils.models import PLE
from course_utils.shop import Shop
from course_utils.shop.tasks import TASKS, sample_spaces, true_chances

SEEDS, TUNING_SEEDS = range(10), (100, 101)
TRIALS = 4
N_TRAIN, N_VALID, N_TEST = 40_000, 15_000, 40_000
CUTOFF = N_TRAIN + N_VALID
DAY = 86_400.0
FOLDER = paths.CACHE / "capstone"
READ = [name for name in CATEGORICAL if name not in ("user_id", "product_id")]

JOINT, TWINS, NINE = "Shared-Bottom on crosses", "twin per task", "twin per task and scenario"
GRID: dict[str, tuple[Any, ...]] = {
    "learning_rate": (1e-3, 3e-3),
    "batch_size": (512,),
    "epochs": (30,),
    "patience": (5,),
    "dropout": (0.0,),
    "weight_decay": (0.1, 1.0),
    "embedding_l2": (5e-4,),
    "task_weights": (0.3, 1.0),
}
STRENGTHS = (0.003, 0.01, 0.03, 0.1)
TREES = {
    "max_iter": (50, 200),
    "learning_rate": (0.05,),
    "max_leaf_nodes": (7, 31),
    "l2_regularization": (10.0,),
}


@cache
def shop(seed: int, relatedness: float = 0.8) -> Shop:
    return Shop(seed, relatedness=relatedness)


@cache
def rows_of(seed: int, relatedness: float = 0.8) -> pd.DataFrame:
    """The log up to the end of the test, with what is known of it at the cutoff.

    ``age`` is days from the click to the cutoff, ``known`` the purchase as far as it has come.
    """
    of = shop(seed, relatedness)
    rows = of.log(CUTOFF + N_TEST)
    age = (rows["timestamp"].iloc[CUTOFF] - rows["timestamp"]) / DAY
    come = (rows["purchase"] == 1) & (rows["hours_to_purchase"] / 24 <= age)
    declared = {"position": range(1, 11), "hour": range(24), "weekday": range(7)}
    for name, values in declared.items():
        rows[name] = pd.Categorical(rows[name], categories=list(values))
    return rows.assign(log_price=np.log(rows["price"]), age=age, known=come.astype(np.int64))


@cache
def case(seed: int, relatedness: float = 0.8) -> Case:
    """To learn from, to choose by, to judge; the test rows once more at position 1."""
    rows = rows_of(seed, relatedness)
    test = rows.iloc[CUTOFF:]
    first = test.assign(position=pd.Categorical([1] * N_TEST, categories=list(range(1, 11))))
    known = rows.iloc[:CUTOFF].assign(purchase=rows["known"].iloc[:CUTOFF])
    whole = pd.concat([known, test, first], ignore_index=True)
    columns = Columns.fit(rows.head(N_TRAIN), READ, NUMERIC, scenario="scenario")
    table = columns.table(whole, TASKS, sample_spaces(whole))
    parts = np.split(np.arange(len(whole)), [N_TRAIN, CUTOFF])
    visible = shop(seed, relatedness).visible_probabilities(test)
    twice = {task: np.tile(p, 2) for task, p in true_chances(test).items()}
    return Case(
        Split(*(table.take(part) for part in parts)),
        truth=twice,
        visible={task: np.tile(p, 2) for task, p in true_chances(visible).items()},
        judged={task: np.arange(2 * N_TEST) < N_TEST for task in TASKS},
    )


def contenders() -> list[Contender]:
    """Plain rivals, twins of two kinds, and two networks for all tasks; all but the first and
    the trees read the hand-made crosses."""
    return [
        logistic_regression(STRENGTHS),
        crossed_logistic_regression((*CROSSES, *PRODUCTS, *BY_SCENARIO), STRENGTHS),
        gradient_boosting(TREES),
        network_per_task(GRID, with_crosses, TWINS),
        NetworkPerScenario(NINE, GRID, with_crosses),
        shared_bottom(GRID, with_crosses, JOINT),
        network("PLE on crosses", PLE, GRID, with_crosses),
    ]


@cache
def kept_contenders() -> list[Contender]:
    """One set for all fits: networks of one shape share a graph."""
    return contenders()


@cache
def compared() -> Comparison:
    """Every contender tuned on two shops and run on ten."""
    return compare_all(case, kept_contenders(), SEEDS, TUNING_SEEDS, TRIALS, FOLDER)


def chances(name: str, seed: int) -> dict[str, np.ndarray]:
    """Task -> ``[N_TEST]``: what a contender says of each test row at position 1."""
    said = served_chances(seed) if name == SERVED else compared().chances[name][seed]
    return {task: said[task][N_TEST:].astype(float) for task in TASKS}


SERVED = "Shared-Bottom on crosses, one snapshot"
"""The joint network with one epoch for all tasks, which is what one trunk can serve."""


def served_chances(seed: int) -> dict[str, np.ndarray]:
    """What the joint network says with one epoch for all; the setting as chosen. ``[2 N_TEST]``."""
    trial = {**next(iter(compared().choice[JOINT].values())), "keep": "sum"}
    by_name = {one.name: one for one in kept_contenders()}
    choice = dict.fromkeys(TASKS, trial)
    return run(by_name[JOINT], case(seed), seed, choice, Store(FOLDER))


def served() -> dict[str, Any]:
    """task -> scenario -> AUC, one value a seed: the joint network with one snapshot."""
    found: dict[str, Any] = {}
    for seed in SEEDS:
        said, one = served_chances(seed), case(seed)
        lines = judge(said, one)
        lines = lines[(lines["rows"] == "all rows") & lines["task"].isin(TASKS)]
        for task, scenario, auc in lines[["task", "scenario", "auc"]].itertuples(index=False):
            into = found.setdefault(task, {}).setdefault(scenario, [])
            into.append(round(float(auc), 5))
    return found


def comparison() -> dict[str, Any]:
    """contender -> task -> scenario -> metric -> one value a seed, all rows against the truth."""
    found = compared()
    lines = found.results[(found.results["rows"] == "all rows")].sort_values("seed", kind="stable")
    scores: dict[str, Any] = {}
    keys = ["contender", "task", "scenario"]
    for (name, task, scenario), one in lines.groupby(keys, sort=False):
        into = scores.setdefault(name, {}).setdefault(task, {})
        into[scenario] = {
            metric: one[metric].round(5).tolist() for metric in ("auc", "log_loss", "calibration")
        }
    return {"scores": scores, "chosen": found.choice, "valid": valid_losses(found)}


def valid_losses(found: Comparison) -> dict[str, dict[str, float]]:
    """contender -> task -> least mean validation loss of its trials, over the tuning shops."""
    means = found.tuning.groupby(["contender", "task", "trial"], sort=False)["loss"].mean()
    least = means.groupby(["contender", "task"], sort=False).min().unstack()
    return {
        str(name): {task: round(float(one[task]), 5) for task in TASKS}
        for name, one in least.iterrows()
    }


TURNED = (-0.8, 0.0, 0.4, 1.0)
"""Relatedness of clicks and purchases; the shop's own is .8."""

OWN = 0.8


def turned_chances(name: str, seed: int, relatedness: float) -> dict[str, np.ndarray]:
    """What the joint network or its twins say where the tasks are otherwise related.

    Settings as chosen at the shop's own relatedness; ``[2 N_TEST]`` for each task.
    """
    if relatedness == OWN:
        return dict(compared().chances[name][seed])
    by_name = {one.name: one for one in kept_contenders()}
    choice = compared().choice[name]
    return run(by_name[name], case(seed, relatedness), seed, choice, Store(FOLDER))


def turned(relatedness: float) -> dict[str, Any]:
    """contender -> task -> metric -> one value a seed, all scenarios pooled."""
    found: dict[str, Any] = {}
    for name in (JOINT, TWINS):
        for seed in SEEDS:
            said = turned_chances(name, seed, relatedness)
            truth = case(seed, relatedness).truth
            for task in TASKS:
                one = measures(truth[task][:N_TEST], said[task][:N_TEST])
                for metric in ("auc", "log_loss"):
                    into = found.setdefault(name, {}).setdefault(task, {}).setdefault(metric, [])
                    into.append(round(float(one[metric]), 5))
    return found


def small() -> list[float]:
    """For the test: the logistic regression of shop 0, AUC of three tasks."""
    one = case(0)
    said = logistic_regression(STRENGTHS).fit(one.split, 0, {"C": 0.03}, TASKS, "test")
    return [
        round(float(measures(one.truth[task][:N_TEST], said[task][:N_TEST])["auc"]), 4)
        for task in TASKS
    ]


PARTS = {
    "small": small,
    "comparison": comparison,
    "served": served,
    **{f"relatedness {at:g}": partial(turned, at) for at in TURNED},
}

STORED = Stored(
    paths.RESULTS / "capstone_models.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
