"""Task 52.4: one shape for long and short pasts, and a mask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l52.shared import compare_named, shown_by
from course_utils.exercises.reading import as_array, as_list

CASES: list[Case] = [
    ([[3, 4], [5, 6, 7, 8]], 3),
    ([[2], [], [9, 9]], 2),
    ([[1, 2, 3]], 3),
    ([], 2),
    ([[7]], 4),
    ([list(range(2, 40)), [5]], 5),
    ([[4, 4, 4], [8, 3]], 1),
    ([(6, 2), [11]], 3),
    # 0 is a code too: the mask cannot be read off the codes.
    ([[0, 5], [3, 0], [0]], 3),
    ([[70_000, 2], [300]], 2),
]

Padded = tuple[np.ndarray, np.ndarray]


def padded(
    right: bool = True,
    keep: Callable[[list[int], int], list[int]] = lambda one, steps: list(one)[-steps:],
    mask: Callable[[np.ndarray, np.ndarray], np.ndarray] = lambda codes, there: there,
) -> Callable[[list[Any], int], Padded]:
    """Padding, or what becomes of it by one slip."""

    def pad(pasts: list[Any], steps: int) -> Padded:
        codes = np.zeros((len(pasts), steps))
        there = np.zeros((len(pasts), steps))
        for row, past in enumerate(pasts):
            kept = keep(past, steps)
            if kept:
                at = slice(0, len(kept)) if right else slice(steps - len(kept), steps)
                codes[row, at], there[row, at] = kept, 1.0
        return codes, mask(codes, there)

    return pad


right_pad = padded()
all_ones = padded(mask=lambda codes, there: np.ones_like(there))
on_the_left = padded(right=False)
earliest = padded(keep=lambda one, steps: list(one)[:steps])
inverted = padded(mask=lambda codes, there: 1.0 - there)
from_codes = padded(mask=lambda codes, there: (codes != 0).astype(float))
reversed_steps = padded(keep=lambda one, steps: list(one)[-steps:][::-1])
last_only = padded(
    mask=lambda codes, there: there * (there.cumsum(axis=1) == there.sum(axis=1)[:, None])
)

MISTAKES = {
    "the mask is 1 everywhere: padding is read as a step": all_ones,
    "the padding stands on the left; put it on the right": on_the_left,
    "of a long past the earliest steps are kept; keep the latest": earliest,
    "the mask is turned round: 1 where there is a step": inverted,
    "the mask is read off the codes, and a step whose code is 0 is lost": from_codes,
    "the newest step stands first; the oldest must": reversed_steps,
    "the mask is 1 at the last step alone": last_only,
}

_shown = shown_by("pad")


def check_pad(answer: Any) -> None:
    compare_named(
        answer,
        CASES,
        right_pad,
        _read,
        _shown,
        MISTAKES,
        {"the mask is 1 everywhere": "E72"},
    )


def _read(value: Any, case: Case) -> Padded:
    if isinstance(value, np.ndarray) and value.ndim == 2:
        reject(
            f"{_shown(case)} must be two arrays, codes and mask; got one of shape {value.shape}. "
            "Without a mask the network reads the padding.",
            "E72",
        )
    stacked = isinstance(value, np.ndarray) and value.ndim == 3  # np.array([codes, mask])
    both = [*value] if stacked else as_list(value, f"{_shown(case)}: the result")
    if len(both) != 2:
        reject(f"{_shown(case)} must be two arrays, codes and mask; got {len(both)}.")
    shape = (len(case[0]), case[1])
    codes = as_array(both[0], f"{_shown(case)}: the codes", shape)
    mask = both[1]
    if np.asarray(mask).dtype == bool:
        mask = np.asarray(mask).astype(float)
    return codes, as_array(mask, f"{_shown(case)}: the mask", shape)


TASK = Task(
    id="52.4",
    prompt="Return codes and mask, both (n, steps), padding on the right.",
    check_answer=check_pad,
    hints=(
        "Make two arrays of zeros, then fill the first places of each row.",
        "kept = past[-steps:]; the row's first len(kept) places get the codes, and 1 in the mask.",
        "codes[row, :len(kept)] = kept; mask[row, :len(kept)] = 1",
    ),
    insight="A zero is a number. Only the mask says that nothing happened there.",
    errata={"E72": "pasts of different length in one array, without a mask"},
)
