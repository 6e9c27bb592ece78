"""Task 14.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l14.mix import MIX_MISTAKES, Counts, mix_and_rate, parts_of


def _mix_arrays(before: Counts, after: Counts) -> Any:
    names = sorted({*before, *after})
    table = np.array(
        [[side.get(name, (0, 0)) for name in names] for side in (before, after)], float
    )
    share = table[:, :, 0] / table[:, :, 0].sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        ctr = table[:, :, 1] / table[:, :, 0]
    ctr = np.nan_to_num(np.where(np.isnan(ctr), ctr[::-1], ctr))
    (share0, share1), (ctr0, ctr1) = share, ctr
    return (share1 - share0) @ (ctr0 + ctr1) / 2, (ctr1 - ctr0) @ (share0 + share1) / 2


def _mix_by_difference(before: Counts, after: Counts) -> Any:
    def total(side: Counts) -> float:
        return sum(c for _, c in side.values()) / sum(n for n, _ in side.values())

    rate = sum((s0 + s1) * (r1 - r0) for s0, s1, r0, r1 in parts_of(before, after)) / 2
    return [total(after) - total(before) - rate, rate]


def _in_16_bits(before: Counts, after: Counts) -> Any:
    sides = (
        {name: tuple(np.array(pair).astype(np.uint16).tolist()) for name, pair in side.items()}
        for side in (before, after)
    )
    return mix_and_rate(*sides)


def _one_scenario(before: Counts, after: Counts) -> Any:
    """Where no scenario stands on both sides, nothing is compared."""
    return mix_and_rate(before, after) if {*before} & {*after} else (0.0, 0.0)


PROOF = Proof(
    task="14.3",
    right=[_mix_arrays, _mix_by_difference, mix_and_rate],
    wrong=[
        *silent(MIX_MISTAKES),
        Wrong(lambda *sides: mix_and_rate(*sides)[1], "must have shape (2,)"),
        Wrong(
            lambda *sides: (mix_and_rate(*sides)[0], 0.0),
            "rate must be 0.0130, got 0.",
            silent=True,
        ),
        Wrong(_in_16_bits, "(3000000, 210007), 's'", silent=True),
        Wrong(
            lambda *sides: np.round(mix_and_rate(*sides), 6),
            "You rounded to 6 decimals",
            silent=True,
        ),
        Wrong(_one_scenario, "{'search': (300, 41)}): mix must be", silent=True),
    ],
)
