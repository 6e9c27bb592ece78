"""Lesson 13: comparing numbers, and naming the mistake that explains all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject

Numbers = Sequence[float] | np.ndarray


def same(one: Any, other: Any) -> bool:
    return np.shape(one) == np.shape(other) and bool(np.allclose(one, other, rtol=1e-9, atol=1e-6))


def apart(want: float, got: float) -> tuple[str, str]:
    """Both as text, with as many digits as it takes to see that they differ."""
    for digits in range(3, 12):
        texts = f"{want:.{digits}f}", f"{got:.{digits}f}"
        if texts[0] != texts[1]:
            return texts
    return repr(want), repr(got)


def require_same(
    cases: Sequence[tuple[Any, ...]],
    got: Sequence[Numbers],
    right: Callable[..., Numbers],
    mistakes: Mapping[str, Callable[..., Numbers]],
    said: Callable[[tuple[Any, ...], int], str],
) -> None:
    """Reject numbers that are not those of ``right``, with the mistake that gives them.

    Args:
        cases: arguments of each call.
        got: the answer's numbers for each call, as many as ``right`` gives.
        right: gives the numbers that are wanted.
        mistakes: what went wrong, in a sentence -> what it gives for a case; a case for which a
            mistake has no number (nan) is not judged by it, unless it is the one shown.
        said: a case and the place of a number in it, as the begin of a sentence.
    """
    want = [np.asarray(right(*case), float) for case in cases]
    have = [np.asarray(one, float) for one in got]
    wrong = [at for at in range(len(cases)) if not same(want[at], have[at])]
    if not wrong:
        return
    at = wrong[0]
    place = int(np.abs(want[at] - have[at]).argmax())
    texts = apart(float(want[at][place]), float(have[at][place]))
    message = f"{said(cases[at], place)} must be {texts[0]}, got {texts[1]}."
    for digits in range(6):
        if all(same(np.round(w, digits), g) for w, g in zip(want, have, strict=True)):
            reject(f"{message} Do not round.")
    for why, gives in mistakes.items():
        with np.errstate(all="ignore"):
            values = [np.asarray(gives(*case), float) for case in cases]
        fits = [
            same(value, one) or not np.isfinite(value).all()
            for value, one in zip(values, have, strict=True)
        ]
        if all(fits) and np.isfinite(values[at]).all():
            reject(f"{message} {why}")
    reject(message)
