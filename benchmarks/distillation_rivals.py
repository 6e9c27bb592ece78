"""Doubts about lesson 23: would a rival have been level, was it the stopping, the cut, the decay?

    python benchmarks/distillation_rivals.py

makes results/distillation_rivals.json: some three CPU minutes. One setting for each contender
where nothing else is said; six seeds.

- ``unlabelled``: the student of 8 on all rows, with soft, rounded and drawn labels, stopped by the
  log loss on validation labels or by its own loss: that on what the teacher says, treated alike,
  of the validation rows. The teacher on test rows and on its own labelled rows; cross-fitted.
- ``longer``, ``longer, width 4``: student and Shared-Bottom with up to 120 epochs, four settings
  each, chosen on the two tuning seeds (``tuning`` holds their validation losses). *Three starts*:
  of three initial weights the one with the least log loss on the validation labels of the purchase.
- ``transfer``: a trunk of 8 trained on the frequent tasks, frozen, and a regression on it.
- ``privileged``: dwell time predicted by ridge regression on all rows, then a logistic regression
  of the purchase on this one number, by the labelled rows; for the four noises. The same columns
  and the long visit, dwell time cut at its median, by logistic regression.
- ``towers``: the two towers of the joint network, a regression on its trunk, the long visit alone.
- ``few_labels``: rho = 0 with 400 labels, so that one dial differs from ``unlabelled``.
- ``tasks, width w``: soft labels of four teachers with the weight decays that labels had.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import distillation
import numpy as np
from distillation import PURCHASE, RATES, SEEDS, TASKS, TUNING_SEEDS, Student, teaching, visits
from machine import described
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.preprocessing import OneHotEncoder

from course_utils import paths
from course_utils.authoring.fingerprint import reach
from course_utils.backend import keras
from course_utils.balancing.fixed import Fixed
from course_utils.columns import Split, Table
from course_utils.comparison import compare_all
from course_utils.comparison.trainers import weights_of
from course_utils.metrics import auc, calibration_ratio
from course_utils.models import SharedBottom
from course_utils.regimes import shared_bottom
from course_utils.training import Trainer

RESULTS = paths.ROOT / "results" / "distillation_rivals.json"
FIT: dict[str, Any] = distillation.FIT
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


METRICS = ("auc", "calibration", "extreme")
Judged = dict[str, tuple[float, ...]]


class Networks:
    """Trainers, whose graphs are traced once."""

    def __init__(self, columns: Any, wide: Any) -> None:
        def one(tasks: Any, width: int, weights: list[float]) -> Trainer:
            return Trainer(
                lambda: SharedBottom(columns, tasks, (width,), (), 12),
                balancing=Fixed(weights),
                weight_decay=1e-4,
            )

        def taught(width: int) -> Trainer:
            return Trainer(lambda: Student(wide, PURCHASE, (width,), (), 12), weight_decay=1e-4)

        self.teacher = one(TASKS, 128, [1.0, 1.0, 1.0, 0.04])
        self.student = {width: taught(width) for width in (4, 8)}
        self.shared = {width: one(TASKS, width, [1.0] * 4) for width in (4, 8)}
        self.frequent = one(shared_bottom.FREQUENT, 8, [1.0] * 3)


@cache
def networks() -> Networks:
    train = shared_bottom.make(0).split.train
    return Networks(train.columns, teaching(train, PURCHASE).columns)


def learned(
    rows: Any, valid: Any, split: Split, seed: int, rate: float = 1e-2, width: int = 8, **fit: Any
) -> tuple[float, ...]:
    """What is kept of a student."""
    student = networks().student[width]
    student.batch_size = fit.pop("batch_size", 256)
    student.fit(rows, valid, seed, rate, **(fit or FIT))
    return judged(split.test, student.predict(teaching(split.test, PURCHASE))["purchase"])


def judged(table: Table, p: np.ndarray) -> tuple[float, ...]:
    """AUC, mean prediction over rate, share of predictions below .05 or above .95."""
    known, y = table.mask("purchase"), table.labels["purchase"]
    y, p = y[known], p[known]
    return auc(y, p), calibration_ratio(y, p), float(((p < 0.05) | (p > 0.95)).mean())


def log_loss(y: np.ndarray, p: np.ndarray) -> float:
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log1p(-p)))


def teach(split: Split, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """What the teacher says of the training and the validation rows."""
    teacher = networks().teacher
    teacher.fit(split.train, split.valid, seed, 3e-3, **FIT)
    both = [teacher.predict(table)["purchase"] for table in (split.train, split.valid)]
    return both[0], both[1]


def cross_fitted(split: Split, seed: int) -> np.ndarray:
    """The same of labelled rows, each by a teacher that did not see its purchase: four folds."""
    known, q = split.train.mask("purchase"), np.full(len(split.train), 0.5)
    rows = np.random.default_rng(seed).permutation(np.flatnonzero(known))
    for fold in np.array_split(rows, 4):
        seen = known.copy()
        seen[fold] = False
        masks = {**split.train.masks, "purchase": seen}
        q[fold] = teach(replace(split, train=replace(split.train, masks=masks)), seed)[0][fold]
    return q


def soft_rows(split: Split, q: np.ndarray, T: float = 1.0, known: float = 1.0) -> Table:
    """All rows with the teacher's answers; its weight where a label is known."""
    a = np.where(split.train.mask("purchase"), known, 1.0)
    return teaching(split.train, PURCHASE, {"purchase": q}, a, T, np.full(len(q), True))


def unlabelled(seed: int) -> Judged:
    split = shared_bottom.make(seed).split
    q, q_valid = teach(split, seed)
    rng = np.random.default_rng(seed)
    labels = {
        "soft": (q, q_valid),
        "rounded": (q > 0.5, q_valid > 0.5),
        "drawn": (rng.random(len(q)) < q, rng.random(len(q_valid)) < q_valid),
    }
    found = {
        "teacher": judged(split.test, networks().teacher.predict(split.test)["purchase"]),
        "teacher, its labelled rows": judged(split.train, q),
    }
    by_labels = teaching(split.valid, PURCHASE)
    for name, (said, said_valid) in labels.items():
        rows, own = (
            teaching(table, PURCHASE, {"purchase": p}, 1.0, rows=np.full(len(p), True))
            for table, p in [(split.train, said), (split.valid, said_valid)]
        )
        found[f"{name}, stopped by labels"] = learned(rows, by_labels, split, seed)
        found[f"{name}, stopped by its own loss"] = learned(rows, own, split, seed)
    half = soft_rows(split, q, known=0.5)
    found["soft, a = 0.5 where a label is known"] = learned(half, by_labels, split, seed)
    known = split.train.mask("purchase")
    for name, said in [("", q), (", cross-fitted", cross_fitted(split, seed))]:
        rows = soft_rows(split, said).take(known)
        found[f"soft, labelled rows{name}"] = learned(
            rows, by_labels, split, seed, 3e-3, batch_size=32, **FIT
        )
    found["soft, T = 8"] = learned(soft_rows(split, q, 8.0), by_labels, split, seed)
    return found


def weigh(trainer: Trainer, weights: np.ndarray) -> None:
    assert isinstance(trainer.balancing, Fixed)
    trainer.balancing.weights = weights.tolist()


def start(width: int, split: Split, seed: int, rate: float, power: float) -> tuple[float, Any]:
    """Shared-Bottom, longer: its log loss on validation labels, what it says of the test rows."""
    trainer = networks().shared[width]
    weigh(trainer, weights_of(power, split.train, TASKS))
    trainer.fit(split.train, split.valid, seed, rate, **LONGER)
    known = split.valid.mask("purchase")
    p = trainer.predict(split.valid)["purchase"][known]
    loss = log_loss(split.valid.labels["purchase"][known], p)
    return loss, trainer.predict(split.test)["purchase"]


@cache
def settings(width: int) -> tuple[dict[str, Any], dict[str, float]]:
    """The chosen setting of rival and student, and the mean validation loss of all."""
    losses: dict[Any, list[float]] = {}
    for seed in TUNING_SEEDS:
        split = shared_bottom.make(seed).split
        for rate in (1e-2, 3e-2):
            for power in (0.5, 1.0):
                loss, _ = start(width, split, seed, rate, power)
                losses.setdefault(("Shared-Bottom", rate, power), []).append(loss)
        q, _ = teach(split, seed)
        valid = teaching(split.valid, PURCHASE)
        known = split.valid.mask("purchase")
        for rate in (1e-2, 3e-2):
            for T in (1.0, 3.0):
                learned(soft_rows(split, q, T), valid, split, seed, rate, width, **LONGER)
                p = networks().student[width].predict(valid)["purchase"][known]
                loss = log_loss(split.valid.labels["purchase"][known], p)
                losses.setdefault(("student", rate, T), []).append(loss)
    means = {key: float(np.mean(found)) for key, found in losses.items()}
    best = {
        who: min((key for key in means if key[0] == who), key=means.__getitem__)[1:]
        for who in ("Shared-Bottom", "student")
    }
    told = {f"{who}, rate {rate:g}, {more:g}": loss for (who, rate, more), loss in means.items()}
    return best, told


def longer(seed: int, width: int = 8) -> Judged:
    split = shared_bottom.make(seed).split
    best, _ = settings(width)
    q, _ = teach(split, seed)
    rate, T = best["student"]
    rows, valid = soft_rows(split, q, T), teaching(split.valid, PURCHASE)
    found = {"soft, longer": learned(rows, valid, split, seed, rate, width, **LONGER)}
    starts = [start(width, split, seed + 1_000 * k, *best["Shared-Bottom"]) for k in range(3)]
    chosen = min(starts, key=lambda one: one[0])
    return found | {
        "Shared-Bottom, longer": judged(split.test, starts[0][1]),
        "Shared-Bottom, longer, three starts": judged(split.test, chosen[1]),
    }


def transfer(seed: int) -> Judged:
    """A trunk of 8 on the frequent tasks, of three starts, frozen; a regression on the 400."""
    split, trainer = shared_bottom.make(seed).split, networks().frequent
    labelled = split.train.take(split.train.mask("purchase"))
    found = []
    for k in range(3):
        trainer.fit(split.train, split.valid, seed + 1_000 * k, 3e-2, **LONGER)
        said = trainer.predict(split.valid)
        loss = np.mean([log_loss(split.valid.labels[task], said[task]) for task in said])
        model = LogisticRegression(C=1, max_iter=1_000)
        model.fit(on_trunk(trainer.network, labelled), labelled.labels["purchase"])
        p = model.predict_proba(on_trunk(trainer.network, split.test))[:, 1]
        found.append((float(loss), judged(split.test, p)))
    return {"transfer, three starts": min(found)[1]}


def privileged(seed: int) -> Judged:
    found = {}
    for noise in NOISES:
        case, columns = visits(seed, noise)
        p = dwell_then_purchase(case.split, columns["dwell"])
        found[f"ridge of dwell time, noise {noise:g}"] = judged(case.split.test, p)
    split = visits(seed)[0].split
    encoder = OneHotEncoder().fit(split.train.codes)
    model = LogisticRegression(C=1, max_iter=500)
    model.fit(encoder.transform(split.train.codes), split.train.labels["long"])
    p = model.predict_proba(encoder.transform(split.test.codes))[:, 1]
    return found | {"logistic regression of the long visit": judged(split.test, p)}


def on_trunk(network: Any, table: Table) -> np.ndarray:
    read = network.embed(table.codes, table.numbers)
    return keras.ops.convert_to_numpy(network.trunk(read)[0])


@cache
def joint() -> tuple[Trainer, Trainer]:
    columns = visits(0)[0].split.train.columns
    both, one = ("purchase", "long"), ("long",)
    return (
        Trainer(
            lambda: SharedBottom(columns, both, (16,), (), 12),
            balancing=Fixed([1.0, 1.0]),
            weight_decay=1e-4,
        ),
        Trainer(lambda: SharedBottom(columns, one, (16,), (), 12), weight_decay=1e-4),
    )


def towers(seed: int) -> Judged:
    """Where the joint network of purchase and long visit loses; its stored setting."""
    split = visits(seed)[0].split
    two, alone = joint()
    weigh(two, weights_of(1.0, split.train, ("purchase", "long")))
    two.fit(split.train, split.valid, seed, 3e-3, **FIT)
    said = two.predict(split.test)
    labelled = split.train.take(split.train.mask("purchase"))
    model = LogisticRegression(C=0.1, max_iter=1_000)
    model.fit(on_trunk(two.network, labelled), labelled.labels["purchase"])
    by_trunk = model.predict_proba(on_trunk(two.network, split.test))[:, 1]
    alone.fit(split.train, split.valid, seed, 3e-3, **FIT)
    return {
        "joint network: tower of the purchase": judged(split.test, said["purchase"]),
        "joint network: tower of the long visit": judged(split.test, said["long"]),
        "joint network: regression on its trunk": judged(split.test, by_trunk),
        "network of the long visit alone": judged(split.test, alone.predict(split.test)["long"]),
    }


def few_labels(seed: int) -> Judged:
    split = shared_bottom.make(seed, rho=0.0, few=400).split
    q, _ = teach(split, seed)
    valid, known = teaching(split.valid, PURCHASE), split.train.mask("purchase")
    labelled = teaching(split.train, PURCHASE).take(known)
    return {
        "student alone": learned(labelled, valid, split, seed, 3e-3, batch_size=32),
        "teacher": judged(split.test, networks().teacher.predict(split.test)["purchase"]),
        "soft labels, all rows": learned(soft_rows(split, q), valid, split, seed),
    }


def decayed(folder: Path) -> dict[str, Any]:
    """Soft labels of four teachers with the weight decays of labels: four settings, tuned."""
    teachers, cases = distillation.PerTask(), distillation.cases("tasks")
    grid = {"learning_rate": RATES, "batch_size": (256,), "a": (0.5,), "weight_decay": (1e-4, 1e-2)}
    found = {}
    for width in (4, 16, 64):
        soft = distillation.Taught("soft labels", grid, teachers, "labelled", TASKS, width)
        one = compare_all(
            cases,
            [distillation.First(soft)],
            SEEDS,
            TUNING_SEEDS,
            distillation.TRIALS,
            cache=folder,
        )
        found[f"tasks, width {width}"] = {"soft labels": distillation.stored(one)["soft labels"]}
        print(width, found, flush=True)
    return found


CELLS: dict[str, Callable[[int], Judged]] = {
    **{
        cell.__name__: cell
        for cell in (privileged, towers, few_labels, unlabelled, longer, transfer)
    },
    "longer, width 4": partial(longer, width=4),
}


def code() -> str:
    """The hash of the code that makes the numbers."""
    return reach().of((CELLS, decayed, settings))


def main() -> None:
    found: dict[str, dict[str, Any]] = {}
    for cell, measure in CELLS.items():
        made = [measure(seed) for seed in SEEDS]
        found[cell] = {
            name: {
                metric: [round(float(one[name][k]), 6) for one in made]
                for k, metric in enumerate(METRICS)
            }
            for name in made[0]
        }
        print(cell, flush=True)
        for name, values in found[cell].items():
            print(f"  {name:38} {np.mean(values['auc']):.4f} {values}", flush=True)
    kept = {
        "code": code(),
        "machine": described("tensorflow-cpu", "keras", "scikit-learn", "numpy"),
        "seeds": list(SEEDS),
        "tuning": {
            f"width {width}": {name: round(loss, 6) for name, loss in settings(width)[1].items()}
            for width in (4, 8)
        },
        "cells": found | decayed(paths.CACHE / "distillation" / code()[:16]),
    }
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
