"""Task 24.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import entr
from scipy.stats import entropy as scipys

from answers import Proof, Wrong
from course_utils.exercises.l24.use import (
    MISTAKES,
    by_largest,
    by_used,
    exchanged,
    favourites,
    in_bits,
    in_nats,
    negative,
    of_distinct,
    of_rows_twice,
    of_the_mean_twice,
    one_minus,
    right_use,
    with_added,
    without_small,
)


def _three(found: np.ndarray) -> Any:
    return found[:-2], found[-2], found[-1]


def _with_scipy(gates: np.ndarray) -> Any:
    m = gates.shape[1]
    use = gates.mean(axis=0)
    return use, scipys(gates, axis=1, base=m).mean(), scipys(use, base=m)


def _with_loops(gates: np.ndarray) -> Any:
    n, m = gates.shape
    use = [sum(gates[i, j] for i in range(n)) / n for j in range(m)]
    rows = [sum(entr(g) for g in row) for row in gates]
    return use, sum(rows) / n / np.log(m), sum(map(entr, use)) / np.log(m)


def _nan_at_zero(gates: np.ndarray) -> Any:
    with np.errstate(all="ignore"):
        rows = -(gates * np.log(gates)).sum(axis=1).mean() / np.log(gates.shape[1])
    return gates.mean(axis=0), rows, right_use(gates)[-1]


def _sums(gates: np.ndarray) -> Any:
    *_, by_row, overall = right_use(gates)
    return gates.sum(axis=0), by_row, overall


def _by_column(gates: np.ndarray) -> Any:
    return gates.mean(axis=1), 0.0, 0.0


def _rounded(gates: np.ndarray) -> Any:
    return _three(right_use(gates).round(3))


def _wrong(slip: Any, says: str) -> Wrong:
    assert slip in MISTAKES.values() or says
    return Wrong(lambda gates: _three(slip(gates)), says, silent=True)


PROOF = Proof(
    task="24.2",
    right=[_with_scipy, _with_loops],
    wrong=[
        _wrong(exchanged, "two entropies are exchanged"),
        _wrong(in_nats, "in nats"),
        _wrong(in_bits, "in bits"),
        _wrong(of_the_mean_twice, "by_row is the entropy of the mean weights too"),
        _wrong(of_rows_twice, "overall is the mean of the rows' entropies too"),
        _wrong(favourites, "how often an expert has the largest weight"),
        _wrong(by_largest, "by_row is nan"),
        _wrong(by_used, "m counts idle experts, too"),
        _wrong(of_distinct, "equal rows are counted once"),
        _wrong(without_small, "weights below 1e-6 count as 0"),
        _wrong(negative, "minus sign"),
        _wrong(one_minus, "1 minus the entropy"),
        _wrong(with_added(1e-7), "1e-07 is added"),
        Wrong(_rounded, "Do not round", silent=True),
        Wrong(_sums, "use[0] must be 0.5000, got 1"),
        Wrong(_nan_at_zero, "put a 1 in place of each 0"),
        Wrong(_by_column, "use must have shape (3,), got shape (2,)"),
        Wrong(lambda gates: gates.mean(axis=0), "(use, by_row, overall)"),
    ],
)
