"""Erratum E16's own case: does the larger network have the smaller error? (lesson 31)

    python benchmarks/small_and_large.py

measures what is missing or stale, each part kept in results/small_and_large.json as soon as it is
done: two minutes of one core. Twenty inputs, normal; the truth is

    f(x) = a'x + tanh(2 b'x) + .7 |c'x|,   y = f(x) + noise,   noise with a deviation of 0 or 1

with a, b, c drawn for each seed, of length about 1. A fifth of the rows stops; a learning rate (of
three) or a penalty (of three) is chosen by the loss on that fifth of another data set. What is
judged is the mean squared distance to f on 4,000 other rows; zero weights have about 1.5.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPRegressor

from course_utils import paths

SEEDS, TUNING = range(5), 100
INPUTS, N_TEST = 20, 4_000
WIDTHS: Mapping[str, Sequence[int]] = {
    "249": (8, 8),
    "5,569": (64, 64),
    "273,921": (512, 512),
}
TRIALS: Mapping[str, Sequence[float]] = {
    "linear": (1.0, 10.0, 100.0),
    "boosting": (0.03, 0.1, 0.3),
    **dict.fromkeys(WIDTHS, (3e-4, 1e-3, 3e-3)),
}
"""Penalty, or learning rate."""

CASES = {
    "150 rows, noise": (150, 1.0),
    "3,000 rows, noise": (3_000, 1.0),
}


def drawn(seed: int, n: int, noise: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, f and y: n rows to learn from, then those that judge."""
    draw = np.random.default_rng(seed)
    directions = draw.normal(size=(3, INPUTS)) / np.sqrt(INPUTS)
    x = draw.normal(size=(n + N_TEST, INPUTS))
    a, b, c = directions @ x.T
    f = a + np.tanh(2 * b) + 0.7 * np.abs(c)
    return x.astype("float32"), f, f + noise * draw.normal(size=len(f))


def fitted(
    name: str, x: np.ndarray, y: np.ndarray, trial: float, seed: int
) -> tuple[Callable[[np.ndarray], np.ndarray], float]:
    """Learned from four fifths of the rows; what it says, and its loss on the other fifth."""
    learned, stops, of, checks = train_test_split(x, y, test_size=0.2, random_state=seed)
    if name == "linear":
        made = Ridge(trial).fit(learned, of)
    elif name == "boosting":
        made = HistGradientBoostingRegressor(
            learning_rate=trial, early_stopping=True, n_iter_no_change=8, max_iter=300,
            max_leaf_nodes=7, random_state=seed,
        ).fit(learned, of, X_val=stops, y_val=checks)  # fmt: skip
    else:
        made = _Network(
            hidden_layer_sizes=WIDTHS[name], alpha=0.0, learning_rate_init=trial, random_state=seed
        )
        made.fit_stopped(learned, of, stops, checks, 32 if len(x) < 1_000 else 64)
    return made.predict, float(np.mean((made.predict(stops) - checks) ** 2))


class _Network(MLPRegressor):
    """Scikit-learn's network, stopped by rows that are given: patience 8, the best weights kept."""

    def fit_stopped(self, x: Any, y: Any, stops: Any, checks: Any, batch: int) -> None:
        draw = np.random.default_rng(self.random_state)
        best, waited, kept = np.inf, 0, None
        for _ in range(200):
            order = draw.permutation(len(x))
            for start in range(0, len(x) - batch + 1, batch):
                rows = order[start : start + batch]
                self.partial_fit(x[rows], y[rows])
            loss = float(np.mean((self.predict(stops) - checks) ** 2))
            waited += 1
            if loss < best:
                best, waited = loss, 0
                kept = [one.copy() for one in (*self.coefs_, *self.intercepts_)]
            if waited == 8:
                break
        assert kept is not None
        depth = len(self.coefs_)
        self.coefs_, self.intercepts_ = kept[:depth], kept[depth:]


def measured(name: str, n: int, noise: float) -> dict[str, Any]:
    """The trial with the least validation loss on another data set; then five data sets."""
    x, _, y = drawn(TUNING, n, noise)
    losses = [fitted(name, x[:n], y[:n], trial, TUNING)[1] for trial in TRIALS[name]]
    trial, errors = TRIALS[name][int(np.argmin(losses))], []
    for seed in SEEDS:
        x, f, y = drawn(seed, n, noise)
        says, _ = fitted(name, x[:n], y[:n], trial, seed)
        errors.append(round(float(np.mean((says(x[n:]) - f[n:]) ** 2)), 5))
    return {"trial": trial, "tried": np.round(losses, 4).tolist(), "mse": errors}


def small() -> dict[str, float]:
    """Two small fits, for the test."""
    x, f, y = drawn(0, 150, 1.0)
    found = {}
    for name, trial in [("linear", 10.0), ("249", 3e-3)]:
        says, _ = fitted(name, x[:150], y[:150], trial, 0)
        found[name] = round(float(np.mean((says(x[150:]) - f[150:]) ** 2)), 5)
    return found


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    **{
        f"{case}: {name}": partial(measured, name, n, noise)
        for case, (n, noise) in CASES.items()
        for name in TRIALS
    },
}
STORED = Stored(
    paths.RESULTS / "small_and_large.json",
    {"seeds": SEEDS, "tuning_seeds": [TUNING]},
)


def main() -> None:
    until = int(sys.argv[1]) if len(sys.argv) > 1 else len(PARTS)
    STORED.measure({name: PARTS[name] for name in STORED.stale(PARTS)[:until]})


if __name__ == "__main__":
    main()
