"""Lesson 23 on twenty further simulations: what six seeds left open.

    python benchmarks/distillation_seeds.py

makes results/distillation_seeds.json: some eight CPU minutes. The settings are those that
distillation.json chose; none is chosen here, and no seed was used before.

- ``unlabelled``: the student of 8 alone, with the teacher's probabilities on the 400 labelled rows
  or on all rows, and with true labels on all rows.
- ``few_labels``: as in distillation_rivals.py, rho = 0 and 400 labels.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from distillation import PURCHASE, teaching
from distillation_rivals import (
    FIT,
    METRICS,
    Judged,
    few_labels,
    judged,
    learned,
    networks,
    soft_rows,
    teach,
)
from machine import described

from course_utils import paths
from course_utils.authoring.fingerprint import reach
from course_utils.regimes import shared_bottom

RESULTS = paths.ROOT / "results" / "distillation_seeds.json"
SEEDS = range(300, 320)


def unlabelled(seed: int) -> Judged:
    split = shared_bottom.make(seed).split
    q, _ = teach(split, seed)
    known, valid = split.train.mask("purchase"), teaching(split.valid, PURCHASE)
    alone = teaching(split.train, PURCHASE).take(known)
    true = teaching(replace(split.train, masks={}), PURCHASE)
    found = {"teacher": judged(split.test, networks().teacher.predict(split.test)["purchase"])}
    for name, rows, rate, decay, size in [
        ("student alone", alone, 1e-2, 1e-2, 32),
        ("soft labels, labelled rows", soft_rows(split, q).take(known), 3e-3, 1e-4, 32),
        ("soft labels, all rows", soft_rows(split, q, 3.0), 1e-2, 1e-4, 256),
        ("true labels, all rows", true, 1e-2, 1e-4, 256),
    ]:
        networks().student[8].weight_decay = decay
        found[name] = learned(rows, valid, split, seed, rate, batch_size=size, **FIT)
    networks().student[8].weight_decay = 1e-4
    return found


CELLS: dict[str, Callable[[int], Judged]] = {"unlabelled": unlabelled, "few_labels": few_labels}


def code() -> str:
    """The hash of the code that makes the numbers."""
    return reach().of((CELLS,))


def main() -> None:
    cells = {}
    for cell, measure in CELLS.items():
        made = []
        for seed in SEEDS:
            made.append(measure(seed))
            print(
                cell, seed, {name: round(one[0], 3) for name, one in made[-1].items()}, flush=True
            )
        cells[cell] = {
            name: {
                metric: [round(float(one[name][k]), 6) for one in made]
                for k, metric in enumerate(METRICS)
            }
            for name in made[0]
        }
        for name, values in cells[cell].items():
            print(f"  {name:38} {np.mean(values['auc']):.4f}", flush=True)
    kept = {
        "code": code(),
        "machine": described("tensorflow-cpu", "keras", "scikit-learn", "numpy"),
        "seeds": list(SEEDS),
        "cells": cells,
    }
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
