"""The next kind of product by networks whose width is turned, as a table's strength is (lesson 52).

    python benchmarks/next_action_widths.py

adds to ``next_action.py``, whose networks have width 16 alone, networks that choose their width on
the validation purchases of each shop, and an LSTM that trains on windows as DIN does, in place of
one row a customer. Kept in results/next_action_widths.json, part by part.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import next_action as whole
import numpy as np
from parts import Stored
from scipy.special import softmax

from course_utils import paths
from course_utils.backend import keras
from course_utils.behaviour import attention, sequences
from course_utils.behaviour.fitting import fit

WIDTHS = {"LSTM": (16, 64), "SASRec": (16, 64), "LSTM, windows": (64,), "DIN, places": (32,)}
"""Of an embedding, and of the LSTM; half of it is hidden in DIN's attention, 8 at 16."""

ASKED = [("LSTM", 4.0), ("SASRec", 4.0), ("LSTM", 0.01), ("SASRec", 0.01)]
ASKED += [("LSTM, windows", 4.0), ("DIN, places", 4.0)]
"""Networks, and the end of the dial."""


@cache
def reader(name: str, n: int, width: int) -> Any:
    """One traced graph for all shops; at 16 that of ``next_action.py``, with dropout drawn anew."""
    if name.startswith("DIN"):
        inner = sequences.Targeted(n, whole.HISTORY, width, True)
        inner.attention = attention.TargetAttention(width // 2)
        model = whole.Asked(inner, n)
        model([np.zeros((2, whole.HISTORY), np.int64), np.zeros(2, np.int64)])
    else:
        model = sequences.Sequential(n, whole.HISTORY, width, attention=name == "SASRec")
        model(np.zeros((2, whole.HISTORY), int))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-2), loss)
    return model


@cache
def kinds(seed: int, dial: float) -> whole.Kinds:
    return whole.Kinds(seed, dial)


def said(name: str, one: whole.Kinds, seed: int, width: int) -> list[np.ndarray]:
    """Probabilities of every kind, of the validation windows and of the test's."""
    rows, model = one.rows, reader(name, one.n, width)
    (train, y), (valid, y_valid) = one.train, one.valid
    asked = [valid, one.test[0]]
    if name.startswith("DIN"):
        fit(
            model,
            ([train, y], np.zeros(len(y))),
            ([valid, y_valid], np.zeros(len(y_valid))),
            seed,
            whole.EPOCHS,
            whole.PATIENCE,
            256,
        )
        every = np.tile(np.arange(1, one.n + 1), (200, 1))
        return [
            softmax(
                np.concatenate(
                    [
                        np.asarray(model.model([some, every[: len(some)]]))
                        for some in (of[at : at + 200] for at in range(0, len(of), 200))
                    ]
                ),
                axis=1,
            )
            for of in asked
        ]
    given: tuple[Any, ...] = (rows.history, rows.target, rows.there)
    if name.endswith("windows"):
        given = whole.in_rows(train, y)
    batch = 256 if name.endswith("windows") else 32
    fit(
        model,
        given,
        whole.in_rows(valid, y_valid),
        seed,
        whole.EPOCHS,
        whole.PATIENCE,
        batch,
    )
    return [
        softmax(
            np.asarray(model(of, training=False))[np.arange(len(of)), sequences.last_steps(of)],
            axis=1,
        )
        for of in asked
    ]


def with_widths(name: str, dial: float, seed: int) -> dict[str, Any]:
    """A network on one shop: each width, and the one that validation chooses."""
    one = kinds(seed, dial)
    result: dict[str, Any] = {}
    tried = []
    for width in WIDTHS[name]:
        valid, test = said(name, one, seed, width)
        loss = whole.of_kinds(valid, one.valid[1])["log loss"]
        result[f"{width}"] = whole.of_kinds(test, one.test[1])
        tried.append((loss, width))
    _, result["chosen"] = min(tried)
    return result


PARTS: dict[str, Callable[[], Any]] = {
    f"{name} {dial:g} {seed}": partial(with_widths, name, dial, seed)
    for name, dial in ASKED
    for seed in whole.SHOPS
}

STORED = Stored(
    paths.RESULTS / "next_action_widths.json",
    {"seeds": whole.SHOPS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
