"""33.9: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from checks.l33.t9_turned import NONE, right
from checks.proof import Proof, Wrong


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
    right=[_loop, _frame, lambda *case: np.array(right(*case))],
    wrong=[
        Wrong(_joint, "divide by those whose verdict was right", silent=True),
        Wrong(right.edit({NONE: "if False:"}), "no verdict was right before"),
        Wrong(right.returning("result[0]"), "(share, more)"),
        Wrong(right.returning("('all', 'more')"), "must be one number"),
    ],
)
