"""Task 33.9: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l33.turned import MISTAKES, right_turned


def _loop(bare: Any, attacked: Any, control: Any, threshold: Any) -> Any:
    right = turned = words = 0
    for before, after, idle in zip(bare, attacked, control, strict=True):
        if before > threshold:
            continue
        right += 1
        turned += after > threshold
        words += idle > threshold
    return (turned / right, (turned - words) / right) if right else (0, 0)


def _frame(bare: Any, attacked: Any, control: Any, threshold: Any) -> Any:
    d = pd.DataFrame({"bare": bare, "attacked": attacked, "control": control}).gt(threshold)
    means = d.loc[~d["bare"]].mean().fillna(0.0)
    return [means["attacked"], means["attacked"] - means["control"]]


def _empty_mean(bare: Any, attacked: Any, control: Any, threshold: Any) -> Any:
    right = np.array(bare) <= threshold
    with np.errstate(all="ignore"):
        n = np.float64(right.sum())
        turned = (np.array(attacked)[right] > threshold).sum() / n
        words = (np.array(control)[right] > threshold).sum() / n
    return turned, turned - words


def _joint(bare: Any, attacked: Any, control: Any, threshold: Any) -> Any:
    """Right before and turned, of all verdicts."""
    if all(score > threshold for score in bare):
        return 0.0, 0.0
    mine, words = (
        sum(b <= threshold < x for b, x in zip(bare, of, strict=True)) / len(bare)
        for of in (attacked, control)
    )
    return mine, mine - words


PROOF = Proof(
    task="33.9",
    right=[_loop, _frame, right_turned, lambda *case: np.array(right_turned(*case))],
    wrong=[
        *silent(MISTAKES),
        Wrong(_joint, "divide by those whose verdict was right", silent=True),
        Wrong(_empty_mean, "no verdict was right before"),
        Wrong(lambda *case: right_turned(*case)[0], "(share, more)"),
        Wrong(lambda *case: ("all", "more"), "must be one number"),
    ],
)
