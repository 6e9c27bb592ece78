"""Task 41.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

from answers import Proof, Wrong
from course_utils.exercises.l41.budgets import RIGHT

TIME, HEADS, SHARED, PRIORITY, PARALLEL = 8, 9, 10, 11, 12


def _with(sentence: int, letter: Any) -> dict[int, Any]:
    return {**RIGHT, sentence: letter}


PROOF = Proof(
    task="41.1",
    right=[
        dict(reversed(RIGHT.items())),
        dict(zip(map(str, RIGHT), "ggdccssnnnnn", strict=True)),
    ],
    wrong=[
        Wrong(_with(TIME, "S"), "for all alike", "E26", silent=True),
        Wrong(_with(HEADS, "S"), "a small part of it", "E27", silent=True),
        Wrong(_with(HEADS, "G"), "gives all heads", "E27", silent=True),
        Wrong(_with(SHARED, "C"), "is what was asked", "E28", silent=True),
        Wrong(_with(PRIORITY, "G"), "By which mechanism", "E29", silent=True),
        Wrong(_with(PARALLEL, "S"), "The same gradient comes out", "E30", silent=True),
        Wrong(_with(6, "C"), "Training is over", silent=True),
        Wrong(
            _with(3, "G"),
            "which rows a step sees",
            silent=True,
        ),
        Wrong(
            _with(2, "C"),
            "its pull on the trunk",
            silent=True,
        ),
        Wrong(_with(5, "D"), "Units of the network", silent=True),
        Wrong(_with(PARALLEL, 4), "one letter of G, D, C, S, N"),
        Wrong({**RIGHT, 13: "N"}, "no number of a sentence"),
        Wrong(dict(list(RIGHT.items())[:3]), "no entry for 4, 'the purchase gets two experts"),
        Wrong("GGDCCSSNNNNN", "Expected a dictionary"),
    ],
)
