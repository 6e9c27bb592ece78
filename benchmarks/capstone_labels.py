"""Labels that are known at the cutoff: ignore what is late, wait, or correct it (lesson 70).

    python benchmarks/capstone_labels.py

A logistic regression with crosses learns the purchase from the clicked rows among the last
``N_LEARN`` rows before the cutoff, with what is known of them at the cutoff. It is judged on the
rows after it, against the truth. Ten shops; the penalty is the same for all ways. *older* has a log
that began earlier: there every way can read older rows. Three minutes of one core.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from parts import Stored
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder

from course_utils import paths
from course_utils.comparison.judging import measures
from course_utils.shop import Shop
from course_utils.shop.sessions import SCENARIOS

SEEDS = range(10)
N_LEARN, N_TEST = 40_000, 40_000
DAY = 86_400.0
COLUMNS = ["segment", "city", "category", "brand", "scenario", "device", "weather", "weekday",
           "position"]  # fmt: skip
PAIRS = [
    ("segment", "category"),
    ("segment", "brand"),
    ("scenario", "category"),
    ("scenario", "brand"),
    ("scenario", "segment"),
    ("scenario", "city"),
    ("device", "category"),
    ("weather", "category"),
    ("weekday", "category"),
    ("device", "position"),
    ("scenario", "position"),
]
STRENGTH = 0.03


def design(rows: pd.DataFrame, learn: int) -> csr_matrix:
    """Zeros and ones of columns and pairs, and four numbers; values known in the first rows."""
    words = rows[COLUMNS].astype(str)
    for a, b in PAIRS:
        words[f"{a} {b}"] = words[a] + " " + words[b]
    ones = OneHotEncoder(handle_unknown="ignore", min_frequency=5).fit(words.iloc[:learn])
    price, age = np.log(rows["price"]), np.cos(np.pi * rows["tenure_days"] / 2000)
    numbers = np.column_stack(
        [price, rows["price_sensitivity"], price * rows["price_sensitivity"], age]
    )
    numbers = (numbers - numbers[:learn].mean(axis=0)) / numbers[:learn].std(axis=0)
    return hstack([ones.transform(words), numbers]).tocsr()


def fitted(x: csr_matrix, y: np.ndarray, weight: np.ndarray | None = None) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=300).fit(x, y, sample_weight=weight)


def arrived(delay: np.ndarray, age: np.ndarray, known: np.ndarray, dear: np.ndarray) -> np.ndarray:
    """F: the share of purchases that have come by this age, by fifths of the price, no formula.

    From clicks older than a week, whose purchases have nearly all come.
    """
    found = np.ones(len(age))
    for group in range(5):
        here = dear == group
        came = np.sort(delay[here & known & (age > 7)])
        found[here] = (np.searchsorted(came, age[here], side="right") + 1) / (len(came) + 1)
    return found


def ways(
    x: csr_matrix, whole: np.ndarray, known: np.ndarray, age: np.ndarray, share: np.ndarray
) -> dict[str, tuple[LogisticRegression, int]]:
    """Way -> the model, and from how many clicks. ``x`` and the others are clicked rows."""

    def waiting(days: float) -> tuple[LogisticRegression, int]:
        old = np.flatnonzero(age >= days)
        return fitted(x[old], known[old]), len(old)

    n = len(age)
    found = {
        "all labels (not yet known)": (fitted(x, whole), n),
        "ignore": (fitted(x, known), n),
        "wait 2 days": waiting(2),
        "wait 7 days": waiting(7),
    }
    p = found["ignore"][0].predict_proba(x)[:, 1]
    weight = np.where(known, 1 / share, (1 - p) / (1 - p * share))
    found["importance weights"] = fitted(x, known, weight), n
    for _ in range(5):  # the likelihood with 1 - pF, by expectation and maximisation
        to_come = np.where(known, 1.0, p * (1 - share) / (1 - p * share))
        model = LogisticRegression(C=STRENGTH, max_iter=300).fit(
            x[np.r_[0:n, 0:n]],
            np.repeat([1, 0], n),
            sample_weight=np.r_[to_come, 1 - to_come],
        )
        p = model.predict_proba(x)[:, 1]
    found["likelihood"] = model, n
    return found


def shop(seed: int) -> dict[str, Any]:
    """way -> clicks, AUC, log loss, calibration, calibration by scenario; and what is missing."""
    rows = Shop(seed).log(N_LEARN + N_TEST)
    age = ((rows["timestamp"].iloc[N_LEARN] - rows["timestamp"]) / DAY).to_numpy()
    delay = (rows["hours_to_purchase"] / 24).to_numpy()
    bought = rows["purchase"].to_numpy() == 1
    known = bought & (delay <= age)
    dear = pd.qcut(rows["price"], 5, labels=False).to_numpy()
    x = design(rows, N_LEARN)
    clicked = rows["click"].to_numpy() == 1
    learn = np.flatnonzero(clicked & (np.arange(len(rows)) < N_LEARN))
    share = arrived(delay[learn], age[learn], known[learn], dear[learn])
    test = rows.iloc[N_LEARN:]
    truth = test["p_purchase_given_click"].to_numpy()
    weight = test["p_click"].to_numpy()
    scenario = pd.Index(SCENARIOS).get_indexer(test["scenario"].astype(object))
    found: dict[str, Any] = {"missing": round(1 - known[learn].sum() / bought[learn].sum(), 4)}
    for way, (model, n) in ways(x[learn], bought[learn], known[learn], age[learn], share).items():
        said = model.predict_proba(x[N_LEARN:])[:, 1]
        loss = -(weight * (truth * np.log(said) + (1 - truth) * np.log1p(-said))).sum()
        ratios = [
            (weight * said)[at].sum() / (weight * truth)[at].sum()
            for at in [scenario == s for s in range(3)] + [scenario >= 0]
        ]
        found[way] = {
            "clicks": n,
            "auc": round(float(measures(truth, said)["auc"]), 5),
            "log_loss": round(float(loss / weight.sum()), 6),
            "calibration": [round(float(one), 4) for one in ratios],
        }
    return found


OLDER = 25_000
"""Rows before the 40,000, in a log that began earlier."""


def older(seed: int) -> dict[str, Any]:
    """way -> clicks, AUC, log loss, predicted over true, where older rows can be read.

    *Ignore* reads the last 40,000 rows; waiting 7 days leaves the newest out: *rows cut* keeps the
    day on which the window begins, *as many rows* moves it back, so that it has 40,000 again. With
    *all rows* each way reads whatever there is.
    """
    cutoff = OLDER + N_LEARN
    rows = Shop(seed).log(cutoff + N_TEST)
    age = ((rows["timestamp"].iloc[cutoff] - rows["timestamp"]) / DAY).to_numpy()
    delay = (rows["hours_to_purchase"] / 24).to_numpy()
    known = (rows["purchase"].to_numpy() == 1) & (delay <= age)
    dear = pd.qcut(rows["price"], 5, labels=False).to_numpy()
    clicked = rows["click"].to_numpy() == 1
    end = int((age >= 7).sum())
    test = rows.iloc[cutoff:]
    truth, weight = test["p_purchase_given_click"].to_numpy(), test["p_click"].to_numpy()
    windows = {
        "ignore": (OLDER, cutoff),
        "wait 7 days, rows cut": (OLDER, end),
        "wait 7 days, as many rows": (max(0, end - N_LEARN), end),
        "wait 7 days, all rows": (0, end),
        "ignore, all rows": (0, cutoff),
        "importance weights, all rows": (0, cutoff),
    }
    found = {}
    for way, (start, stop) in windows.items():
        x = design(pd.concat([rows.iloc[start:stop], test], ignore_index=True), stop - start)
        learn = np.flatnonzero(clicked[start:stop])
        at = start + learn
        model = fitted(x[learn], known[at])
        if way.startswith("importance"):
            share = arrived(delay[at], age[at], known[at], dear[at])
            p = model.predict_proba(x[learn])[:, 1]
            weights = np.where(known[at], 1 / share, (1 - p) / (1 - p * share))
            model = fitted(x[learn], known[at], weights)
        said = model.predict_proba(x[stop - start :])[:, 1]
        loss = -(weight * (truth * np.log(said) + (1 - truth) * np.log1p(-said))).sum()
        found[way] = {
            "clicks": len(learn),
            "auc": round(float(measures(truth, said)["auc"]), 5),
            "log_loss": round(float(loss / weight.sum()), 6),
            "level": round(float((weight * said).sum() / (weight * truth).sum()), 4),
        }
    return found


PARTS: dict[str, Callable[[], Any]] = {
    "small": lambda: shop(0),
    "older": lambda: [older(seed) for seed in SEEDS],
    "shops": lambda: [shop(seed) for seed in SEEDS],
}

STORED = Stored(
    paths.RESULTS / "capstone_labels.json",
    {"seeds": SEEDS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
