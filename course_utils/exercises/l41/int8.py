"""Task 41.7: weights as 8-bit integers, with a scale for each column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array, refuse_none
from course_utils.exercises.theirs import shorten


def _draw(seed: int, *shape: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    columns: np.ndarray = 10.0 ** draw.integers(-3, 2, shape[1])
    return np.asarray((draw.normal(size=shape) * columns).round(6))


_CASES: list[Case] = [
    (np.array([[1.0, 0.02], [-0.5, 0.01]]),),
    (np.array([[0.5], [-2.0], [1.0]]),),
    (np.array([[0.0, 1.0], [0.0, -4.0]]),),
    (np.array([[-3.0]]),),
    (np.array([[127.0, 254.0], [2.5, 5.0], [3.5, -7.0]]),),
    # A column of tiny weights is no column of zeros.
    (np.array([[1e-9, 1.0], [5e-10, -0.25]]),),
    (_draw(411, 6, 3),),
    (_draw(412, 40, 8),),
    (_draw(413, 2, 9),),
]


def _with(scales: Any, weights: Any, rounds: Callable[..., Any] = np.rint) -> Any:
    q = rounds(np.asarray(weights, float) / scales)
    return np.asarray(q), np.broadcast_to(scales, np.shape(weights)[1:]).astype(float)


def right_int8(weights: Any) -> Any:
    greatest = np.abs(weights).max(0)
    return _with(np.where(greatest > 0, greatest, 127.0) / 127, weights)


def _whole(weights: Any) -> Any:
    return _with(max(float(np.abs(weights).max()), 1e-300) / 127, weights)


def _of_128(weights: Any) -> Any:
    greatest = np.abs(weights).max(0)
    q, scales = _with(np.where(greatest > 0, greatest, 128.0) / 128, weights)
    return (q + 128) % 256 - 128, scales


def _no_negative(weights: Any) -> Any:
    greatest = np.max(weights, 0)
    scales = np.where(greatest > 0, greatest, 127.0) / 127
    q, scales = _with(scales, weights)
    return (q + 128) % 256 - 128, scales


def _no_absolute(weights: Any) -> Any:
    greatest = np.max(weights, 0)
    q, scales = _with(np.where(greatest == 0, 127.0, greatest) / 127, weights)
    return (q + 128) % 256 - 128, scales


def _tiny_is_zero(weights: Any) -> Any:
    greatest = np.abs(weights).max(0)
    return _with(np.where(greatest > 1e-8, greatest, 127.0) / 127, weights)


def _standard(weights: Any) -> Any:
    spread = np.std(weights, 0)
    q, scales = _with(np.where(spread > 0, 3 * spread, 127.0) / 127, weights)
    return np.clip(q, -127, 127), scales


def _inverse(weights: Any) -> Any:
    q, scales = right_int8(weights)
    return q, 1 / scales


def _zero_scale(weights: Any) -> Any:
    q, scales = right_int8(weights)
    return q, np.where(np.abs(weights).max(0) > 0, scales, 0.0)


MISTAKES: dict[str, Callable[..., Any]] = {
    "one scale serves the whole matrix: a column of small weights becomes 0": _whole,
    "the decimals are cut off, not rounded": lambda w: _with(right_int8(w)[1], w, np.trunc),
    "halves are rounded up, not to the even number": lambda w: _with(
        right_int8(w)[1], w, lambda x: np.floor(x + 0.5)
    ),
    "the greatest is divided by 128, and 128 wraps round to -128": _of_128,
    "the scale is taken from the greatest weight, not from the greatest size": _no_negative,
    "the largest number gives the scale, not the largest absolute value": _no_absolute,
    "a column of tiny weights is treated as a column of zeros, as np.isclose does: ask top > 0": (
        _tiny_is_zero
    ),
    "the scale is three standard deviations, and what is beyond is cut": _standard,
    "the scale's inverse is returned: q times the scale must give the weight back": _inverse,
    "a column of zeros gets the scale 0; the text asks for 1": _zero_scale,
}


def check_int8(answer: Any) -> None:
    compare(
        leaving(answer, ("weights",), _told),
        _CASES,
        lambda weights: _joined(right_int8(weights)),
        _read,
        _told,
        {why: lambda w, f=wrong: _joined(f(w)) for why, wrong in MISTAKES.items()},
        _place,
    )


def _joined(pair: Any) -> np.ndarray:
    """The integers, and the scales as one more row."""
    return np.vstack([np.asarray(pair[0], float), pair[1]])


def _place(case: Case, at: tuple[Any, ...]) -> str:
    row, column = at
    if row == len(case[0]):
        return f"{_told(case)}: the scale of column {column}"
    return f"{_told(case)}: the integer at row {row}, column {column}"


def _told(case: Case) -> str:
    if case[0].size > 12:
        return f"quantise of {case[0].shape[0]} x {case[0].shape[1]} weights"
    return call_of("quantise", case)


def _read(got: Any, case: Case) -> np.ndarray:
    told = _told(case)
    refuse_none(got, told, "a pair")
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        reject(f"{told} must be (integers, scales), got {shorten(got)}.")
    if getattr(got[0], "dtype", None) != np.int8:
        kind = getattr(got[0], "dtype", type(got[0]).__name__)
        reject(f"{told}: the integers must be an array of np.int8, got {kind}.")
    q = as_array(got[0], f"{told}: the integers", case[0].shape)
    return _joined((q, as_array(got[1], f"{told}: the scales", case[0].shape[1:])))


TASK = Task(
    id="41.7",
    prompt="Return the weights as 8-bit integers and a scale for each column.",
    check_answer=check_int8,
    hints=(
        "The greatest size in a column becomes 127 or -127; all else goes in proportion.",
        "scale = greatest size / 127; q = np.rint(weights / scale). Mind a column of zeros.",
        "top = np.abs(weights).max(axis=0); scales = np.where(top > 0, top / 127, 1.0); "
        "return np.rint(weights / scales).astype(np.int8), scales.",
    ),
    insight="A quarter of the bytes. One scale a column costs 4 bytes and saves the small columns.",
)
