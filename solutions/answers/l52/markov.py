"""Task 52.8: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l52.markov import MISTAKES, right_table


def _with_counters(last: Any, after: Any, n: int, strength: float) -> Any:
    pairs = Counter(zip(np.array(last).tolist(), np.array(after).tolist(), strict=True))
    came, left = Counter(np.array(after).tolist()), Counter(np.array(last).tolist())
    total = len(np.array(last))
    return [
        [(pairs[i, j] + strength * came[j] / total) / (left[i] + strength) for j in range(n)]
        for i in range(n)
    ]


def _with_pandas(last: Any, after: Any, n: int, strength: float) -> Any:
    table = pd.crosstab(pd.Series(last), pd.Series(after))
    counts = table.reindex(index=range(n), columns=range(n), fill_value=0).to_numpy()
    prior = strength * counts.sum(0) / counts.sum()
    return np.array([(row + prior) / (row.sum() + strength) for row in counts])


PROOF = Proof(
    task="52.8",
    right=[_with_counters, _with_pandas],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda *case: right_table(*case)[0], "must have shape (2, 2)"),
        Wrong(lambda *case: right_table(*case).round(4), "You rounded to 4", silent=True),
    ],
)
