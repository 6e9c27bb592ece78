"""Task 52.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l52.pad import (
    all_ones,
    earliest,
    from_codes,
    inverted,
    last_only,
    on_the_left,
    padded,
    reversed_steps,
    right_pad,
)


def _with_lists(pasts: Any, steps: int) -> Any:
    kept = [list(one)[-steps:] for one in pasts]
    codes = [one + [0] * (steps - len(one)) for one in kept]
    mask = [[1] * len(one) + [0] * (steps - len(one)) for one in kept]
    shape = (len(pasts), steps)
    return np.array(codes).reshape(shape), np.array(mask, dtype=bool).reshape(shape)


def _by_lengths(pasts: Any, steps: int) -> Any:
    n = np.array([min(len(one), steps) for one in pasts], dtype=int)
    mask = np.arange(steps) < n[:, None]
    codes = np.zeros(mask.shape, dtype=int)
    codes[mask] = [code for one in pasts for code in list(one)[-steps:]]
    return [codes, mask.astype(float)]


def _codes_alone(pasts: Any, steps: int) -> Any:
    return right_pad(pasts, steps)[0]


def _small_codes(pasts: Any, steps: int) -> Any:
    """Codes beyond 255 wrap round."""
    codes, mask = right_pad(pasts, steps)
    return codes.astype(int).astype(np.uint8), mask


PROOF = Proof(
    task="52.4",
    right=[_with_lists, _by_lengths],
    wrong=[
        Wrong(all_ones, "padding is read as a step", "E72", silent=True),
        Wrong(_codes_alone, "got one of shape (2, 3)", "E72", silent=True),
        Wrong(on_the_left, "on the left", silent=True),
        Wrong(earliest, "earliest steps are kept", silent=True),
        Wrong(inverted, "turned round", silent=True),
        Wrong(from_codes, "whose code is 0 is lost", silent=True),
        Wrong(reversed_steps, "newest step stands first", silent=True),
        Wrong(last_only, "at the last step alone", silent=True),
        Wrong(_small_codes, "it must be 70000, got 112", silent=True),
        Wrong(
            padded(keep=lambda one, steps: sorted(one)[-steps:]),
            "pad([[4, 4, 4], [8, 3]]",
            silent=True,
        ),
        Wrong(
            lambda pasts, steps: right_pad(pasts, steps)[::-1],
            "column 0 it must be 3, got 1",
            silent=True,
        ),
    ],
)
