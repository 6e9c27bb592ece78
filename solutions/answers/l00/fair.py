"""Task 00.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from answers import Proof, Wrong
from course_utils.exercises.l00.fair import RIGHT, WHY, WORDS

PROOF = Proof(
    task="00.5",
    right=[
        dict(reversed(RIGHT.items())),
        {key.lower(): f" {word.title()} " for key, word in RIGHT.items()},
        {**RIGHT, "D": "regularization"},
    ],
    wrong=[
        *[
            Wrong({**RIGHT, where: word}, f"Report {where}: not {word}. {WHY[where]}", silent=True)
            for where in RIGHT
            for word in WORDS
            if word != RIGHT[where]
        ],
        Wrong(list(RIGHT.values()), "Expected a dictionary"),
        Wrong({"A": "information"}, "The keys must be"),
        Wrong({**RIGHT, "D": "overfitting"}, "'D' needs one of"),
        Wrong({**RIGHT, "A": 1}, "'A' needs one of"),
        Wrong(None, "a dictionary"),
    ],
)
