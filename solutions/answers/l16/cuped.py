"""Task 16.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from statistics import fmean
from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l16.cuped import CUPED_MISTAKES, right_cuped


def _cuped_polyfit(y: list[float], x: list[float], new: list[bool]) -> Any:
    theta = np.polyfit(x, y, 1)[0] if len(set(x)) > 1 else 0.0
    side = np.array(new, dtype=bool)
    left = np.array(y) - theta * (np.array(x) - np.mean(x))
    return theta, left[side].mean() - left[~side].mean()


def _cuped_pandas(y: list[float], x: list[float], new: list[bool]) -> Any:
    table = pd.DataFrame({"y": y, "x": x, "new": np.array(new, dtype=bool)})
    table = table.astype({"y": float, "x": float})
    known = table["x"].nunique() > 1
    theta = table["x"].cov(table["y"]) / table["x"].var() if known else 0.0
    means = table.groupby("new").mean()
    return np.array([theta, means["y"].diff().iloc[1] - theta * means["x"].diff().iloc[1]])


def _cuped_loop(y: list[float], x: list[float], new: list[bool]) -> Any:
    mx, my = fmean(x), fmean(y)
    below = sum((b - mx) ** 2 for b in x)
    theta = (
        sum((a - my) * (b - mx) for a, b in zip(y, x, strict=True)) / below
        if min(x) < max(x)
        else 0
    )
    sides: list[list[float]] = [[], []]
    for a, b, side in zip(y, x, new, strict=True):
        sides[bool(side)].append(a - theta * b)
    return [theta, fmean(sides[1]) - fmean(sides[0])]


def _variance_is_0(y: list[float], x: list[float], new: list[bool]) -> Any:
    """Equal x are told by their variance, which floats may miss."""
    a, b, side = np.array(y, float), np.array(x, float), np.array(new, bool)
    theta = np.cov(a, b)[0, 1] / b.var(ddof=1) if b.var() else 0.0
    left = a - theta * b
    return theta, left[side].mean() - left[~side].mean()


def _divides(y: list[float], x: list[float], new: list[bool]) -> Any:
    return right_cuped(y, x, new) if np.std(x) else (1 / 0, 0.0)


def _never_negative(y: list[float], x: list[float], new: list[bool]) -> Any:
    theta, difference = right_cuped(y, x, new)
    return (theta, difference) if theta > 0 else right_cuped(y, [0] * len(y), new)


def _halves(y: list[float], x: list[float], new: list[bool]) -> Any:
    """The first half of the rows is the new side."""
    return right_cuped(y, x, [at < len(y) / 2 for at in range(len(y))])


PROOF = Proof(
    task="16.3",
    right=[_cuped_polyfit, _cuped_pandas, _cuped_loop, right_cuped],
    wrong=[
        *silent(CUPED_MISTAKES),
        Wrong(_divides, "ZeroDivisionError", status="error"),
        Wrong(
            _variance_is_0, "[0.1, 0.1, 0.1], [True, False, False]): theta must be 0", silent=True
        ),
        Wrong(_never_negative, "theta must be -", silent=True),
        Wrong(_halves, "[4, 1, 7, 3, 9], [2, 0, 3, 2, 5]", silent=True),
        Wrong(lambda y, x, new: right_cuped(y, x, new)[1], "must have shape (2,)"),
        Wrong(
            lambda y, x, new: np.round(right_cuped(y, x, new), 6),
            "You rounded to 6 decimals",
            silent=True,
        ),
    ],
)
