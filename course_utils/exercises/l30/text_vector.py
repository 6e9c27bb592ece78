"""Task 30.3: from vectors of tokens to one vector of length 1 a text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array

Numbers = np.ndarray
_DRAW = np.random.default_rng(303)


def _drawn(lengths: list[int], T: int, d: int) -> Case:
    there = np.arange(T) < np.array(lengths)[:, None]
    return _DRAW.normal(size=(len(lengths), T, d)).round(1), there


CASES: list[Case] = [
    (np.array([[[3, 0], [0, 4], [9, 9]]]), np.array([[True, True, False]])),
    _drawn([3, 1, 2], 3, 2),
    _drawn([2, 4], 5, 3),
    _drawn([0, 2], 3, 2),
    _drawn([1], 1, 4),
    _drawn([4], 4, 1),
    (
        np.array([[[5.0, 1.0], [1.0, 2.0], [0.0, 7.0], [2.0, -1.0]]]),
        np.array([[False, True, False, True]]),
    ),
    (np.array([[[1e-5, 0.0], [0.0, 2e-5]], [[8.0, 1.0], [1.0, 1.0]]]), np.ones((2, 2), bool)),
    (np.array([[[1e-13, 0.0], [0.0, 2e-13]]]), np.ones((1, 2), bool)),
]


def _length_one(x: Numbers) -> Numbers:
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-300))


def _mean(H: Numbers, there: Numbers) -> Numbers:
    counted = there[:, :, None]
    return np.asarray((H * counted).sum(axis=1) / np.maximum(counted.sum(axis=1), 1))


def text_vector(H: Numbers, there: Numbers) -> Numbers:
    return _length_one(_mean(H, there))


def first_token(H: Numbers, there: Numbers) -> Numbers:
    return _length_one(H[:, 0] * there.any(axis=1, keepdims=True))


def highest(H: Numbers, there: Numbers) -> Numbers:
    best = np.where(there[:, :, None], H, -np.inf).max(axis=1)
    return _length_one(np.where(np.isfinite(best), best, 0.0))


def whole_table(H: Numbers, there: Numbers) -> Numbers:
    mean = _mean(H, there)
    return np.asarray(mean / np.maximum(np.linalg.norm(mean), 1e-300))


def by_sum(H: Numbers, there: Numbers) -> Numbers:
    mean = _mean(H, there)
    return np.asarray(mean / np.maximum(abs(mean).sum(axis=1, keepdims=True), 1e-300))


def squared(H: Numbers, there: Numbers) -> Numbers:
    mean = _mean(H, there)
    return np.asarray(mean / np.maximum((mean**2).sum(axis=1, keepdims=True), 1e-300))


def _sum(H: Numbers, there: Numbers) -> Numbers:
    return np.asarray((H * there[:, :, None]).sum(axis=1))


def _added(small: float, of: Callable[..., Numbers] = _mean) -> Callable[..., Numbers]:
    def gives(H: Numbers, there: Numbers) -> Numbers:
        x = of(H, there)
        return np.asarray(x / (np.linalg.norm(x, axis=-1, keepdims=True) + small))

    return gives


def _at_least(small: float, of: Callable[..., Numbers] = _mean) -> Callable[..., Numbers]:
    def gives(H: Numbers, there: Numbers) -> Numbers:
        x = of(H, there)
        return np.asarray(x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), small))

    return gives


def zero_below(H: Numbers, there: Numbers) -> Numbers:
    short = np.linalg.norm(_mean(H, there), axis=-1, keepdims=True) <= 1e-9
    return np.where(short, 0.0, text_vector(H, there))


SMALL = (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)
MISTAKES: dict[str, Callable[..., Numbers]] = {
    "padding is in the mean": lambda H, there: _length_one(H.mean(axis=1)),
    "padding is in the mean (and an empty text gets zeros)": lambda H, there: _length_one(
        H.mean(axis=1) * there.any(axis=1, keepdims=True)
    ),
    "the first token stands for the text: take the mean of those that are there": first_token,
    "the highest number of each column is taken, not the mean": highest,
    "the mean has not been brought to length 1": _mean,
    "each token is brought to length 1 before the mean: do it after": lambda H, there: text_vector(
        _length_one(H), there
    ),
    "the numbers of all texts are divided by one length: each text has its own": whole_table,
    "each row is divided by the sum of its absolute values: length is the root of squares": by_sum,
    "each row is divided by its squared length: take the root": squared,
    **{
        f"{one:g} is added to the length{name}: add nothing": _added(one, of)
        for one in SMALL
        for name, of in (("", _mean), (" of the sum", _sum))
    },
    **{
        f"lengths{name} below {one:g} are set to {one:g}: a length may be shorter": _at_least(
            one, of
        )
        for one in SMALL
        for name, of in (("", _mean), (" of the sum", _sum))
    },
    "a very short vector gets zeros: only a length of 0 does": zero_below,
}


def _told(case: Case) -> str:
    return call_of("text_vector", case)


def _read(value: Any, case: Case) -> Numbers:
    n, _, d = case[0].shape
    return as_array(value, f"{_told(case)}: the result", (n, d))


def check_text_vector(answer: Any) -> None:
    compare(answer, CASES, text_vector, _read, _told, MISTAKES)


TASK = Task(
    id="30.3",
    prompt="The mean over the tokens that are there, each row brought to length 1.",
    check_answer=check_text_vector,
    hints=(
        "Multiply by the mask, then sum over the tokens. What must not be divided by zero?",
        "(H * there[:, :, None]).sum(axis=1) has one row a text. Its direction is that of the "
        "mean, and the length is taken away anyway.",
        "s = (H * there[:, :, None]).sum(axis=1); n = np.linalg.norm(s, axis=1, keepdims=True); "
        "return s / np.where(n > 0, n, 1).",
    ),
    insight="With rows of length 1 a cosine is an inner product, so one matrix product searches.",
)
