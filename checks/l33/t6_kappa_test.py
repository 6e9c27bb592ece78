"""33.6: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from checks.proof import Proof


def _table(first: Any, second: Any) -> Any:
    words = sorted({*first, *second})
    table = np.zeros((len(words), len(words)))
    for a, b in zip(first, second, strict=True):
        table[words.index(a), words.index(b)] += 1 / len(first)
    by_chance = float(table.sum(axis=1) @ table.sum(axis=0))
    left = 1 - by_chance
    return np.float64(0.0) if left < 1e-12 else (np.trace(table) - by_chance) / left


def _frequencies(first: Any, second: Any) -> Any:
    a, b = pd.Series(first), pd.Series(second)
    rates = a.value_counts(normalize=True).mul(b.value_counts(normalize=True), fill_value=0)
    miss = (a != b).mean()
    return 1 - miss / (1 - rates.sum()) if rates.sum() < 1 - 1e-12 else 0.0


PROOF = Proof(task="33.6", right=[_table, _frequencies], wrong=[])
