"""Task 41.9: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

from answers import Proof, Wrong
from course_utils.exercises.l41.budget import COLUMNS, FITS, RIGHT, SLIPS, UNITS

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
        {**{way: [round(one, 0) for one in pair] for way, pair in RIGHT.items()}, "fits": FITS}
        | {"a small one first": (34.5, 790)},
    ],
    wrong=[
        *[
            Wrong(_with(way, column, number), why, silent=True)
            for (way, column), slips in SLIPS.items()
            for number, why in slips
        ],
        *[
            Wrong(_with("a small one first", column, of * RIGHT["a small one first"][column]), why)
            for column, units in enumerate(UNITS)
            for of, why in units
        ],
        Wrong({**FULL, "four models": RIGHT["four models"][::-1]}, "the pair is turned round"),
        Wrong(_with("four models", 0, 1.0), f"{COLUMNS[0]}, got 1. That is not it", silent=True),
        Wrong(_with("four models", 1, 7.0), "`cost` of task 41.6", silent=True),
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
