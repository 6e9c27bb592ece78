"""Two doubts about lesson 23: would a rival have been level, and was it the stopping?

    python benchmarks/distillation_rivals.py

makes results/distillation_rivals.json: about one CPU minute. One setting for each contender,
not tuned; six seeds.

- ``unlabelled``: the student of 8 on all rows, with soft, rounded and drawn labels, stopped by the
  log loss on validation labels or by its own loss: that on what the teacher says, treated alike,
  of the validation rows. *Longer*: that student and Shared-Bottom of 8, both with learning rate
  .03 and 120 epochs.
- ``privileged``: dwell time predicted by ridge regression on all rows, then a logistic regression
  of the purchase on this one number, by the labelled rows; for the four noises.
- ``few_labels``: rho = 0 with 400 labels, so that one dial differs from ``unlabelled``.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import distillation
import numpy as np
from distillation import FIT, PURCHASE, SEEDS, TASKS, Student, teaching, visits
from machine import described
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.preprocessing import OneHotEncoder

from course_utils import paths
from course_utils.authoring.fingerprint import code_hash
from course_utils.balancing.fixed import Fixed
from course_utils.columns import Split
from course_utils.comparison import network
from course_utils.metrics import auc, calibration_ratio
from course_utils.models import SharedBottom
from course_utils.regimes import shared_bottom
from course_utils.training import Trainer

RESULTS = paths.ROOT / "results" / "distillation_rivals.json"
LONGER: dict[str, Any] = {"epochs": 120, "patience": 15, "keep": "each"}
NOISES = (0.3, 1.0, 3.0, 10.0)


# What lesson 23 shows, word for word (tests/test_distillation.py).


def dwell_then_purchase(split, dwell):
    """Ridge regression of the dwell time, then logistic regression on that number: test p."""
    encoder = OneHotEncoder().fit(split.train.codes)
    x, known = encoder.transform(split.train.codes).toarray(), split.train.mask("purchase")
    ridge = RidgeCV(np.logspace(-1, 3, 9)).fit(x, dwell)
    y = split.train.labels["purchase"][known]
    model = LogisticRegression(C=1).fit(ridge.predict(x[known])[:, None], y)
    expected = ridge.predict(encoder.transform(split.test.codes).toarray())
    return model.predict_proba(expected[:, None])[:, 1]


# Measuring.


class Networks:
    """Trainers, whose graphs are traced once."""

    def __init__(self, columns: Any, wide: Any) -> None:
        self.teacher = Trainer(
            lambda: SharedBottom(columns, TASKS, (128,), (), 12),
            balancing=Fixed([1.0, 1.0, 1.0, 0.04]),
            weight_decay=1e-4,
        )
        self.student = Trainer(lambda: Student(wide, PURCHASE, (8,), (), 12), weight_decay=1e-4)
        grid = distillation.shared_grid(8)
        setting = {"learning_rate": 3e-2, "task_weights": 0.5, **LONGER}
        self.rival = network("Shared-Bottom of 8", SharedBottom, grid)
        self.trial = {name: values[-1] for name, values in grid.items()} | setting


@cache
def networks() -> Networks:
    train = shared_bottom.make(0).split.train
    return Networks(train.columns, teaching(train, PURCHASE).columns)


def learned(rows: Any, valid: Any, split: Split, seed: int, rate: float = 1e-2, **fit: Any) -> Any:
    """AUC and calibration ratio of a student."""
    student = networks().student
    student.batch_size = fit.pop("batch_size", 256)
    student.fit(rows, valid, seed, rate, **(fit or FIT))
    return judged(split, student.predict(teaching(split.test, PURCHASE))["purchase"])


def judged(split: Split, p: np.ndarray) -> tuple[float, float]:
    y = split.test.labels["purchase"]
    return auc(y, p), calibration_ratio(y, p)


def teach(split: Split, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """What the teacher says of the training and the validation rows."""
    teacher = networks().teacher
    teacher.fit(split.train, split.valid, seed, 3e-3, **FIT)
    both = [teacher.predict(table)["purchase"] for table in (split.train, split.valid)]
    return both[0], both[1]


def unlabelled(seed: int) -> dict[str, tuple[float, float]]:
    """``stopping`` and ``longer``."""
    split = shared_bottom.make(seed).split
    q, q_valid = teach(split, seed)
    rng = np.random.default_rng(seed)
    labels = {
        "soft": (q, q_valid),
        "rounded": (q > 0.5, q_valid > 0.5),
        "drawn": (rng.random(len(q)) < q, rng.random(len(q_valid)) < q_valid),
    }
    found = {}
    for name, (said, said_valid) in labels.items():
        rows, own = (
            teaching(table, PURCHASE, {"purchase": p}, 1.0, rows=np.full(len(p), True))
            for table, p in [(split.train, said), (split.valid, said_valid)]
        )
        by_labels = teaching(split.valid, PURCHASE)
        found[f"{name}, stopped by labels"] = learned(rows, by_labels, split, seed)
        found[f"{name}, stopped by its own loss"] = learned(rows, own, split, seed)
        if name == "soft":
            found["soft, longer"] = learned(rows, by_labels, split, seed, 3e-2, **LONGER)
    one = networks()
    p = one.rival.fit(split, seed, one.trial, PURCHASE, "test")["purchase"]
    return found | {"Shared-Bottom of 8, longer": judged(split, p)}


def privileged(seed: int) -> dict[str, tuple[float, float]]:
    found = {}
    for noise in NOISES:
        case, columns = visits(seed, noise)
        p = dwell_then_purchase(case.split, columns["dwell"])
        found[f"ridge of dwell time, noise {noise:g}"] = judged(case.split, p)
    return found


def few_labels(seed: int) -> dict[str, tuple[float, float]]:
    split = shared_bottom.make(seed, rho=0.0, few=400).split
    q, _ = teach(split, seed)
    valid, known = teaching(split.valid, PURCHASE), split.train.mask("purchase")
    every = np.full(len(q), True)
    rows = teaching(split.train, PURCHASE, {"purchase": q}, 1.0, rows=every)
    labelled = teaching(split.train, PURCHASE).take(known)
    return {
        "student alone": learned(labelled, valid, split, seed, 3e-3, batch_size=32),
        "soft labels, all rows": learned(rows, valid, split, seed),
    }


def code_files() -> list[Path]:
    """All code that makes the numbers."""
    return [Path(__file__), *distillation.code_files()]


def main() -> None:
    found: dict[str, dict[str, dict[str, list[float]]]] = {}
    for cell in (privileged, unlabelled, few_labels):
        made = [cell(seed) for seed in SEEDS]
        found[cell.__name__] = {
            name: {
                metric: [round(float(one[name][k]), 6) for one in made]
                for k, metric in enumerate(["auc", "calibration"])
            }
            for name in made[0]
        }
        for name, values in found[cell.__name__].items():
            print(f"{name:36} {np.mean(values['auc']):.4f} {values}", flush=True)
    kept = {
        "code": code_hash(code_files()),
        "machine": described("tensorflow-cpu", "keras", "scikit-learn", "numpy"),
        "seeds": list(SEEDS),
        "cells": found,
    }
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
