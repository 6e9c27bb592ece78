"""Task 30.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l30.text_vector import MISTAKES, Numbers, text_vector


def _by_loops(H: Numbers, there: Numbers) -> Any:
    rows = []
    for h, known in zip(H, there, strict=True):
        mean = h[known].mean(axis=0) if known.any() else np.zeros(H.shape[2])
        rows.append(mean / (np.sqrt(mean @ mean) or 1.0))
    return rows


def _sums(H: Numbers, there: Numbers) -> Any:
    total = np.einsum("ntd,nt->nd", H, there.astype(float))
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.divide(total, length, out=np.zeros_like(total), where=length > 0)


def _not_a_number(H: Numbers, there: Numbers) -> Any:
    with np.errstate(all="ignore"):
        mean = (H * there[:, :, None]).sum(axis=1) / there.sum(axis=1)[:, None]
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)


def _whole_numbers(H: Numbers, there: Numbers) -> Any:
    found = np.zeros_like(H[:, 0])
    found[:] = text_vector(H, there)
    return found


PROOF = Proof(
    task="30.3",
    right=[_by_loops, _sums],
    wrong=[
        *silent(MISTAKES),
        Wrong(_not_a_number, "must not hold nan", silent=True),
        Wrong(_whole_numbers, "must be 0.6000, got 0", silent=True),
        Wrong(lambda H, there: text_vector(H, there)[0], "must have shape"),
        Wrong(lambda H, there: -text_vector(H, there), "must be 0.6000, got -0.6000", silent=True),
    ],
)
