"""Task 52.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import cmath
import math
from typing import Any

import numpy as np
from sklearn.preprocessing import StandardScaler

from answers import Proof, Wrong
from course_utils.exercises.l52.context import (
    _own,
    _raised_by,
    degrees,
    exact_zero,
    exchanged,
    floored,
    joint_scale,
    log_of_seconds,
    made,
    no_log,
    no_scale,
    own_scale,
    period_12,
    period_23,
    raw,
    raw_gap,
    raw_hours,
    right_features,
    sample_sd,
    sine_alone,
    variance,
)


def _with_a_scaler(train: Any, rows: Any) -> Any:
    rows = np.asarray(rows, dtype=float)
    if not len(rows):
        return np.zeros((0, 3))
    scaler = StandardScaler().fit(np.log1p(np.asarray(train, dtype=float)[:, 1:]))
    angle = rows[:, :1] * np.pi / 12
    return np.hstack([np.sin(angle), np.cos(angle), scaler.transform(np.log1p(rows[:, 1:]))])


def _row_by_row(train: Any, rows: Any) -> Any:
    logs = [math.log(1 + row[1]) for row in train]
    mean = sum(logs) / len(logs)
    sd = math.sqrt(sum((one - mean) ** 2 for one in logs) / len(logs))
    sd = sd if max(logs) > min(logs) else 1.0
    made = []
    for hour, seconds in rows:
        turn = cmath.exp(1j * math.tau * hour / 24)
        made.append([turn.imag, turn.real, (math.log(1 + seconds) - mean) / sd])
    return np.array(made).reshape(-1, 3)


PROOF = Proof(
    task="52.5",
    right=[_with_a_scaler, _row_by_row],
    wrong=[
        Wrong(raw, "all three columns are raw numbers", "E69", silent=True),
        Wrong(raw_hours, "the hour is a raw number", "E69", silent=True),
        Wrong(raw_gap, "the seconds are raw", "E69", silent=True),
        Wrong(no_scale, "is not scaled by the mean", "E69", silent=True),
        Wrong(own_scale, "come from the rows that are asked for", silent=True),
        Wrong(made(scale=_own), "that are asked for, not from training", silent=True),
        Wrong(joint_scale, "training and the asked rows together", silent=True),
        Wrong(no_log, "scaled without ln(1 + seconds)", silent=True),
        Wrong(period_12, "the circle has 12 hours", silent=True),
        Wrong(period_23, "the circle has 23 hours", silent=True),
        Wrong(sine_alone, "both columns are the sine", silent=True),
        Wrong(exchanged, "sine and cosine are exchanged", silent=True),
        Wrong(degrees, "the angle is in degrees", silent=True),
        Wrong(sample_sd, "divides by n - 1", silent=True),
        Wrong(exact_zero, "ask whether they are all equal", silent=True),
        Wrong(made(least=0.1), "must be -1, got -0.0049", silent=True),
        Wrong(made(least=1e-3), "must be 3.0000, got 0.0000", silent=True),
        Wrong(made(least=-1.0), "it comes from 0 / 0"),
        Wrong(log_of_seconds, "ln 0: take ln(1 + seconds)"),
        Wrong(floored, "drops the decimals", silent=True),
        Wrong(_raised_by(1e-9), "1e-09 is added to the deviation", silent=True),
        Wrong(variance, "divided by the variance", silent=True),
        Wrong(lambda train, rows: right_features(train, rows)[:, :2], "must have shape"),
        Wrong(lambda train, rows: right_features(train, rows).round(3), "You rounded", silent=True),
    ],
)
