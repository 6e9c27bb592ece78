"""The list that would be served: its models, its weight, its level (lesson 70).

    python benchmarks/capstone_served.py

needs the fits of capstone_models.py; three minutes of one core. *snapshot*: Shared-Bottom and PLE
with one epoch for all tasks, tuned as all others are, by their own loss on the two tuning shops.
*effects*: every ranker at every weight against today's list, by the truth. *related*: one network
over its twins, at the weight that is served, where the tasks are otherwise related. *visible*: the
expected value with one of the candidate's scores replaced by the best that the columns allow.
*level*: the candidate's purchase as shown and asked at position 1. *strength*: shrunk factors whose
k is estimated.

Predicted before measuring: three crossed regressions bring less than best of each task, and keep
more clicks; the estimated k is near 0 at 10,000 rows and no better than 10 at 1,000. PLE with one
snapshot was added after these were known.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import capstone_decide as decide
import capstone_fusion as fusion
import capstone_models as models
import capstone_more as more
import numpy as np
import pandas as pd
from capstone_decide import BEST, PLE, REGRESSIONS
from capstone_models import JOINT, N_TEST, NINE, SEEDS, TASKS, TUNING_SEEDS, TWINS
from parts import Stored
from scipy.special import gammaln
from shop_contenders import with_crosses

from course_utils import paths
from course_utils.comparison import Comparison, compare_all, network, shared_bottom
from course_utils.shop.sessions import SCENARIOS

SNAPSHOT, PLE_SNAPSHOT = "one network, one snapshot", "PLE, one snapshot"
WEIGHTS = (0.0, 0.1, 0.2, 0.3, 1.0)
SERVED = 0.2


@cache
def compared() -> Comparison:
    """Both networks, which keep the epoch of the least sum, tuned and run as all others."""
    grid = {**models.GRID, "keep": ("sum",)}
    ones = [
        shared_bottom(grid, with_crosses, SNAPSHOT),
        network(PLE_SNAPSHOT, models.PLE, grid, with_crosses),
    ]
    return compare_all(models.case, ones, SEEDS, TUNING_SEEDS, models.TRIALS, models.FOLDER)


def snapshot() -> dict[str, Any]:
    """network -> "scores": task -> scenario -> AUC, one a seed; the setting "chosen"; and every
    setting "tried" with its loss."""
    found, made = compared(), {}
    for name, choice in found.choice.items():
        lines = found.results
        lines = lines[(lines["rows"] == "all rows") & (lines["contender"] == name)]
        scores: dict[str, Any] = {}
        for (task, scenario), one in lines.groupby(["task", "scenario"], sort=False):
            auc = one.sort_values("seed", kind="stable")["auc"]
            scores.setdefault(task, {})[scenario] = auc.round(5).tolist()
        trials = found.tuning[found.tuning["contender"] == name].groupby("trial")
        tried, settings = trials["loss"].mean(), trials["settings"].first()
        made[name] = {
            "scores": scores,
            "chosen": dict(next(iter(choice.values()))),
            "tried": [[dict(settings[k]), round(float(tried[k]), 5)] for k in tried.index],
        }
    return made


def chances(name: str, seed: int) -> dict[str, np.ndarray]:
    """What a ranker says of each test row at position 1."""
    if name not in (SNAPSHOT, PLE_SNAPSHOT):
        return decide.chances(name, seed)
    said = compared().chances[name][seed]
    return {task: said[task][N_TEST:].astype(float) for task in TASKS}


RANKERS = (REGRESSIONS, BEST, PLE, PLE_SNAPSHOT, JOINT, SNAPSHOT, TWINS, NINE)


def effects() -> dict[str, Any]:
    """ranker -> weight -> what -> percent of today's, exactly, no stock; one a seed."""
    found: dict[str, Any] = {}
    for seed in SEEDS:
        old = decide.today(seed)
        for name in RANKERS:
            p = chances(name, seed)
            for weight in WEIGHTS:
                new = decide.arm(seed, decide.mixed(p, seed, weight))
                pairs = {
                    "clicks": (old.click, new.click),
                    "money": (old.money, new.money),
                    "purchases": (old.sale, new.sale),
                }
                into = found.setdefault(name, {}).setdefault(f"{weight:g}", {})
                for what, (a, b) in pairs.items():
                    into.setdefault(what, []).append(round(float(100 * (b.sum() / a.sum() - 1)), 3))
    return found


def related() -> dict[str, Any]:
    """relatedness -> who -> money per 1,000 requests at the served weight, one a seed."""
    found: dict[str, Any] = {}
    for at in sorted({*models.TURNED, models.OWN}):
        for seed in SEEDS:
            rows = fusion.test_rows(seed, at)
            of = fusion.lists(rows, slice(fusion.TUNE, None))
            for name in (JOINT, TWINS):
                said = models.turned_chances(name, seed, at)
                p = {task: said[task][N_TEST:].astype(float) for task in TASKS}
                order = of.order(decide.between(p, rows["margin"].to_numpy(), SERVED))
                into = found.setdefault(f"{at:g}", {}).setdefault(name, [])
                into.append(round(float(1000 * of.brought(order).mean()), 4))
            models.case.cache_clear()
            models.rows_of.cache_clear()
    return found


def visible() -> dict[str, list[float]]:
    """task -> percent lost by the expected value, one a seed: the candidate's scores, this one
    replaced by the best that the columns allow; "none" and "all" of them."""
    found: dict[str, list[float]] = {}
    for seed in SEEDS:
        rows, _, of = fusion.market(seed)
        p, best, margin = models.chances(JOINT, seed), fusion.visible_of(seed), rows["margin"]
        scores = {"none": p, **{task: {**p, task: best[task]} for task in TASKS}, "all": best}
        orders = {
            name: of.order(np.asarray(fusion.expected(one, margin.to_numpy())))
            for name, one in scores.items()
        }
        for name, (lost, *_) in fusion.shares(of, orders).items():
            found.setdefault(name, []).append(lost)
    return found


def level() -> dict[str, dict[str, list[float]]]:
    """ "as shown", "at position 1" -> scenario -> predicted over true purchase, one a seed."""
    found: dict[str, dict[str, list[float]]] = {}
    for seed in SEEDS:
        rows, _, _ = fusion.market(seed)
        said = models.compared().chances[JOINT][seed]["purchase"].astype(float)
        later = np.arange(N_TEST) >= fusion.TUNE
        weight = rows["p_click"].to_numpy()
        truth = weight * rows["p_purchase_given_click"].to_numpy()
        for way, part in (("as shown", said[:N_TEST]), ("at position 1", said[N_TEST:])):
            for scenario in SCENARIOS:
                at = later & (rows["scenario"] == scenario).to_numpy()
                ratio = (weight * part)[at].sum() / truth[at].sum()
                into = found.setdefault(way, {}).setdefault(scenario, [])
                into.append(round(float(ratio), 4))
    return found


GRID_OF_K = np.geomspace(0.1, 1e4, 101)


def likely_k(y: np.ndarray, p: np.ndarray, scenario: np.ndarray) -> float:
    """The k under which the purchases of three scenarios are most likely.

    With a factor from Gamma(k r, k) they are negative binomial:
    Gamma(Y + k r) / Gamma(k r) (k / (k + P))^(k r) (P / (k + P))^Y, up to what has no k.
    """
    r = y.sum() / p.sum()
    if r == 0:
        return float(GRID_OF_K[-1])
    found = np.zeros(len(GRID_OF_K))
    for s in range(3):
        many, mass, shape = y[scenario == s].sum(), p[scenario == s].sum(), GRID_OF_K * r
        if mass == 0:
            continue
        found += gammaln(many + shape) - gammaln(shape)
        found -= shape * np.log1p(mass / GRID_OF_K) + many * np.log(GRID_OF_K + mass)
    return float(GRID_OF_K[found.argmax()])


def strength() -> dict[str, dict[str, list[float]]]:
    """rows -> "k" and "off", one a seed: as *shadow* of capstone_more.py, with the likely k."""
    found: dict[str, dict[str, list[float]]] = {}
    for seed in SEEDS:
        rows, _, _ = fusion.market(seed)
        p, y = models.chances(JOINT, seed)["purchase"], rows["purchase"].to_numpy()
        scenario = pd.Index(SCENARIOS).get_indexer(rows["scenario"].astype(object))
        clicked, number = rows["click"].to_numpy() == 1, np.arange(len(rows))
        weight = rows["p_click"].to_numpy() * (number >= fusion.TUNE)
        truth = weight * rows["p_purchase_given_click"].to_numpy()
        for n in more.ROWS:
            tune = clicked & (number < n)
            k = likely_k(y[tune], p[tune], scenario[tune])
            f = fusion.factors(y[tune], p[tune], scenario[tune], k)
            off = [
                abs(f[s] * (weight * p)[scenario == s].sum() / truth[scenario == s].sum() - 1)
                for s in range(3)
            ]
            into = found.setdefault(f"{n}", {"k": [], "off": []})
            into["k"].append(round(k, 2))
            into["off"].append(round(float(np.mean(off)), 5))
    return found


def small() -> list[float]:
    """For the test: the likely k of factors that differ, and of factors that do not."""
    scenario, p = np.repeat([0, 1, 2], 100), np.full(300, 0.5)
    apart = np.concatenate([np.arange(100) < n for n in (10, 50, 90)]).astype(int)
    alike = np.concatenate([np.arange(100) < n for n in (50, 50, 50)]).astype(int)
    return [likely_k(apart, p, scenario), likely_k(alike, p, scenario)]


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "snapshot": snapshot,
    "effects": effects,
    "visible": visible,
    "level": level,
    "strength": strength,
    "related": related,
}

STORED = Stored(
    paths.RESULTS / "capstone_served.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
