"""The same reviews, another label: what is it about, in place of is it good? (lesson 30)

    python benchmarks/few_labels_topic.py

measures what is missing or stale, each part kept in results/few_labels_topic.json as soon as it is
done. The label is whether the piece is of the department Bottoms (pants, jeans, skirts, shorts;
16 %). All else is that of ``few_labels``: unseen products, draws, trials. Two minutes of one core.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import few_labels
import numpy as np
from few_labels import CS, LINEAR, SEEDS, TUNING_SEEDS, Make, logistic, reviews
from parts import Stored
from sklearn.metrics import roc_auc_score

from course_utils import paths

SIZES = (8, 32, 128, 512, 2_048)
WAYS = ("words", "static vectors", "MiniLM")


@cache
def topic() -> np.ndarray:
    return np.asarray(reviews()["department"].eq("Bottoms").to_numpy().astype(int))


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The split of ``few_labels``; its order drawn again until the first eight hold two of each."""
    pool, test = few_labels.drawn(seed)
    rng = np.random.default_rng(1_000 + seed)
    while not 2 <= topic()[pool[: SIZES[0]]].sum() <= SIZES[0] - 2:
        pool = rng.permutation(pool)
    return pool, test


Draw = Callable[[int], tuple[np.ndarray, np.ndarray]]


def curve(
    make: Make, label: Callable[[], np.ndarray], draw: Draw, cs: tuple[float, ...], sizes: Any
) -> Any:
    """Size -> the chosen C, and AUC on the seeds that judge."""
    y, found = label(), {}

    def fit(seed: int, size: int, c: float) -> float:
        pool, test = draw(seed)
        train = pool[:size]
        x = make(np.concatenate([train, test]), size)
        p = logistic(c).fit(x[:size], y[train]).predict_proba(x[size:])[:, 1]
        return round(float(roc_auc_score(y[test], p)), 5)

    for size in sizes:
        tried = [float(np.mean([fit(seed, size, c) for seed in TUNING_SEEDS])) for c in cs]
        best = cs[int(np.argmax(tried))]
        found[str(size)] = {
            "chosen": best,
            "tried": [round(one, 5) for one in tried],
            "auc": [fit(seed, size, best) for seed in SEEDS],
        }
    return found


PARTS: dict[str, Callable[[], Any]] = {
    **{name: partial(curve, LINEAR[name], topic, drawn, CS, SIZES) for name in WAYS},
    "share": lambda: round(float(topic().mean()), 4),
}

STORED = Stored(
    paths.RESULTS / "few_labels_topic.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
