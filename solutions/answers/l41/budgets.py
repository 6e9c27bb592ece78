"""Task 41.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

from answers import Proof, Wrong
from course_utils.exercises.l41.budgets import RIGHT

TIME = "a scheduler gives the more important task more CPU time"
HEADS = "each head gets its share by its execution time"
SHARED = "the resources are assigned to several related tasks"
PRIORITY = "the purchase has priority"
PARALLEL = "the work is cut into parts that run in parallel"


def _with(sentence: str, letter: Any) -> dict[str, Any]:
    return {**RIGHT, sentence: letter}


PROOF = Proof(
    task="41.1",
    right=[
        dict(sorted(RIGHT.items())),
        dict(zip(RIGHT, "ggdccssnnnnn", strict=True)),
    ],
    wrong=[
        Wrong(_with(TIME, "S"), "for all alike", "E26", silent=True),
        Wrong(_with(HEADS, "S"), "a thousandth of it", "E27", silent=True),
        Wrong(_with(HEADS, "G"), "computes all heads", "E27", silent=True),
        Wrong(_with(SHARED, "C"), "is what was asked", "E28", silent=True),
        Wrong(_with(PRIORITY, "G"), "By which mechanism", "E29", silent=True),
        Wrong(_with(PARALLEL, "S"), "The same gradient comes out", "E30", silent=True),
        Wrong(_with("weights are served as 8-bit integers", "C"), "Training is over", silent=True),
        Wrong(
            _with("scenarios are drawn in proportion to the root of their rows", "G"),
            "which rows a step sees",
            silent=True,
        ),
        Wrong(
            _with("no gradient flows from the return's head into the trunk", "C"),
            "its pull on the trunk",
            silent=True,
        ),
        Wrong(_with("user ids get 32 numbers, cities 4", "D"), "Units of the network", silent=True),
        Wrong(_with(PARALLEL, 4), "one letter of G, D, C, S, N"),
        Wrong({**RIGHT, "threads": "N"}, "none of the sentences"),
        Wrong(dict(list(RIGHT.items())[:3]), "no entry for 'the purchase gets two experts"),
        Wrong("GGDCCSSNNNNN", "Expected a dictionary"),
    ],
)
