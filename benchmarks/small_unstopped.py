"""Erratum E16's own case without early stopping, and with higher learning rates (lesson 31).

    python benchmarks/small_unstopped.py

measures what is missing or stale, each part kept in results/small_unstopped.json as soon as it is
done: one minute of one core. Data, networks and batches are those of small_and_large, 150 rows.

not stopped     100 epochs at the rate that was chosen there, on all 150 rows less the fifth that
                stopped there: the error on those rows, and the squared distance to f on others.
higher rates    the rate chosen among five, with .01 and .03, in place of three; stopped.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPRegressor
from small_and_large import SEEDS, TRIALS, TUNING, WIDTHS, drawn, fitted
from small_and_large import STORED as BASE

from course_utils import paths

ROWS, NOISE, EPOCHS, BATCH = 150, 1.0, 100, 32
CASE = "150 rows, noise"


def to_the_end(name: str, seed: int, rate: float) -> tuple[float, float]:
    """Mean squared error on the rows it learned from, and distance to f on others."""
    x, f, y = drawn(seed, ROWS, NOISE)
    learned, _, of, _ = train_test_split(x[:ROWS], y[:ROWS], test_size=0.2, random_state=seed)
    net = MLPRegressor(
        hidden_layer_sizes=WIDTHS[name], alpha=0.0, learning_rate_init=rate, random_state=seed
    )
    draw = np.random.default_rng(seed)
    for _ in range(EPOCHS):
        order = draw.permutation(len(learned))
        for start in range(0, len(learned) - BATCH + 1, BATCH):
            rows = order[start : start + BATCH]
            net.partial_fit(learned[rows], of[rows])
    return (
        float(np.mean((net.predict(learned) - of) ** 2)),
        float(np.mean((net.predict(x[ROWS:]) - f[ROWS:]) ** 2)),
    )


def unstopped(name: str, rate: float) -> dict[str, list[float]]:
    runs = [to_the_end(name, seed, rate) for seed in SEEDS]
    return {
        "training error": [round(one, 5) for one, _ in runs],
        "mse": [round(one, 5) for _, one in runs],
    }


def higher(name: str) -> dict[str, Any]:
    x, _, y = drawn(TUNING, ROWS, NOISE)
    rates = (*TRIALS[name], 1e-2, 3e-2)
    tried = [fitted(name, x[:ROWS], y[:ROWS], rate, TUNING)[1] for rate in rates]
    rate, errors = rates[int(np.argmin(tried))], []
    for seed in SEEDS:
        x, f, y = drawn(seed, ROWS, NOISE)
        says, _ = fitted(name, x[:ROWS], y[:ROWS], rate, seed)
        errors.append(round(float(np.mean((says(x[ROWS:]) - f[ROWS:]) ** 2)), 5))
    return {"trial": rate, "tried": np.round(tried, 4).tolist(), "mse": errors}


def small() -> list[float]:
    """The middle network in one data set, for the test."""
    return [round(one, 5) for one in to_the_end("5,569", 0, 3e-3)]


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    **{
        f"not stopped: {name}": partial(unstopped, name, BASE.earlier(f"{CASE}: {name}", "trial"))
        for name in WIDTHS
    },
    **{f"higher rates: {name}": partial(higher, name) for name in WIDTHS},
}
STORED = Stored(
    paths.RESULTS / "small_unstopped.json",
    {"seeds": SEEDS, "tuning_seeds": [TUNING]},
)


def main() -> None:
    wanted = sys.argv[1:] or [*PARTS]
    STORED.measure({name: PARTS[name] for name in wanted})


if __name__ == "__main__":
    main()
