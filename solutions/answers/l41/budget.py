"""Task 41.9: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

from answers import Proof, Wrong
from course_utils.exercises.l41.budget import COLUMNS, FITS, RIGHT, SLIPS

FULL: dict[str, Any] = {**RIGHT, "fits": FITS}


def _with(way: str, column: int, number: float) -> dict[str, Any]:
    pair = list(RIGHT[way])
    pair[column] = number
    return {**FULL, way: pair}


PROOF = Proof(
    task="41.9",
    right=[
        {**{way: [round(one, 1) for one in pair] for way, pair in RIGHT.items()}, "fits": FITS},
        {"fits": tuple(FITS), **dict(reversed(RIGHT.items()))},
    ],
    wrong=[
        *[
            Wrong(_with(way, column, number), why, silent=True)
            for (way, column), slips in SLIPS.items()
            for number, why in slips
        ],
        Wrong(_with("four models", 0, 1.0), f"{COLUMNS[0]}, got 1. That is not it", silent=True),
        Wrong({**FULL, "fits": list(RIGHT)}, "'fits': got list ['four models'", silent=True),
        Wrong(
            {**FULL, "fits": [*FITS, "the same, weights of one byte"]},
            "**both** numbers",
            silent=True,
        ),
        Wrong({**RIGHT}, "no entry for 'fits'"),
        Wrong({**FULL, "eight models": (1, 2)}, "no row of the table"),
        Wrong({"fits": FITS}, "no entry for 'four models'"),
        Wrong([1, 2], "Expected a dictionary"),
    ],
)
