"""When two results are the same: one rule for all checks.

**The tolerance.** A number is right if ``|got - want| <= 1e-9 + 1e-6 * |want|``. A 32-bit float
keeps 7 digits and a sum of a hundred of them 6, so what was computed in 32 bits passes. What was
rounded to six decimals or cut off at 1e-7 fails wherever ``want`` is small: a check of numbers
between 0 and 1 needs an input whose result is below 0.1. The 1e-9 is for a ``want`` of 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

RELATIVE = 1e-6
ABSOLUTE = 1e-9


def same(got: Any, want: Any) -> bool:
    """Equal; numbers within the tolerance, also inside arrays, lists, tuples and dictionaries."""
    mine, true = floats(got), floats(want)
    if mine is not None and true is not None:
        return mine.shape == true.shape and bool(
            np.allclose(mine, true, rtol=RELATIVE, atol=ABSOLUTE)
        )
    if isinstance(want, Mapping):
        return (
            isinstance(got, Mapping)
            and set(got) == set(want)
            and all(same(got[key], want[key]) for key in want)
        )
    if isinstance(want, (list, tuple)) and isinstance(got, (list, tuple)):
        return len(got) == len(want) and all(map(same, got, want))
    return bool(np.all(got == want))


def first_difference(got: Any, want: Any, inside: bool = False) -> tuple[Any, ...]:
    """Index or key of the first number that differs, ``inside`` a part of a tuple too; or ()."""
    if isinstance(want, Mapping) and isinstance(got, Mapping) and set(got) == set(want):
        return (next(key for key in want if not same(got[key], want[key])),)
    mine, true = floats(got), floats(want)
    if mine is None or true is None or mine.shape != true.shape or true.ndim == 0:
        if inside and isinstance(want, tuple) and isinstance(got, tuple) and len(got) == len(want):
            at = next(at for at in range(len(want)) if not same(got[at], want[at]))
            return at, *first_difference(got[at], want[at])
        return ()
    differs = ~np.isclose(mine, true, rtol=RELATIVE, atol=ABSOLUTE)
    return tuple(int(one) for one in np.argwhere(differs)[0])


def unchanged(before: Any, after: Any) -> bool:
    """Equal to the last bit, in the same order, of the same types.

    Tables, arrays, lists, tuples, sets, dicts, text and numbers; of anything else True.
    """
    if type(before) is not type(after):
        return False
    try:
        if isinstance(before, (pd.DataFrame, pd.Series)):
            return before.equals(after)
        if isinstance(before, np.ndarray):
            alike = before.shape == after.shape and before.dtype == after.dtype
            if before.dtype == object:
                return alike and unchanged(list(before.flat), list(after.flat))
            return alike and before.tobytes() == after.tobytes()
        if isinstance(before, dict):
            return unchanged(list(before.items()), list(after.items()))
        if isinstance(before, (list, tuple)):
            return len(before) == len(after) and all(map(unchanged, before, after))
        if isinstance(before, (set, frozenset, str, int, float, np.generic)):
            return bool(before == after or (before != before and after != after))
    except Exception:  # a learner's own object may raise anything when it is compared
        return True
    return True


def apart(want: float, got: float) -> tuple[str, str]:
    """Both as text: a whole number whole, others with as many digits as tell them apart."""
    long = any(1e9 <= abs(one) < np.inf for one in (want, got))  # 1e+300, not 301 digits
    for digits in range(4, 13):
        kind = f"z.{digits}g" if long else f"z.{digits}f"  # z: no -0.0000
        texts = f"{want:{kind}}", f"{got:{kind}}"
        if texts[0] != texts[1]:
            break
    else:
        texts = repr(want), repr(got)
    return _whole(want) or texts[0], _whole(got) or texts[1]


def _whole(number: float) -> str:
    """A whole number as text, nothing for others and for huge ones."""
    return str(int(number)) if abs(number) < 1e9 and number == round(number) else ""


def rounded_to(gots: Sequence[Any], wants: Sequence[Any]) -> int | None:
    """To how many decimals, 0 to 8, all results are rounded; None if they are not."""
    pairs = _with_numbers(gots, wants)
    for digits in range(9):
        if pairs and all(
            len(mine) == len(true) and np.allclose(mine, true.round(digits), rtol=1e-12, atol=1e-12)
            for mine, true in pairs
        ):
            return digits
    return None


def near(gots: Sequence[Any], wants: Sequence[Any]) -> bool:
    """Whether all numbers of all results agree to a thousandth, and there are some."""
    pairs = _with_numbers(gots, wants)
    return bool(pairs) and all(
        len(mine) == len(true) and np.allclose(mine, true, rtol=1e-3, atol=1e-6)
        for mine, true in pairs
    )


def _with_numbers(gots: Sequence[Any], wants: Sequence[Any]) -> list[tuple[np.ndarray, np.ndarray]]:
    """The numbers of each result; a pair without any, such as two empty results, says nothing.

    None at all where something else differs, such as a None in the place of a number.
    """
    pairs = []
    for got, want in zip(gots, wants, strict=True):
        (mine, other), (true, wanted) = _numbers_and_rest(got), _numbers_and_rest(want)
        if other != wanted:
            return []
        if len(mine) or len(true):
            pairs.append((mine, true))
    return pairs


def _numbers_and_rest(value: Any) -> tuple[np.ndarray, dict[int, str]]:
    """All numbers in a result, in one row; place -> text of what is none."""
    leaves = list(_leaves(value))
    rest = {at: leaf for at, leaf in enumerate(leaves) if isinstance(leaf, str)}
    return np.array([leaf for leaf in leaves if not isinstance(leaf, str)], float), rest


def _leaves(value: Any) -> Iterator[float | str]:
    """What a result holds, from left to right: numbers, and the text of all else."""
    array = floats(value)
    if array is not None:
        yield from array.ravel().tolist()
    elif isinstance(value, Mapping):
        yield from _leaves(_by_key(value))
    elif isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim):
        for one in value:
            yield from _leaves(one)
    else:
        yield str(value)


def floats(value: Any) -> np.ndarray | None:
    """A float array of numbers and truth values; None for all else."""
    try:
        array = np.asarray(value)
    except ValueError:  # ragged lists
        return None
    return array.astype(float) if array.dtype.kind in "biuf" else None


def numbers(value: Any) -> np.ndarray:
    """All numbers in a result, in one row; none where it holds anything else."""
    array = floats(_by_key(value) if isinstance(value, Mapping) else value)
    return np.empty(0) if array is None else array.ravel()


def _by_key(value: Mapping[Any, Any]) -> list[Any]:
    """The values of a dictionary, in the order of its keys."""
    return [value[key] for key in sorted(value, key=repr)]
