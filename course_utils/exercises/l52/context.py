"""Task 52.5: hours on a circle, and a scale that training alone has set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l52.shared import compare_named, shown_by
from course_utils.exercises.reading import as_array, holds_nan


def _rows(seed: int, n: int, m: int) -> Case:
    draw = np.random.default_rng(seed)
    train = np.column_stack([draw.integers(0, 24, n), draw.integers(1, 9_000, n)]).astype(float)
    rows = np.column_stack([draw.integers(0, 24, m), draw.integers(1, 90_000, m)]).astype(float)
    return train, rows


CASES: list[Case] = [
    (np.array([[6.0, 0.0], [12.0, np.e - 1]]), np.array([[0.0, 0.0], [18.0, np.e**2 - 1]])),
    _rows(1, 6, 4),
    _rows(2, 9, 1),
    _rows(3, 3, 5),
    (np.array([[3, 10], [3, 40], [21, 5000]]), np.array([[23, 7]])),
    (_rows(4, 8, 1)[0], np.zeros((0, 2))),
    (np.array([[2.0, 30.0], [4.0, 30.0]]), np.array([[2.0, 30.0], [2.0, 31.0]])),
    (np.array([[9.0, 30.0]]), np.array([[9.5, 3000.0]])),
    # Equal numbers whose deviation in floats is 4e-16, and nearly equal ones.
    (np.array([[2.0, 30.0], [4.0, 30.0], [6.0, 30.0]]), np.array([[2.0, 30.0], [2.0, 31.0]])),
    (np.array([[2.0, 100.0], [4.0, 101.0]]), np.array([[2.0, 100.0]])),
    (np.array([[2.0, 1e6], [4.0, 1e6 + 1]]), np.array([[2.0, 1e6 + 2]])),
]


def made(
    hours: Callable[[np.ndarray], list[np.ndarray]] = lambda h: [
        np.sin(2 * np.pi * h / 24),
        np.cos(2 * np.pi * h / 24),
    ],
    log: Callable[[np.ndarray], np.ndarray] = np.log1p,
    scale: Callable[[np.ndarray, np.ndarray], tuple[float, float]] = lambda train, rows: (
        float(train.mean()),
        float(train.std()),
    ),
    least: float = 1e-12,
) -> Callable[[Any, Any], np.ndarray]:
    """Three columns, or what becomes of them by one slip."""

    def features(train: Any, rows: Any) -> np.ndarray:
        known, asked = np.asarray(train, dtype=float), np.asarray(rows, dtype=float)
        with np.errstate(all="ignore"):
            mean, sd = scale(log(known[:, 1]), log(asked[:, 1]))
            gap = (log(asked[:, 1]) - mean) / (sd if sd > least else 1.0)
        return np.column_stack([*hours(asked[:, 0]), gap])

    return features


def _own(train: np.ndarray, rows: np.ndarray) -> tuple[float, float]:
    return (float(rows.mean()), float(rows.std())) if len(rows) else (0.0, 1.0)


def _both(train: np.ndarray, rows: np.ndarray) -> tuple[float, float]:
    joined = np.concatenate([train, rows])
    return float(joined.mean()), float(joined.std())


right_features = made()
raw = made(lambda h: [h, h], lambda x: x, lambda train, rows: (0.0, 1.0))
raw_hours = made(lambda h: [h / 24, h / 24])
raw_gap = made(scale=lambda train, rows: (0.0, 1.0), log=lambda x: x)
no_scale = made(scale=lambda train, rows: (0.0, 1.0))
own_scale = made(scale=_own, least=-1.0)  # nan where there is one row
joint_scale = made(scale=_both)
no_log = made(log=lambda x: x)
period_12 = made(lambda h: [np.sin(2 * np.pi * h / 12), np.cos(2 * np.pi * h / 12)])
period_23 = made(lambda h: [np.sin(2 * np.pi * h / 23), np.cos(2 * np.pi * h / 23)])
sine_alone = made(lambda h: [np.sin(2 * np.pi * h / 24)] * 2)
exchanged = made(lambda h: [np.cos(2 * np.pi * h / 24), np.sin(2 * np.pi * h / 24)])
degrees = made(lambda h: [np.sin(360 * h / 24), np.cos(360 * h / 24)])
sample_sd = made(
    scale=lambda train, rows: (
        float(train.mean()),
        float(train.std(ddof=1)) if len(train) > 1 else 1.0,
    )
)
exact_zero = made(least=0.0)
log_of_seconds = made(log=np.log)


def floored(train: Any, rows: Any) -> np.ndarray:
    columns = right_features(train, rows)
    return np.column_stack([columns[:, :2], np.floor(columns[:, 2])])


def _raised_by(small: float) -> Callable[[Any, Any], np.ndarray]:
    return made(
        scale=lambda train, rows: (float(train.mean()), float(train.std()) + small), least=0
    )


variance = made(scale=lambda train, rows: (float(train.mean()), float(train.var())))

MISTAKES = {
    "all three columns are raw numbers: for the network 23 o'clock is far from 0": raw,
    "the hour is a raw number divided by 24: 23 o'clock is far from 0": raw_hours,
    "the seconds are raw, neither ln(1 + seconds) nor scaled": raw_gap,
    "ln(1 + seconds) is not scaled by the mean and deviation of training": no_scale,
    "mean and deviation come from the rows that are asked for, not from training": own_scale,
    "mean and deviation come from training and the asked rows together": joint_scale,
    "the seconds are scaled without ln(1 + seconds)": no_log,
    "the circle has 12 hours; a day has 24": period_12,
    "the circle has 23 hours: 23 o'clock falls on 0 o'clock": period_23,
    "both columns are the sine: 2 and 10 o'clock are the same": sine_alone,
    "sine and cosine are exchanged; sine first": exchanged,
    "the angle is in degrees; np.sin wants 2 pi hour / 24": degrees,
    "the deviation divides by n - 1; take np.std": sample_sd,
    "the deviation of equal numbers is 4e-16 here, not 0: ask whether they are all equal": (
        exact_zero
    ),
    "it is divided by the variance; divide by the standard deviation": variance,
    "the seconds are divided by `//`, which drops the decimals; `/` keeps them": floored,
    "the logarithm is of the seconds; take ln(1 + seconds)": log_of_seconds,
    **{
        f"{small:g} is added to the deviation; add nothing, and divide by 1 where it is 0": (
            _raised_by(small)
        )
        for small in (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)
    },
}
_RAW = (
    "all three columns are raw",
    "the hour is a raw number",
    "the seconds are raw",
    "is not scaled by the mean",
)

_shown = shown_by("features_of")


def check_features(answer: Any) -> None:
    compare_named(
        answer,
        CASES,
        right_features,
        _read,
        _shown,
        MISTAKES,
        dict.fromkeys(_RAW, "E69"),
    )


def _read(got: Any, case: Case) -> np.ndarray:
    what = f"{_shown(case)}: the result"
    if holds_nan(got) and not case[0][:, 1].all():
        reject(f"{what} must not hold nan. It comes from ln 0: take ln(1 + seconds).")
    return as_array(got, what, (len(case[1]), 3))


TASK = Task(
    id="52.5",
    prompt="Return sine and cosine of the hour, and the scaled logarithm of the seconds.",
    check_answer=check_features,
    hints=(
        "Three columns for `rows`; `train` gives two numbers alone, a mean and a deviation.",
        "angle = 2 * np.pi * hour / 24. The seconds: np.log1p of both; mean and std of training's; "
        "a deviation of 0 becomes 1.",
        "np.column_stack([np.sin(angle), np.cos(angle), (np.log1p(rows[:, 1]) - mean) / sd])",
    ),
    insight="What is fitted on the rows you judge by has seen them: a scale too.",
    errata={"E69": "place, time and weather as raw numbers, unscaled"},
)
