"""Rivals of a student: both models together, soft and hard answers of each teacher (lesson 32).

    python benchmarks/students_rivals.py

measures what is missing or stale, each part kept in results/students_rivals.json; it needs the
encoder and the static vectors. Splits, grids and fits are those of distilled_reviews.py. Added are:
the mean of two logits, TF-IDF's and MiniLM's, with nothing to tune; this mean as a teacher; and
every teacher with soft answers (probabilities) and with hard ones (0 and 1, in the labels' share),
the student itself among them. So hard is compared with hard, and soft with soft.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import distilled_reviews as base
import numpy as np
from parts import Stored
from scipy.special import expit

from course_utils import paths
from course_utils.metrics import auc

LABELS = (256, 4_096)


def at(seed: int, labels: int) -> dict[str, dict[str, float]]:
    """All arms on one split: AUC and log loss; what teaches, its spread on the bare reviews."""
    y, rows = base.reviews()[1], base.split(seed, labels)
    x = {"TF-IDF": base.words_of(rows), "static": base.vectors("static")}
    read = base.vectors("MiniLM")
    words, _ = base.on_labels(x["TF-IDF"], rows, "words")
    teacher, _ = base.on_labels(read, rows, "vectors")

    def said(which: np.ndarray) -> dict[str, np.ndarray]:
        z = {
            "TF-IDF": words.decision_function(x["TF-IDF"][which]),
            "MiniLM": teacher.decision_function(read[which]),
        }
        return z | {"TF-IDF + MiniLM": (z["TF-IDF"] + z["MiniLM"]) / 2}

    def judged(z: np.ndarray) -> dict[str, float]:
        truth = y[rows.test]
        return {
            "auc": round(float(auc(truth, z)), 5),
            "log_loss": round(base.log_loss(truth, z), 5),
        }

    found = {name: judged(z) for name, z in said(rows.test).items()}
    bare = said(rows.bare)
    for name, z in bare.items():
        found[name]["spread"] = round(float(expit(z).std()), 4)
    for student, kind in (("TF-IDF", "words"), ("static", "vectors")):
        for name, z in bare.items():
            for manner, answers in (("soft", expit(z)), ("hard", base.as_labels(z, rows))):
                model, _ = base.softly(x[student], rows, kind, answers, rows.bare)
                found[f"{student} taught by {name}, {manner}"] = judged(
                    model.decision_function(x[student][rows.test])
                )
    return found


def way(labels: int) -> dict[str, Any]:
    runs = [at(seed, labels) for seed in base.SEEDS]
    return {name: {key: [run[name][key] for run in runs] for key in runs[0][name]}
            for name in runs[0]}  # fmt: skip


STORED = Stored(
    paths.RESULTS / "students_rivals.json",
    {"seeds": base.SEEDS},
)

SEEDS = base.SEEDS
PARTS: dict[str, Callable[[], Any]] = {
    "small": base.small,
    **{f"{n} labels": partial(way, n) for n in LABELS},
}
small = base.small


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
