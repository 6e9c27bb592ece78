"""Task 24.2: how a task uses the experts: on average, and row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array, as_number, holds_nan, refuse_none
from course_utils.exercises.theirs import shorten


def _gates(seed: int, n: int, m: int, sharp: float) -> np.ndarray:
    scores = sharp * np.random.default_rng(seed).normal(size=(n, m))
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


TABLES = [
    np.array([[1.0, 0.0], [0.0, 1.0]]),  # specialised
    np.array([[0.5, 0.5], [0.5, 0.5]]),  # indifferent
    np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]),  # collapsed
    np.array([[0.75, 0.25]]),
    np.array([[0.5, 0.25, 0.25, 0.0], [0.0, 0.0, 0.5, 0.5], [1.0, 0.0, 0.0, 0.0]]),
    np.array([[0.5, 0.5, 0.0], [0.25, 0.75, 0.0]]),  # one expert idle on all rows
    np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]),  # a row twice
    _gates(1, 5, 3, 2.0),
    _gates(2, 4, 8, 1.0),
    # Weights that a small number added inside a logarithm would not leave alone.
    np.array([[1 - 1e-6, 1e-6], [1 - 1e-5, 1e-5], [1 - 5e-7, 5e-7]]),
]
CASES: list[Case] = [(one,) for one in TABLES]

Entropy = Callable[[np.ndarray], np.ndarray]


def entropy(weights: np.ndarray, unit: Callable[[int], float] = np.log) -> np.ndarray:
    """Of the last axis, over that of equal weights."""
    safe = np.where(weights > 0, weights, 1.0)
    return np.asarray(-(weights * np.log(safe)).sum(axis=-1) / unit(weights.shape[-1]))


def right_use(gates: np.ndarray) -> np.ndarray:
    return _joined(gates.mean(axis=0), entropy(gates).mean(), entropy(gates.mean(axis=0)))


def _joined(use: np.ndarray, by_row: Any, overall: Any) -> np.ndarray:
    return np.array([*use, float(by_row), float(overall)])


def exchanged(gates: np.ndarray) -> np.ndarray:
    *use, by_row, overall = right_use(gates)
    return _joined(np.array(use), overall, by_row)


def _over(unit: float) -> Callable[[np.ndarray], np.ndarray]:
    def use(gates: np.ndarray) -> np.ndarray:
        rows, mean = (entropy(one, lambda m: unit) for one in (gates, gates.mean(axis=0)))
        return _joined(gates.mean(axis=0), rows.mean(), mean)

    return use


in_nats, in_bits = _over(1.0), _over(float(np.log(2)))


def of_the_mean_twice(gates: np.ndarray) -> np.ndarray:
    overall = entropy(gates.mean(axis=0))
    return _joined(gates.mean(axis=0), overall, overall)


def of_rows_twice(gates: np.ndarray) -> np.ndarray:
    by_row = entropy(gates).mean()
    return _joined(gates.mean(axis=0), by_row, by_row)


def favourites(gates: np.ndarray) -> np.ndarray:
    use = np.eye(gates.shape[1])[gates.argmax(axis=1)].mean(axis=0)
    return _joined(use, entropy(gates).mean(), entropy(use))


def by_largest(gates: np.ndarray) -> np.ndarray:
    rows = entropy(gates, unit=lambda m: 1.0)
    *use, _, overall = right_use(gates)
    largest = rows.max()
    return _joined(np.array(use), (rows / largest).mean() if largest > 0 else np.nan, overall)


def less_than(most: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda gates: _joined(gates.mean(axis=0), *(most - right_use(gates)[-2:]))


negative, one_minus = less_than(0.0), less_than(1.0)


def by_used(gates: np.ndarray) -> np.ndarray:
    use = gates.mean(axis=0)
    used = np.log(max(int((use > 0).sum()), 2))
    overall = entropy(use, unit=lambda m: float(used))
    return _joined(use, entropy(gates).mean(), overall)


def of_distinct(gates: np.ndarray) -> np.ndarray:
    return right_use(np.unique(gates, axis=0))


def with_added(small: float) -> Callable[[np.ndarray], np.ndarray]:
    def of(weights: np.ndarray) -> np.ndarray:
        total = -(weights * np.log(weights + small)).sum(axis=-1)
        return np.asarray(total / np.log(weights.shape[-1]))

    return lambda gates: _joined(gates.mean(axis=0), of(gates).mean(), of(gates.mean(axis=0)))


def without_small(gates: np.ndarray) -> np.ndarray:
    use = gates.mean(axis=0)
    rows = entropy(np.where(gates < 1e-6, 0.0, gates))
    return _joined(use, rows.mean(), entropy(np.where(use < 1e-6, 0.0, use)))


MISTAKES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "the two entropies are exchanged: by_row comes first": exchanged,
    "the entropies are in nats: divide by ln m": in_nats,
    "the entropies are in bits: divide by log2 m": in_bits,
    "by_row is the entropy of the mean weights too: take each row's, then the mean": (
        of_the_mean_twice
    ),
    "overall is the mean of the rows' entropies too: take the mean weights, then the entropy": (
        of_rows_twice
    ),
    "use counts how often an expert has the largest weight; take the mean weight": favourites,
    "the rows' entropies are divided by the largest that occurs; divide by ln m": by_largest,
    "overall is divided by the ln of the experts in use; m counts idle experts, too": by_used,
    "weights below 1e-6 count as 0; only weights of exactly 0 do": without_small,
    "equal rows are counted once; the means are over all rows": of_distinct,
    "the minus sign of the entropy is missing": negative,
    "the result is 1 minus the entropy": one_minus,
    **{
        f"{small:g} is added inside the logarithm, and that changes the result": with_added(small)
        for small in (1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4)
    },
}


def check_use(answer: Any) -> None:
    compare(
        answer,
        CASES,
        right_use,
        _read,
        _told,
        MISTAKES,
        lambda case, at: f"{_told(case)}: {_part(case, at[0])}",
    )


def _told(case: Case) -> str:
    return call_of("use_of", case)


def _part(case: Case, at: int) -> str:
    m = case[0].shape[1]
    return f"use[{at}]" if at < m else ("by_row", "overall")[at - m]


def _read(got: Any, case: Case) -> np.ndarray:
    told = _told(case)
    refuse_none(got, told, "three things")
    if not isinstance(got, tuple | list) or len(got) != 3:
        reject(f"{told} must return (use, by_row, overall), got {shorten(got)}.")
    use = as_array(got[0], f"{told}: use", (case[0].shape[1],))
    for value, what in zip(got[1:], names := ("by_row", "overall"), strict=True):
        if holds_nan(value):
            reject(
                f"{told}: {what} is nan. In NumPy 0 * np.log(0) is nan, and so is 0 / 0: put a 1 "
                "in place of each 0 before the logarithm, and divide by ln m."
            )
    return _joined(use, *map(as_number, got[1:], (f"{told}: {name}" for name in names)))


TASK = Task(
    id="24.2",
    prompt="Return the experts' mean weights, the mean entropy of the rows, and that of the mean.",
    check_answer=check_use,
    hints=(
        "Two means at two places: of the rows' entropies, and inside the entropy of the mean row.",
        "0 ln 0 counts as 0: put a 1 in place of each 0 before the logarithm.",
        "safe = np.where(gates > 0, gates, 1); by_row = -(gates * np.log(safe)).sum(1).mean() / "
        "np.log(m); the same with use = gates.mean(0) in place of gates gives overall.",
    ),
    insight="Specialised gates have a low entropy by row and a high one overall; collapsed ones "
    "are low in both.",
)
