"""Experts that begin as one function: does training tell them apart? (lesson 24)

    OMP_NUM_THREADS=1 python benchmarks/experts_alike.py

measures what is missing or stale, each part kept in results/experts_alike.json: some minutes of one
core. The market is that of lesson 24: two tasks with one taste in half of the segments and two in
the other half. An MMoE of three experts begins with experts drawn one by one, with three equal
experts, or with equal experts and equal gates. Kept of each seed: the mean correlation of what two
experts alone would make the purchase's tower say, untrained, after one epoch and at the best of
eight; and the mean AUC of both tasks at the best of eight.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored
from scipy.special import expit

from course_utils import paths
from course_utils.backend import keras
from course_utils.columns import Table
from course_utils.comparison import Case
from course_utils.comparison.case import Rows, columns_of
from course_utils.metrics import auc
from course_utils.models import MMoE
from course_utils.training import Trainer

SEEDS, EPOCHS, TASKS = range(5), (0, 1, 8), ("click", "purchase")

STARTS = ("drawn one by one", "begin as one function", "and gates that begin equal")


def market(seed: int) -> Case:
    """Lesson 24's first market."""
    draw, n = np.random.default_rng(seed), 14_000
    effects = draw.normal(size=(2, 2, 40))  # taste; customer or product; value
    effects -= effects.mean(axis=2, keepdims=True)
    customer, product = draw.integers(40, size=(2, n))
    segment = draw.integers(8, size=n)
    taste = (effects[:, 0, customer] + effects[:, 1, product]) / np.sqrt(2)
    wanted = {"click": taste[0], "purchase": np.where(segment < 4, taste[0], taste[1])}
    p = {task: expit(3 * of - 0.5) for task, of in wanted.items()}
    labels = {task: draw.random(n) < of for task, of in p.items()}
    rows = Rows(np.stack([customer, product, segment], 1), np.zeros((n, 0)), p, labels, masks={})
    columns = columns_of({"customer": 40, "product": 40, "segment": 8}, [])
    return rows.cut(columns, n_train=6_000, n_valid=2_000)


def begun(start: str) -> MMoE:
    """An MMoE of three experts that begin so."""
    made = MMoE(market(0).split.train.columns, TASKS, experts=3, expert=(32,), tower=())
    kernels = {STARTS[0]: 0, STARTS[1]: 1, STARTS[2]: 2}[start]
    if kernels > 0:
        kernel = made.experts.layers[0].kernel
        kernel.assign(np.repeat(keras.ops.convert_to_numpy(kernel)[:1], 3, axis=0))
    if kernels > 1:
        kernel = made.gates.kernel  # [K, d, m]
        kernel.assign(np.repeat(keras.ops.convert_to_numpy(kernel)[..., :1], 3, axis=-1))
    return made


def alike(model: MMoE, table: Table) -> float:
    """Mean correlation of what two experts alone would make the purchase's tower say."""
    codes, numbers, _ = table.inputs
    f = keras.ops.convert_to_numpy(model.experts(model.embed(codes, numbers)))  # [n, B, h]
    says = f @ keras.ops.convert_to_numpy(model.towers.last.kernel)[1, :, 0]  # [n, B]
    return float(np.corrcoef(says)[np.triu_indices(3, 1)].mean())


def measured(start: str) -> dict[str, Any]:
    """``correlation``, ``[seeds, 3]``, and ``auc``, ``[seeds]``."""
    found: dict[str, Any] = {"correlation": [], "auc": []}
    trainer = Trainer(partial(begun, start))
    for seed in SEEDS:
        split = market(seed).split
        keras.utils.set_random_seed(seed)
        of = [alike(begun(start), split.test)]
        for epochs in EPOCHS[1:]:
            trainer.fit(split.train, split.valid, seed, 1e-2, epochs, patience=5)
            of.append(alike(trainer.network, split.test))
        said, labels = trainer.predict(split.test), split.test.labels
        found["correlation"].append([round(one, 4) for one in of])
        mean = np.mean([auc(labels[task], said[task]) for task in TASKS])
        found["auc"].append(round(float(mean), 5))
    return found


STORED = Stored(paths.RESULTS / "experts_alike.json", {"seeds": SEEDS})

PARTS = {start: partial(measured, start) for start in STARTS}


if __name__ == "__main__":
    STORED.measure(PARTS)
