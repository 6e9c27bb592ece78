"""Lesson 20: the networks that task 20.2 is asked about, and what they give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.special import expit

Layers = Sequence[tuple[np.ndarray, np.ndarray]]
Towers = Mapping[str, Layers]
Network = tuple[np.ndarray, Layers, Towers]


def chain(x: Any, layers: Layers, last_relu: bool, relu: bool = True) -> np.ndarray:
    for place, (w, b) in enumerate(layers):
        x = np.einsum("nd,de->ne", x, w) + b
        if relu and (last_relu or place < len(layers) - 1):
            x = np.where(x > 0, x, 0.0)
    return x


def logits_of(x: Any, trunk: Layers, towers: Towers) -> dict[str, np.ndarray]:
    shared = chain(x, trunk, last_relu=True)
    return {task: chain(shared, tower, last_relu=False)[:, 0] for task, tower in towers.items()}


def _network(seed: int, n: int, trunk: Sequence[int], **towers: Sequence[int]) -> Network:
    """Small, with one decimal, to be printed whole; no tower gives nearly one number only."""
    draw = np.random.default_rng(seed)

    def layers(widths: Sequence[int]) -> list[tuple[np.ndarray, np.ndarray]]:
        return [
            (draw.normal(size=(i, o)).round(1) + 0.0, draw.normal(size=o).round(1) + 0.0)
            for i, o in pairwise(widths)
        ]

    x = (2 * draw.normal(size=(n, trunk[0]))).round(1) + 0.0
    network = x, layers(trunk), {task: layers(widths) for task, widths in towers.items()}
    for task, values in right_forward(*network).items():
        assert n == 1 or np.ptp(values) > 0.05, (seed, task, values)
    return network


def right_forward(x: Any, trunk: Layers, towers: Towers) -> dict[str, np.ndarray]:
    return {task: expit(z) for task, z in logits_of(x, trunk, towers).items()}


NARROW: Network = (
    np.array([[1.0], [2.0]]),
    [(np.array([[1.0]]), np.array([0.5]))],
    {
        "click": [(np.array([[1.5]]), np.array([0.5])), (np.array([[2.0]]), np.array([-1.0]))],
        "purchase": [(np.array([[-1.0]]), np.array([0.3]))],
    },
)
"""As wide everywhere: a tower can start from the result of another without an error."""

NETWORKS: list[Network] = [
    (
        np.array([[1.0, 2.0]]),
        [(np.eye(2), np.array([0.0, -3.0]))],
        {"click": [(np.array([[2.0], [5.0]]), np.array([-1.0]))]},
    ),
    _network(0, 3, [2, 3], click=[3, 1], purchase=[3, 2, 1]),
    _network(1058, 3, [2, 2, 2, 2], purchase=[2, 1], click=[2, 2, 1], share=[2, 2, 2, 1]),
    _network(190, 4, [3, 2, 3], click=[3, 2, 2, 1], purchase=[3, 2, 2, 1]),
    _network(0, 3, [2], click=[2, 1], purchase=[2, 2, 1]),
    _network(61, 1, [2, 2], click=[2, 1], purchase=[2, 2, 1]),
    (
        np.array([[0.0], [3.0], [9.0]]),
        [(np.array([[1.0]]), np.array([0.0]))],
        {
            "click": [(np.array([[1.0]]), np.array([0.0]))],
            "purchase": [(np.array([[-1.0]]), np.array([0.0]))],
        },
    ),
    (  # logits of 10 to 800, and of -10 to -800: no clip leaves them alone, no plain exp bears them
        np.array([[1.0], [2.0], [4.0], [80.0]]),
        [],
        {
            "click": [(np.array([[-10.0]]), np.array([0.0]))],
            "purchase": [(np.array([[10.0]]), np.array([0.0]))],
        },
    ),
    (
        np.array([[3000.0], [30.0]]),
        [(np.array([[1.0]]), np.array([0.0]))],
        {"Click": [(np.array([[0.001]]), np.array([0.0]))]},
    ),
]
