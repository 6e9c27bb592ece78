"""Task 21.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l21.partitioned_norm import (
    EPS,
    added_scales,
    averaged,
    eps_outside,
    first_for_all,
    grouped,
    multiplied_shifts,
    no_eps,
    no_root,
    of_batch,
    of_own_rows,
    own_scale_alone,
    own_scales,
    right_norm,
    shared_scale_alone,
    shared_scales,
    whole,
)


def _row_by_row(
    z: Any, s: Any, mean: Any, variance: Any, gamma: Any, beta: Any, g_s: Any, b_s: Any
) -> list[Any]:
    rows = []
    for row, p in zip(z, s, strict=True):
        unit = (row - mean[p]) * (variance[p] + EPS) ** -0.5
        rows.append((unit * gamma * g_s[p] + beta + b_s[p]).tolist())
    return rows


def _as_one_line(
    z: Any, s: Any, mean: Any, variance: Any, gamma: Any, beta: Any, g_s: Any, b_s: Any
) -> np.ndarray:
    """A slope and an intercept for each scenario, made once."""
    slope = gamma * g_s / np.sqrt(variance + EPS)
    shift = beta + b_s - slope * mean
    return np.take(slope, s, axis=0) * z + np.take(shift, s, axis=0)


PROOF = Proof(
    task="21.3",
    right=[_row_by_row, _as_one_line],
    wrong=[
        Wrong(of_batch, "which other rows came with it", silent=True),
        Wrong(of_own_rows, "that is training", silent=True),
        Wrong(first_for_all, "averages of scenario 0", silent=True),
        Wrong(averaged, "averages of all scenarios are averaged", silent=True),
        Wrong(added_scales, "the two scales are added", silent=True),
        Wrong(multiplied_shifts, "the two shifts are multiplied", silent=True),
        Wrong(shared_scales, "own scale and shift are left out", silent=True),
        Wrong(own_scales, "the shared scale and shift are left out", silent=True),
        Wrong(own_scale_alone, "shared scale gamma is left out", silent=True),
        Wrong(shared_scale_alone, "own scale gamma_s is left out", silent=True),
        Wrong(grouped, "rows are sorted by scenario", silent=True),
        Wrong(no_root, "divided by the variance", silent=True),
        Wrong(eps_outside, "it stands under it", silent=True),
        Wrong(no_eps, "0.001 under the root is left out", silent=True),
        Wrong(whole, "cut to whole numbers", silent=True),
        Wrong(lambda *of: right_norm(*of).round(3), "Do not round", silent=True),
        Wrong(lambda *of: right_norm(*of)[0], "must have shape (2, 1)"),
    ],
)
