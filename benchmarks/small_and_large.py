"""Erratum E16's own case: does the larger network have the smaller error? (lesson 31)

    python benchmarks/small_and_large.py

measures what is missing or stale, each part kept in results/small_and_large.json as soon as it is
done: five minutes of one core. Twenty inputs, normal; the truth is

    f(x) = a'x + tanh(2 b'x) + .7 |c'x|,   y = f(x) + noise,   noise with a deviation of 0 or 1

with a, b, c drawn for each seed, of length about 1. The latest fifth of the rows stops; a learning
rate (of three) or a penalty (of three) is chosen by its loss on another data set. What is judged is
the mean squared distance to f on 4,000 other rows. Zero weights have the variance of f, about 1.5.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored, code_of
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge

from course_utils import paths
from course_utils.backend import keras

SEEDS, TUNING = range(5), 100
INPUTS, N_TEST = 20, 4_000
WIDTHS: Mapping[str, Sequence[int]] = {
    "249": (8, 8),
    "5,569": (64, 64),
    "1,072,129": (1024, 1024),
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
    "3,000 rows, no noise": (3_000, 0.0),
}


def drawn(seed: int, n: int, noise: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, f and y: n rows to learn from, then those that judge."""
    draw = np.random.default_rng(seed)
    directions = draw.normal(size=(3, INPUTS)) / np.sqrt(INPUTS)
    x = draw.normal(size=(n + N_TEST, INPUTS))
    a, b, c = directions @ x.T
    f = a + np.tanh(2 * b) + 0.7 * np.abs(c)
    return x.astype("float32"), f, f + noise * draw.normal(size=len(f))


def network(widths: Sequence[int]) -> Any:
    dense = [keras.layers.Dense(width, activation="relu") for width in widths]
    return keras.Sequential([keras.Input((INPUTS,)), *dense, keras.layers.Dense(1)])


def fitted(
    name: str, x: np.ndarray, y: np.ndarray, trial: float, seed: int
) -> tuple[Callable[[np.ndarray], np.ndarray], int]:
    """Learned from all rows but the latest fifth; what it says, and its epochs."""
    cut = len(x) - len(x) // 5
    if name == "linear":
        return Ridge(trial).fit(x[:cut], y[:cut]).predict, 0
    if name == "boosting":
        made = HistGradientBoostingRegressor(
            learning_rate=trial, early_stopping=True, n_iter_no_change=5, max_iter=300,
            max_leaf_nodes=7, random_state=seed,
        )  # fmt: skip
        made.fit(x[:cut], y[:cut], X_val=x[cut:], y_val=y[cut:])
        return made.predict, int(made.n_iter_)
    keras.utils.set_random_seed(seed)
    model = network(WIDTHS[name])
    model.compile(keras.optimizers.Adam(trial), "mse")
    stop = keras.callbacks.EarlyStopping(patience=8, restore_best_weights=True)
    history = model.fit(
        x[:cut], y[:cut].astype("float32"), validation_data=(x[cut:], y[cut:].astype("float32")),
        epochs=200, batch_size=32 if len(x) < 1_000 else 64, verbose=0, callbacks=[stop],
    )  # fmt: skip
    return lambda new: model(new).numpy()[:, 0], len(history.history["loss"])


def measured(name: str, n: int, noise: float) -> dict[str, Any]:
    """The trial with the least validation loss on another data set; then five data sets."""
    x, _, y = drawn(TUNING, n, noise)
    cut = n - n // 5
    losses = []
    for trial in TRIALS[name]:
        says, _ = fitted(name, x[:n], y[:n], trial, TUNING)
        losses.append(float(np.mean((says(x[cut:n]) - y[cut:n]) ** 2)))
    trial = TRIALS[name][int(np.argmin(losses))]
    errors, epochs = [], []
    for seed in SEEDS:
        x, f, y = drawn(seed, n, noise)
        says, of = fitted(name, x[:n], y[:n], trial, seed)
        errors.append(round(float(np.mean((says(x[n:]) - f[n:]) ** 2)), 5))
        epochs.append(of)
    return {"trial": trial, "tried": np.round(losses, 4).tolist(), "mse": errors, "epochs": epochs}


def small() -> dict[str, float]:
    """One small fit, for the test."""
    x, f, y = drawn(0, 150, 1.0)
    return {
        name: round(
            float(np.mean((fitted(name, x[:150], y[:150], t, 0)[0](x[150:]) - f[150:]) ** 2)), 5
        )
        for name, t in [("linear", 10.0), ("249", 3e-3)]
    }


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
    code_of(__file__, ("backend",), ()),
    {"seeds": SEEDS, "tuning_seeds": [TUNING]},
)


def main() -> None:
    until = int(sys.argv[1]) if len(sys.argv) > 1 else len(PARTS)
    missing = [name for name in PARTS if name not in STORED.load()]
    STORED.measure({name: PARTS[name] for name in missing[:until]})


if __name__ == "__main__":
    main()
