"""15.1: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from checks.l15.t1_swapped_neighbours import right
from checks.proof import Proof, Wrong


def _counted(rows: Any) -> Any:
    clicks = Counter((upper, position) for upper, position, click in rows if click)
    found, k = [Fraction(1)], 1
    while clicks[k, k]:
        found.append(found[-1] * Fraction(clicks[k, k + 1], clicks[k, k]))
        k += 1
    return found


def _with_pandas(rows: Any) -> Any:
    frame = pd.DataFrame(rows, columns=["upper", "position", "click"]).astype(int)
    table = frame.groupby(["upper", "position"])["click"].sum()
    ratios = []
    for k in range(1, int(frame["upper"].max()) + 1 if len(frame) else 1):
        if table.get((k, k), 0) == 0:
            break
        ratios.append(table.get((k, k + 1), 0) / table.get((k, k)))
    return np.cumprod([1.0, *ratios])


PROOF = Proof(
    task="15.1",
    right=[_counted, _with_pandas],
    wrong=[
        # It stops where a probability is 0, which is known.
        Wrong(
            right.returning("result[: result.index(0.0)] if 0.0 in result else result"),
            "must be [1.0, 0.5, 0.25, 0.0], got [1.0, 0.5, 0.25]",
            silent=True,
        ),
        # A pair without a click above is left out, and the chain goes on.
        Wrong(right.edit({"break": "continue"}), "must be [1.0], got", silent=True),
        Wrong(right.returning("[round(p, 4) for p in result]"), "rounded", silent=True),
        Wrong(right.returning("dict(enumerate(result, 1))"), "must be a list"),
    ],
)
