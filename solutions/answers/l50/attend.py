"""Task 50.8: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import softmax

from answers import Proof, Wrong
from course_utils.exercises.l50.attend import MISTAKES, Numbers, attend, plain_exp


def _by_loops(H: Numbers, there: Numbers, v: Numbers) -> Any:
    rows = []
    for h, known in zip(H, there, strict=True):
        tokens = h[known]
        if len(tokens) == 0:
            rows.append(np.zeros(H.shape[2]))
        else:
            rows.append(softmax(tokens @ v) @ tokens)
    return rows


def _by_large_number(H: Numbers, there: Numbers, v: Numbers) -> Any:
    a = softmax(np.where(there, H @ v, -1e9), axis=1) * there
    return np.einsum("nt,ntd->nd", a, H)


def _weights(H: Numbers, there: Numbers, v: Numbers) -> Any:
    return softmax(np.where(there, H @ v, -1e9), axis=1) * there


def _one_row(H: Numbers, there: Numbers, v: Numbers) -> Any:
    return attend(H, there, v).sum(axis=0)


def _not_a_number(H: Numbers, there: Numbers, v: Numbers) -> Any:
    scores = np.where(there, H @ v, -np.inf)
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.einsum("nt,ntd->nd", e / e.sum(axis=1, keepdims=True), H)


PROOF = Proof(
    task="50.8",
    right=[_by_loops, _by_large_number],
    wrong=[
        *(Wrong(answer, f"{says}.", silent=True) for says, answer in MISTAKES.items()),
        Wrong(_weights, "these are 3 weights", silent=True),
        Wrong(plain_exp, "must not hold nan"),
        Wrong(_not_a_number, "[False, False, False]", silent=True),
        Wrong(_one_row, "must have shape (1, 2)"),
        Wrong(lambda H, there, v: attend(H, there, -v), "got 0.7500.", silent=True),
    ],
)
