"""What an answer returned, as plain numbers, arrays and lists; what is none of them is rejected."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

from course_utils.exercises.asking import GotNone, reject
from course_utils.exercises.theirs import shorten


def refuse_none(value: Any, what: str, kind: str) -> None:
    """Reject None where it is not legal: ``what`` must be ``kind``."""
    if value is None:
        raise GotNone(f"{what} must be {kind}, got None.")


def as_number(value: Any, what: str, infinite: bool = False) -> float:
    """A finite number, else reject.

    Args:
        value: an int, float, Fraction, Decimal, NumPy scalar, or an array or list of one of them.
        what: how the message calls it.
        infinite: whether it may be infinity too; it may never be nan.
    """
    refuse_none(value, what, "one number")
    array = _numeric(value)
    if array is None or array.size != 1:
        reject(f"{what} must be one number, got {shorten(value)}.")
    number = float(array.reshape(()))
    if not np.isfinite(number) and not (infinite and np.isinf(number)):
        reject(f"{what} must be a finite number, got {number}.")
    return number


def as_number_or_none(value: Any, what: str, none: bool) -> float | None:
    """A finite number or None, else reject.

    Args:
        value: what ``as_number`` takes, or None.
        what: how the message calls it.
        none: whether None is right: nan and infinity are told so.
    """
    if value is None:
        return None
    array = _numeric(value)
    if none and array is not None and array.size == 1 and not np.isfinite(array).all():
        reject(f"{what} must be None, got {array.item()}.")
    return as_number(value, what)


def as_array(
    value: Any, what: str, shape: tuple[int, ...] | None = None, infinite: bool = False
) -> np.ndarray:
    """A float array from lists, arrays or a Series, else reject.

    Args:
        value: numbers of any kind that ``as_number`` takes.
        what: how the message calls it.
        shape: the shape it must have.
        infinite: whether it may hold infinity; it may never hold nan.
    """
    refuse_none(value, what, "an array")
    array = _numeric(value)
    if array is None:
        reject(f"{what} must be an array of numbers, got {shorten(value)}.")
    if shape is not None and array.shape != shape:
        reject(f"{what} must have shape {shape}, got shape {array.shape}.")
    if np.isnan(array).any():
        reject(f"{what} must not hold nan: it comes from 0 / 0, inf / inf or inf - inf.")
    if not infinite and np.isinf(array).any():
        reject(f"{what} must hold finite numbers only; it holds infinity.")
    return array


def as_list(value: Any, what: str) -> list[Any]:
    """A plain list from a list, a tuple, a one-dimensional array, an Index or a Series."""
    refuse_none(value, what, "a list")
    if hasattr(value, "tolist") and getattr(value, "ndim", 0) == 1:
        return list(value.tolist())
    if isinstance(value, (list, tuple)):
        return list(value)
    reject(f"{what} must be a list, got {shorten(value)}.")


def pair_of(value: Any, call: str, parts: str) -> tuple[Any, Any]:
    """The two parts of a result, else reject; ``parts`` says which, as in "a pair (ran, kept)"."""
    refuse_none(value, call, parts)
    if not has_parts(value, 2):
        reject(f"{call} must return {parts}, got {shorten(value)}.")
    return value[0], value[1]


def has_parts(value: Any, n: int) -> bool:
    """Whether a value is a tuple, a list or an array of so many parts."""
    array = isinstance(value, np.ndarray) and value.ndim > 0
    return (array or isinstance(value, (tuple, list))) and len(value) == n


def among(value: Any, options: Iterable[Any]) -> bool:
    """Whether a value is one of these texts, numbers or keys; an array or a list is none."""
    try:
        return value in set(options)
    except TypeError:
        return False


def is_whole(value: Any) -> bool:
    """Whether a value is one whole number that 64 bits hold, of any type but a truth value."""
    number = isinstance(value, Real) and not isinstance(value, bool)
    return number and -(2**63) <= value < 2**63 and math.floor(value) == value


def holds_nan(value: Any) -> bool:
    """Whether a value is nan, or an array or a list of numbers with nan in it."""
    array = _numeric(value)
    return array is not None and bool(np.isnan(array).any())


def _numeric(value: Any) -> np.ndarray | None:
    """A float array of what holds real numbers; None for all else."""
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O":  # Fraction, Decimal, integers above 64 bits
            real = all(
                isinstance(one, (Real, Decimal)) and not isinstance(one, bool) for one in array.flat
            )
            return array.astype(float) if real and array.size else None
        return array.astype(float) if array.dtype.kind in "iuf" else None
    except Exception:  # ragged lists, or a learner's own __array__
        return None
