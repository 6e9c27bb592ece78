"""Task 24.7: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from answers import Proof, Wrong
from course_utils.exercises.l24.choice import RIGHT, WHY, WORDS

PROOF = Proof(
    task="24.7",
    right=[
        dict(reversed(RIGHT.items())),
        {key.lower(): f" {word.title()} " for key, word in RIGHT.items()},
    ],
    wrong=[
        *[
            Wrong(
                {**RIGHT, where: word},
                f"{where}: not {WORDS[word]}. {WHY[where, word]}",
                silent=True,
            )
            for where, word in WHY
        ],
        Wrong(list(RIGHT.values()), "Expected a dictionary"),
        Wrong({"A": "mmoe"}, "The keys must be"),
        Wrong({**RIGHT, "D": "DCN"}, "'D' needs one of"),
        Wrong({**RIGHT, "A": 1}, "'A' needs one of"),
    ],
)
