"""Task 24.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit, logsumexp

from answers import Proof, Wrong, silent
from course_utils.exercises.l24.slips import MISTAKES, mixed, overflowing, right_forward


def _row_by_row(x: Any, experts: Any, gates: Any, towers: Any) -> dict[str, list[float]]:
    said: dict[str, list[float]] = {task: [] for task in towers}
    for row in x:
        made = [[max(0.0, float(row @ w[:, j] + b[j])) for j in range(len(b))] for w, b in experts]
        for task, (w, b) in towers.items():
            scores = row @ gates[task]
            weights = np.exp(scores - logsumexp(scores))
            z = b + sum(g * float(np.dot(w, f)) for g, f in zip(weights, made, strict=True))
            said[task].append(float(np.tanh(z / 2) / 2 + 0.5))
    return said


def _one_product(x: Any, experts: Any, gates: Any, towers: Any) -> dict[str, np.ndarray]:
    kernels = np.concatenate([w for w, _ in experts], axis=1)
    biases = np.concatenate([b for _, b in experts])
    f = (x @ kernels + biases).clip(0).reshape(len(x), len(experts), -1)
    said = {}
    for task in gates:
        scores = x @ gates[task]
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        g = e / e.sum(axis=1, keepdims=True)
        w, b = towers[task]
        said[task] = expit(np.einsum("nm,nmh,h->n", g, f, w) + b)
    return said


def _rounded(*case: Any) -> dict[str, np.ndarray]:
    return {task: p.round(4) for task, p in right_forward(*case).items()}


def _columns(*case: Any) -> dict[str, np.ndarray]:
    return {task: p[:, None] for task, p in right_forward(*case).items()}


def _one_largest_for_all(x: Any, experts: Any, gates: Any, towers: Any) -> dict[str, np.ndarray]:
    """Subtracts the largest score of the batch: rows far below it have nothing left."""
    said = {}
    f = np.stack([np.maximum(x @ w + b, 0) for w, b in experts])
    for task, (w, b) in towers.items():
        scores = x @ gates[task]
        with np.errstate(all="ignore"):
            e = np.exp(scores - scores.max())
            g = e / e.sum(axis=1, keepdims=True)
        said[task] = expit(np.einsum("nm,mnh->nh", g, f) @ w + b)
    return said


def _lost_axis(scores: np.ndarray) -> np.ndarray:
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1))


PROOF = Proof(
    task="24.1",
    right=[_row_by_row, _one_product],
    wrong=[
        *silent(MISTAKES),
        Wrong(_rounded, "Do not round", silent=True),
        Wrong(overflowing, "'click' must not hold nan. np.exp overflows"),
        Wrong(_one_largest_for_all, "subtract each row's own largest score"),
        Wrong(mixed(gate=_lost_axis), "keep the axis with keepdims=True", status="error"),
        Wrong(_columns, "shape (1,), got shape (1, 1)"),
        Wrong(lambda *case: list(right_forward(*case).values()), "a dict with the keys"),
    ],
)
