"""Both models together, each logit over its own spread: as a model and as a teacher (lesson 32).

    python benchmarks/students_both.py

measures what is missing or stale, each part kept in results/students_both.json; it needs the
encoder and the static vectors. In students_rivals.py the two logits are added as they are; TF-IDF's
spread far less than MiniLM's with few labels, so that the sum is mostly MiniLM. Here each is
divided by its standard deviation over the reviews without labels: that needs no label, and nothing
is tuned. Its hard answers teach both students. And "hard", as there, is cut at the share of the
labels, which is more than sharpness: so TF-IDF also teaches itself by answers cut at one half, and
by soft ones with MiniLM's spread and the labels' share as their mean. Splits, grids and fits are
those of distilled_reviews.py, with 256 labels; with 4,096 the two spread alike.
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
from scipy.optimize import brentq
from scipy.special import expit

from course_utils import paths
from course_utils.metrics import auc

SEEDS, LABELS = base.SEEDS, (256,)


def at(seed: int, labels: int) -> dict[str, dict[str, float]]:
    """AUC on one split of the model and of its students; log loss of the students, whose logits
    are on the scale of their labels, and of the model by the mean of the two probabilities."""
    y, rows = base.reviews()[1], base.split(seed, labels)
    x = {"TF-IDF": base.words_of(rows), "static": base.vectors("static")}
    read = base.vectors("MiniLM")
    words, _ = base.on_labels(x["TF-IDF"], rows, "words")
    teacher, _ = base.on_labels(read, rows, "vectors")

    def both(which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return words.decision_function(x["TF-IDF"][which]), teacher.decision_function(read[which])

    spread = [one.std() for one in both(rows.bare)]
    (a, b), truth = both(rows.test), y[rows.test]
    p = np.clip((expit(a) + expit(b)) / 2, 1e-12, 1 - 1e-12)
    found = {
        "both": {
            "auc": round(float(auc(truth, a / spread[0] + b / spread[1])), 5),
            "log_loss": round(float(-np.mean(truth * np.log(p) + (1 - truth) * np.log1p(-p))), 5),
        }
    }
    a, b = both(rows.bare)
    hard = base.as_labels(a / spread[0] + b / spread[1], rows)
    share, sharp = float(y[rows.train].mean()), a * spread[1] / spread[0]
    shift = brentq(lambda c: float(expit(sharp + c).mean()) - share, -30, 30)
    arms = (
        ("TF-IDF", "words", "both, hard", hard),
        ("static", "vectors", "both, hard", hard),
        ("TF-IDF", "words", "TF-IDF, cut at one half", (a > 0).astype(float)),
        ("TF-IDF", "words", "TF-IDF, soft, spread and share set", expit(sharp + shift)),
    )
    for student, kind, by, answers in arms:
        model, _ = base.softly(x[student], rows, kind, answers, rows.bare)
        z = model.decision_function(x[student][rows.test])
        found[f"{student} taught by {by}"] = {
            "auc": round(float(auc(truth, z)), 5),
            "log_loss": round(base.log_loss(truth, z), 5),
        }
    return found


def way(labels: int) -> dict[str, Any]:
    runs = [at(seed, labels) for seed in SEEDS]
    return {name: {key: [run[name][key] for run in runs] for key in runs[0][name]}
            for name in runs[0]}  # fmt: skip


STORED = Stored(
    paths.RESULTS / "students_both.json",
    {"seeds": SEEDS},
)

small = base.small
PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    **{f"{n} labels": partial(way, n) for n in LABELS},
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
