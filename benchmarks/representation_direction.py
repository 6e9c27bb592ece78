"""How far the direction on the representation lies from the exact one, on three regimes.

    python benchmarks/representation_direction.py

prints a table of docs/benchmarks.md. Shared-Bottom is trained by the plain sum of its losses.
At every step both Gramians are noted, of the gradients on the shared weights and of those on
what the towers read. A method turns each into weights of the tasks, and the weights into a
direction d = sum_k w_k g_k on the shared weights: the cosine between both.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from machine import described

from course_utils.balancing.aggregator import Aggregator
from course_utils.balancing.mgda import MGDA
from course_utils.balancing.pcgrad import PCGrad
from course_utils.balancing.upgrad import UPGrad
from course_utils.columns import Split
from course_utils.comparison.case import Case
from course_utils.models import SharedBottom
from course_utils.regimes import capacity, direction, scale
from course_utils.training import Trainer

SEEDS, EPOCHS, RATE, STEPS = range(6), 10, 1e-2, 8
REGIMES: dict[str, tuple[Callable[..., Case], tuple[int, ...]]] = {
    "Scale": (scale.make, (64,)),
    "Direction": (direction.make, (1,)),
    "Capacity": (capacity.make, (8,)),
}
"""Each market at its default dials, and the trunk of its pages' networks."""

METHODS = (MGDA, UPGrad, PCGrad)


class PlainSum(Aggregator):
    """Weights of 1; keeps every Gramian it is shown."""

    def __init__(self) -> None:
        self.seen: list[np.ndarray] = []

    def weights(self, gramian: np.ndarray) -> np.ndarray:
        self.seen.append(np.array(gramian, float))
        return np.ones(len(gramian))


def gramians(split: Split, trunk: tuple[int, ...], seed: int) -> list[list[np.ndarray]]:
    """Of the weights and of the representation, step by step of the same training."""
    found = []
    for on in ("weights", "representation"):
        noting = PlainSum()
        trainer = Trainer(
            lambda: SharedBottom(split.train.columns, tuple(split.train.labels), trunk, ()),
            noting,
            batch_size=len(split.train) // STEPS,
            on=on,
        )
        trainer.fit(split.train, split.valid, seed, RATE, EPOCHS, patience=EPOCHS)
        found.append(noting.seen)
    return found


def cosine(gramian: np.ndarray, one: np.ndarray, other: np.ndarray) -> float:
    """Between sum_k one_k g_k and sum_k other_k g_k, where G holds the g's inner products."""
    return float(one @ gramian @ other / np.sqrt((one @ gramian @ one) * (other @ gramian @ other)))


def row(make: Callable[[int], Case], trunk: tuple[int, ...]) -> list[str]:
    """Of each method: the median over seeds of a seed's mean cosine, and the range."""
    per_seed = []
    for seed in SEEDS:
        exact, bound = gramians(make(seed).split, trunk, seed)
        means = []
        for method in METHODS:
            one, other = method(), method()
            one.reset(len(exact[0]), seed)
            other.reset(len(exact[0]), seed)
            means.append(
                np.mean(
                    [
                        cosine(g, one.weights(g), other.weights(h))
                        for g, h in zip(exact, bound, strict=True)
                    ]
                )
            )
        per_seed.append(means)
    by_method = np.array(per_seed).T
    return [f"{np.median(of):.3f} ({of.min():.3f} to {of.max():.3f})" for of in by_method]


def main() -> None:
    print("| regime | " + " | ".join(method.__name__ for method in METHODS) + " |")
    print("|---" * (len(METHODS) + 1) + "|")
    for name, (make, trunk) in REGIMES.items():
        print(f"| {name} | " + " | ".join(row(make, trunk)) + " |", flush=True)
    print("\n" + described("tensorflow-cpu", "keras", "numpy"))


if __name__ == "__main__":
    main()
