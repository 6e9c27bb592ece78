"""What lesson 21 and its study page say of small markets beside ``scenario_rows.py``.

    python benchmarks/scenario_more.py

makes results/scenario_more.json:

- ``products``: a factorisation machine with a head for each market, on the markets of
  ``scenario_rows.py``, with as many settings as every contender there;
- ``ways``: seven contenders on the lesson's own markets, one setting each, 150 rows of M03;
- ``bias``: on the same markets the mixed network with one number added for each market. It moves
  the mean prediction on training rows to (clicks + k m) / (rows + k), m being the network's own
  mean prediction there: k = 0 is the market's rate, a large k leaves the network alone. Five other
  markets choose k by the log loss in M03;
- ``temperature``: logistic regressions that draw markets in proportion to n^(1/T), with a penalty
  that five other shops choose for each T, by the mean log loss over markets;
- ``areas``: who comes back, by area, in Ta Feng: five folds.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
import scenario_rows
from parts import Stored
from scipy import sparse
from scipy.optimize import brentq
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder

from course_utils import paths
from course_utils.columns import Columns, Split
from course_utils.comparison import (
    ALL_ROWS,
    Case,
    Contender,
    as_given,
    compare_all,
    crossed_logistic_regression,
    gradient_boosting,
    head_per_scenario,
    logistic_regression,
    network,
    network_per_scenario,
    network_per_task,
)
from course_utils.comparison.judging import measures
from course_utils.datasets import load
from course_utils.models import STAR
from course_utils.models.factorisation_machine import FactorisationMachine
from course_utils.shop import Shop

EMBEDDED = ["segment", "city", "category", "brand"]
NUMBERS = ["price", "price_sensitivity", "tenure_days"]
MARKETS, SMALL, EVERY = 4, 2, "all"
SETTINGS: dict[str, Any] = {
    "trunk": ((32,),),
    "tower": ((),),
    "learning_rate": (1e-2,),
    "batch_size": (256,),
    "epochs": (30,),
    "patience": (4,),
    "dropout": (0.0,),
    "weight_decay": (1.0,),
    "embedding_l2": (1e-4,),
}
CROSSES = [("segment", "category"), ("segment", "brand"), ("price", "price_sensitivity")]
CROSSES += [("market", name) for name in [*EMBEDDED, *NUMBERS]]
WAYS_SEEDS = range(8)
SEEDS, TUNING_SEEDS = range(20), range(100, 105)
SMOOTH = (0, 30, 100, 300, 1_000)
"""k: how many rows the network's own mean prediction counts for."""

TEMPERATURES = {"1": 1.0, "2": 2.0, "inf": np.inf}
PENALTIES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
"""C of scikit-learn: a small one is a strong penalty."""

FOLDS, TUNING_FOLD = range(5), 10

STORED = Stored(
    paths.RESULTS / "scenario_more.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS, "ways_seeds": WAYS_SEEDS, "folds": FOLDS},
)


@cache
def case(seed: int) -> Case:
    """The lesson's markets: M03 has 150 training rows, the others 9,000 together."""
    rows = Shop(seed, similarity=0.8).markets(80_000, scenarios=MARKETS)
    rows = rows.assign(price=np.log(rows["price"]))
    before, test = rows[:50_000], rows[50_000:]
    small, others = before[before["market"] == "M03"], before[before["market"] != "M03"]
    train = pd.concat([small[:150], others[:9_000]]).sort_index()
    valid = pd.concat([small[150:200], others[9_000:12_000]]).sort_index()
    columns = Columns.fit(train, EMBEDDED, NUMBERS, scenario="market")
    tables = [columns.table(part, ["click"]) for part in (train, valid, test)]
    p = {"click": test["p_click"].to_numpy()}
    return Case(Split(*tables), truth=p, visible=p, judged={"click": np.ones(len(test), bool)})


def products(n: int) -> list[float]:
    """AUC on the small market of ``scenario_rows.py``, one value a seed."""
    grid = {name: of for name, of in scenario_rows.GRID.items() if name not in ("trunk", "tower")}
    grid |= {"embedding_dim": (2, 8), "batch_size": (256,)}
    made = network("factorisation machine, heads", FactorisationMachine, grid)
    of = scenario_rows
    found = compare_all(partial(of.case, n=n), [made], of.SEEDS, of.TUNING_SEEDS, of.TRIALS).results
    # Only the small market has test rows, so all rows are its rows.
    own = (found["contender"] == made.name) & (found["scenario"] == EVERY)
    lines = found[own & (found["rows"] == ALL_ROWS)]
    assert len(lines) == len(of.SEEDS)
    return [round(value, 5) for value in lines.sort_values("seed")["auc"]]


def contenders() -> dict[str, Contender]:
    """From nothing of a market's own to nothing in common, and the crossed regression."""
    by_rows = head_per_scenario(SETTINGS, "head")
    by_rows.grid["task_weights"] = [1.0]
    return {
        "mixed": network_per_task(SETTINGS, as_given, "mixed"),
        "column": network_per_task(SETTINGS, name="column"),
        "head": by_rows,
        "head, equal": head_per_scenario(SETTINGS, "head, equal"),
        "STAR": network("STAR", STAR, SETTINGS),
        "separate": network_per_scenario(SETTINGS),
        "crossed LR": crossed_logistic_regression(CROSSES, (0.03,), name="crossed LR"),
    }


def ways() -> dict[str, Any]:
    """AUC and calibration by market, the mean over markets and all rows: one value a seed."""
    made = contenders()
    found = compare_all(case, list(made.values()), WAYS_SEEDS, (100,), 1).results
    lines = found.query("rows == @ALL_ROWS")
    kept: dict[str, Any] = {}
    for metric in ("auc", "calibration"):
        of = lines.pivot_table(
            index=["contender", "scenario"], columns="seed", values=metric, sort=False
        )
        for way, one in made.items():
            kept.setdefault(metric, {})[way] = {
                scenario: row.round(5).tolist() for scenario, row in of.loc[one.name].iterrows()
            }
    return kept


def too_high(bias: float, z: np.ndarray, rate: float) -> float:
    """How much the mean prediction is above the rate."""
    return float(expit(z + bias).mean() - rate)


def shifted(learned: np.ndarray, z: np.ndarray, split: Split, k: float) -> np.ndarray:
    """Test logits, each market's moved by one number from its training rows."""
    moved = z.copy()
    for s in range(MARKETS):
        rows, clicks = split.train.scenario == s, split.train.labels["click"]
        own = expit(learned[rows]).mean()
        rate = (clicks[rows].sum() + k * own) / (rows.sum() + k)
        moved[split.test.scenario == s] += brentq(too_high, -8, 8, args=(learned[rows], rate))
    return moved


def judged(z: np.ndarray, seed: int) -> dict[str, float]:
    """Pooled AUC, and AUC, log loss and calibration in M03."""
    truth, small = case(seed).truth["click"], case(seed).split.test.scenario == SMALL
    p = expit(z)
    all_, own = measures(truth, p), measures(truth[small], p[small])
    return {
        "pooled AUC": all_["auc"],
        "M03 log loss": own["log_loss"],
        "M03 calibration": float(p[small].mean() / truth[small].mean()),
    }


def bias() -> dict[str, Any]:
    """``chosen`` k, and name -> measure -> one value a seed."""
    ways_, scores, found = contenders(), dict.fromkeys(SMOOTH, 0.0), {}
    for seed in (*TUNING_SEEDS, *SEEDS):
        split, said = case(seed).split, {}
        for name in ("mixed", "column"):
            trial = {key: values[0] for key, values in ways_[name].grid.items()}
            asked = ("train", "test") if name == "mixed" else ("test",)
            fit = partial(ways_[name].fit, split, seed, trial, ["click"])
            said[name] = [logit(fit(part)["click"]) for part in asked]
        learned, z = said["mixed"]
        if seed in TUNING_SEEDS:
            for k in SMOOTH:
                scores[k] += judged(shifted(learned, z, split, k), seed)["M03 log loss"]
            continue
        chosen = min(scores, key=lambda k: scores[k])
        forms = {
            "mixed": z,
            "column": said["column"][0],
            "bias": shifted(learned, z, split, 0),
            "smoothed bias": shifted(learned, z, split, chosen),
        }
        for name, one in forms.items():
            for measure, value in judged(one, seed).items():
                found.setdefault(name, {}).setdefault(measure, []).append(round(value, 6))
    return {"chosen": chosen, "forms": found}


def design(table: Any, crossed: bool, encoder: OneHotEncoder) -> sparse.csr_matrix:
    """One-hot columns and numbers; if crossed, once more for each market."""
    x = sparse.hstack([encoder.transform(table.codes), table.numbers], format="csr")
    if not crossed:
        return x
    own = [sparse.diags_array((table.scenario == s).astype(float)) @ x for s in range(MARKETS)]
    return sparse.hstack([x, *own], format="csr")


def at_temperature(seed: int, T: float, crossed: bool, C: float) -> list[dict[str, float]]:
    """Measures of each market; rows weigh what the temperature says."""
    split, truth = case(seed).split, case(seed).truth["click"]
    encoder = OneHotEncoder(handle_unknown="ignore").fit(split.train.codes)
    n = np.bincount(split.train.scenario, minlength=MARKETS)
    weight = n ** (1 / T - 1)
    weight = (weight / (weight @ n) * n.sum())[split.train.scenario]
    model = LogisticRegression(C=C, max_iter=200)
    x, known = (design(part, crossed, encoder) for part in (split.train, split.test))
    model.fit(x, split.train.labels["click"], sample_weight=weight)
    p = model.predict_proba(known)[:, 1]
    return [measures(truth[rows], p[rows]) for rows in _by_market(split.test.scenario)]


def _by_market(scenario: np.ndarray) -> list[np.ndarray]:
    return [scenario == s for s in range(MARKETS)]


def temperature(crossed: bool) -> dict[str, Any]:
    """T -> the chosen penalty, and AUC by market, one value a seed."""
    kept: dict[str, Any] = {}
    for name, T in TEMPERATURES.items():
        scores = {
            C: np.mean(
                [
                    one["log_loss"]
                    for seed in TUNING_SEEDS
                    for one in at_temperature(seed, T, crossed, C)
                ]
            )
            for C in PENALTIES
        }
        best = min(scores, key=lambda C: scores[C])
        aucs = [[one["auc"] for one in at_temperature(seed, T, crossed, best)] for seed in SEEDS]
        of = np.round(np.transpose(aucs), 5).tolist()
        kept[name] = {"C": best, "auc": {f"M0{s + 1}": of[s] for s in range(MARKETS)}}
    return kept


COUNTS = ["days", "since", "lines", "products", "subclasses", "money"]


@cache
def people() -> pd.DataFrame:
    """One line a customer of Ta Feng: columns from three months, the label from the fourth."""
    baskets = load("ta_feng")
    cut = pd.Timestamp("2001-02-01")
    past = baskets[baskets["date"] < cut]
    found = past.groupby("user_id").agg(
        area=("area", "first"),
        age=("age_group", "first"),
        days=("date", "nunique"),
        last=("date", "max"),
        lines=("product_id", "size"),
        products=("product_id", "nunique"),
        subclasses=("subclass_id", "nunique"),
        money=("revenue", "sum"),
    )
    found["back"] = found.index.isin(baskets.loc[baskets["date"] >= cut, "user_id"]).astype(int)
    found["since"] = (cut - found["last"]).dt.days
    found["age"] = found["age"].fillna("unknown").astype("category")
    found[COUNTS] = np.log1p(found[COUNTS])
    return found


def area_split(fold: int) -> Split:
    """A fifth to judge, another to stop by, three to learn from."""
    rows = people()
    fifths = np.array_split(np.random.default_rng(0).permutation(len(rows)), 5)
    test, valid = fifths[fold % 5], fifths[fold % 5 - 1]
    train = np.setdiff1d(np.arange(len(rows)), np.concatenate([test, valid]))
    columns = Columns.fit(rows.iloc[train], ["age"], COUNTS, scenario="area")
    return Split(*(columns.table(rows.iloc[part], ["back"]) for part in (train, valid, test)))


def areas() -> dict[str, Any]:
    """contender -> area, "mean" or "all" -> AUC, one value a fold; and who comes back by area."""
    own = [("area", name) for name in ["age", *COUNTS]]
    trees = {"max_leaf_nodes": (7,), "min_samples_leaf": (100,), "l2_regularization": (10,)}
    made = [
        logistic_regression((0.3,), as_given, "LR, mixed"),
        logistic_regression((0.3,), name="LR, column"),
        crossed_logistic_regression(own, (0.03,), name="LR, crossed with the area"),
        gradient_boosting(trees),
        network_per_task(SETTINGS, as_given, "network, mixed"),
        network("STAR", STAR, SETTINGS),
    ]
    found = compare_all(area_split, made, FOLDS, [TUNING_FOLD], 1).results
    of = found.pivot_table(
        index=["contender", "scenario"], columns="seed", values="auc", sort=False
    ).round(5)
    by_area = people().groupby("area")["back"]
    return {
        "auc": {
            one.name: {str(at): row.tolist() for at, row in of.loc[one.name].iterrows()}
            for one in made
        },
        "customers": {str(area): int(n) for area, n in by_area.size().items()},
        "back": {str(area): round(float(share), 4) for area, share in by_area.mean().items()},
    }


PARTS: Mapping[str, Any] = {
    "ways": ways,
    "bias": bias,
    "temperature": {
        "mixed": partial(temperature, False),
        "crossed": partial(temperature, True),
    },
    "areas": areas,
    "products": {str(n): partial(products, n) for n in scenario_rows.ROWS},
}


if __name__ == "__main__":
    STORED.measure(PARTS)
