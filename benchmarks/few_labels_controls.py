"""What a second view of a text brings, and six C against eight (lesson 30).

    python benchmarks/few_labels_controls.py

measures what is missing or stale, each part kept in results/few_labels_controls.json as soon as it
is done: one minute of a core, with the vectors in the cache. Words and characters side by side, as
``few_labels`` puts words and MiniLM: what of their gain does any second view bring? And the curves
of ``few_labels_e5`` whose C stands at the upper edge of its grid, with two larger ones beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import few_labels
import few_labels_e5
import numpy as np
from few_labels import linear, logistic, of_characters, of_words
from parts import Stored
from scipy import sparse

from course_utils import paths

SIZES = (128, 512)
CS = (*few_labels_e5.CS, 3e3, 3e4)


def of_both(rows: np.ndarray, n: int) -> Any:
    """Words and characters, each of length 1, side by side."""
    return sparse.hstack([of_words(rows, n), of_characters(rows, n)], format="csr")


def wider(
    label: str, labels: Callable[[], Any], make: Callable[..., Any], before: Mapping[str, Any]
) -> Any:
    """Size -> the chosen C of eight, and AUC on the draws that judge, where the edge was chosen."""
    y, found = labels(), {}

    def fit(k: int, size: int, c: float) -> float:
        train, test = few_labels_e5.split(k, label)
        train = train[:size]
        x = make(np.concatenate([train, test]), size)
        model = logistic(c).fit(x[:size], y[train])
        return few_labels_e5.auc(y[test], model.predict_proba(x[size:])[:, 1])

    for size in few_labels_e5.SIZES:
        if before[str(size)]["chosen"] != few_labels_e5.CS[-1]:
            continue
        tried = [fit(few_labels_e5.TUNING_SEEDS[0], size, c) for c in CS]
        best = CS[int(np.argmax(tried))]
        runs = [fit(k, size, best) for k in few_labels_e5.SEEDS]
        found[str(size)] = {"chosen": best, "tried": tried, "auc": runs}
    return found


STORED = Stored(
    paths.RESULTS / "few_labels_controls.json",
    {
        "seeds": few_labels.SEEDS,
        "tuning_seeds": few_labels.TUNING_SEEDS,
        "seeds, E5": few_labels_e5.SEEDS,
        "tuning_seeds, E5": few_labels_e5.TUNING_SEEDS,
    },
)
PARTS: dict[str, Callable[[], Any]] = {
    "words and characters": partial(
        few_labels.curve, partial(linear, of_both), few_labels.CS, SIZES
    ),
    **{
        f"{label}, {way}": partial(
            wider, label, labels, make, few_labels_e5.STORED.earlier(f"{label}, {way}")
        )
        for label, labels in few_labels_e5.LABELS.items()
        for way, make in few_labels_e5.WAYS.items()
    },
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
