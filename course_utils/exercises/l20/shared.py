"""Lesson 20: what its checks share."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.asking import AnswerRaised, NotAttempted, Rejected

TOLERANCE = 1e-6
Runs = Sequence[tuple[tuple[Any, ...], Any]]
"""Arguments of a call, and what the answer gave for them."""


def runs_of(cases: Iterable[tuple[Any, ...]], read: Callable[..., Any]) -> Runs:
    """What the answer gives for each case that it can read; the others are left out."""
    runs = []
    for case in cases:
        try:
            with warnings.catch_warnings():  # the learner saw them when the case came up
                warnings.simplefilter("ignore")
                runs.append((case, read(*case)))
        except (AnswerRaised, NotAttempted, Rejected):
            continue
    return runs


def close(got: Any, want: Any) -> bool:
    return np.shape(got) == np.shape(want) and bool(np.allclose(got, want, rtol=0, atol=TOLERANCE))


def why_wrong(
    runs: Runs, right: Callable[..., Any], known: Mapping[str, Callable[..., Any]]
) -> str:
    """The known mistake that gives the answer's numbers in every run, if there is one.

    A mistake that has no number for a run (nan) is not judged by it, unless it is the first
    wrong run: the one that the message shows.
    """
    rounded = {
        f"the result is rounded to {digits} decimals: do not round": (
            lambda *case, digits=digits: np.round(right(*case), digits)
        )
        for digits in range(1, 6)
    }
    shown = next((n for n, (case, got) in enumerate(runs) if not close(got, right(*case))), None)
    if shown is None:
        return ""
    for mistake, gives in {**known, **rounded}.items():
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = [np.asarray(gives(*case), dtype=float) for case, _ in runs]
        fits = [
            close(got, value) or not np.isfinite(value).all()
            for (_, got), value in zip(runs, values, strict=True)
        ]
        if all(fits) and np.isfinite(values[shown]).all():
            return f" It looks as if {mistake}."
    return ""


def as_texts(want: Sequence[float], got: Sequence[float]) -> tuple[list[str], list[str], str]:
    """Numbers with as many decimals as it takes to see that they differ, and a word on it."""
    for digits in (4, 6, 8, 12):
        texts = [[f"{value:.{digits}f}" for value in values] for values in (want, got)]
        if texts[0] != texts[1]:
            break
    advice = f" The check compares to {TOLERANCE}: do not round, also not on the way."
    return texts[0], texts[1], advice if digits > 4 else ""


def _code(value: Any) -> str:
    """A value as the code that makes it."""
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_code(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return f"({', '.join(map(_code, value))})"
    if isinstance(value, list):
        return f"[{', '.join(map(_code, value))}]"
    return repr(value)


def lines(**values: Any) -> str:
    return "\n".join(f"    {name} = {_code(value)}" for name, value in values.items())
