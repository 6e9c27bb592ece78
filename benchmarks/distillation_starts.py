"""Doubts about lesson 23's narrow widths: do weights help where soft labels do, or more decay?

    python benchmarks/distillation_starts.py

makes results/distillation_starts.json: some ten CPU minutes. Widths 4 and 8, 400 purchases; each
contender's settings are chosen on the two tuning seeds by the log loss on validation purchases.

- ``fine-tuned``: a trunk trained on the frequent tasks, the best of three starts, and a regression
  on it as the first head (``transfer`` in distillation_rivals.py); then all weights go on.
- ``teacher's embeddings``: the student starts from the embeddings of the wide teacher, its trunk
  from fresh weights, and learns the purchases from the 400 labels alone.
- ``Shared-Bottom, more decay``: the small network for all tasks with up to 120 epochs and three
  starts, and more decay than elsewhere in the lesson, of kernels and of embeddings.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from distillation import PURCHASE, SEEDS, TASKS, TUNING_SEEDS
from distillation_rivals import LONGER, METRICS, judged, log_loss, networks, on_trunk, teach
from machine import described

from course_utils import paths
from course_utils.authoring.fingerprint import reach
from course_utils.balancing.fixed import Fixed
from course_utils.columns import Split, Table
from course_utils.comparison.rivals.fine_tuned import regression
from course_utils.comparison.trainers import weights_of
from course_utils.models import SharedBottom
from course_utils.regimes import shared_bottom
from course_utils.training import Trainer

RESULTS = paths.ROOT / "results" / "distillation_starts.json"
WIDTHS = (4, 8)
RATES = (1e-3, 3e-3, 1e-2)
"""Of the training that goes on from given weights."""
DECAYS = ((1e-2, 0.0), (1e-1, 1e-2))
"""Of kernels, and of embeddings."""

Found = tuple[float, tuple[float, ...]]
"""Log loss on the validation purchases; what is kept of the test rows."""


class Begun:
    """The student of one width, which goes on from weights that are given."""

    def __init__(self, width: int) -> None:
        self.start: list[np.ndarray] = []
        columns = shared_bottom.make(0).split.train.columns

        def made() -> SharedBottom:
            network = SharedBottom(columns, PURCHASE, (width,), (), 12)
            fresh = network.get_weights()
            network.set_weights([*self.start, *fresh[len(self.start) :]])
            return network

        self.trainer = Trainer(made, batch_size=32, weight_decay=1e-4)

    def fit(self, split: Split, seed: int, rate: float) -> Found:
        rows = only(split.train).take(split.train.mask("purchase"))
        self.trainer.fit(rows, only(split.valid), seed, rate, **LONGER)
        return said(self.trainer, split)


def only(table: Table) -> Table:
    """The table with the purchase alone."""
    return replace(
        table,
        labels={"purchase": table.labels["purchase"]},
        masks={"purchase": table.mask("purchase")},
    )


def said(trainer: Trainer, split: Split) -> Found:
    known = split.valid.mask("purchase")
    p = trainer.predict(split.valid)["purchase"][known]
    loss = log_loss(split.valid.labels["purchase"][known], p)
    return loss, judged(split.test, trainer.predict(split.test)["purchase"])


@cache
def begun(width: int) -> Begun:
    return Begun(width)


@cache
def trainer_of(tasks: tuple[str, ...], width: int) -> Trainer:
    columns = shared_bottom.make(0).split.train.columns
    return Trainer(
        lambda: SharedBottom(columns, tasks, (width,), (), 12),
        balancing=Fixed([1.0] * len(tasks)),
        weight_decay=1e-4,
    )


def fine_tuned(split: Split, seed: int, width: int) -> Iterator[tuple[str, Found]]:
    """For each rate of the second training."""
    first, starts = trainer_of(shared_bottom.FREQUENT, width), []
    for k in range(3):
        first.fit(split.train, split.valid, seed + 1_000 * k, 3e-2, **LONGER)
        p = first.predict(split.valid)
        loss = np.mean([log_loss(split.valid.labels[task], p[task]) for task in p])
        starts.append((float(loss), first.network.get_weights()))
    best = min(starts, key=lambda one: one[0])[1]
    first.network.set_weights(best)
    known, labels = split.train.mask("purchase"), split.train.labels["purchase"]
    head = regression(on_trunk(first.network, split.train), labels, known, 1.0)
    begun(width).start = [*best[:-2], *head]
    for rate in RATES:
        yield f"rate {rate:g}", begun(width).fit(split, seed, rate)


def embedded(split: Split, seed: int, width: int) -> Iterator[tuple[str, Found]]:
    """For each rate of the training from the teacher's embeddings."""
    teach(split, seed)
    begun(width).start = [networks().teacher.network.get_weights()[0]]
    for rate in RATES:
        yield f"rate {rate:g}", begun(width).fit(split, seed, rate)


def decayed(split: Split, seed: int, width: int) -> Iterator[tuple[str, Found]]:
    """For each rate and decay: of three starts the one with the least validation loss."""
    trainer = trainer_of(TASKS, width)
    assert isinstance(trainer.balancing, Fixed)
    trainer.balancing.weights = weights_of(0.5, split.train, TASKS).tolist()
    for rate in (1e-2, 3e-2):
        for trainer.weight_decay, trainer.embedding_l2 in DECAYS:
            found = []
            for k in range(3):
                trainer.fit(split.train, split.valid, seed + 1_000 * k, rate, **LONGER)
                found.append(said(trainer, split))
            yield f"rate {rate:g}, {trainer.weight_decay:g}", min(found)


CONTENDERS: dict[str, Callable[[Split, int, int], Iterator[tuple[str, Found]]]] = {
    "fine-tuned": fine_tuned,
    "teacher's embeddings": embedded,
    "Shared-Bottom, more decay": decayed,
}


def measured() -> tuple[dict[str, Any], dict[str, Any]]:
    """Width -> contender -> metric -> a value a seed; and the validation losses that chose."""
    cells: dict[str, Any] = {}
    tuning: dict[str, Any] = {}
    for width in WIDTHS:
        cell = cells[f"starts, width {width}"] = {}
        for name, fit in CONTENDERS.items():
            made = {
                seed: dict(fit(shared_bottom.make(seed).split, seed, width))
                for seed in (*TUNING_SEEDS, *SEEDS)
            }
            losses = {
                setting: float(np.mean([made[seed][setting][0] for seed in TUNING_SEEDS]))
                for setting in made[SEEDS[0]]
            }
            chosen = min(losses, key=losses.__getitem__)
            tuning[f"{name}, width {width}"] = {key: round(x, 6) for key, x in losses.items()}
            cell[name] = {
                metric: [round(float(made[seed][chosen][1][k]), 6) for seed in SEEDS]
                for k, metric in enumerate(METRICS)
            } | {"chosen": chosen}
            print(width, name, chosen, np.mean(cell[name]["auc"]), cell[name]["auc"], flush=True)
    return cells, tuning


def code() -> str:
    """The hash of the code that makes the numbers."""
    return reach().of((measured,))


def main() -> None:
    cells, tuning = measured()
    kept = {
        "code": code(),
        "machine": described("tensorflow-cpu", "keras", "scikit-learn", "numpy"),
        "seeds": list(SEEDS),
        "tuning_seeds": list(TUNING_SEEDS),
        "tuning": tuning,
        "cells": cells,
    }
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
