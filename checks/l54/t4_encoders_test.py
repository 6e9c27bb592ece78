"""Task 54.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from checks.l54.t4_encoders import RIGHT
from checks.proof import Proof, Wrong

PROOF = Proof(
    task="54.4",
    right=[
        dict(reversed(RIGHT.items())),
        dict(zip(map(str, RIGHT), "bfRpn", strict=True)),
    ],
    wrong=[
        Wrong(RIGHT | {1: "R"}, "one visit alone", silent=True),
        Wrong(RIGHT | {2: "R"}, "an earlier state moves", "E74", silent=True),
        Wrong(RIGHT | {3: "N"}, "passes all four", silent=True),
        Wrong(RIGHT | {4: "R"}, "two padded steps", "E72", silent=True),
        Wrong(RIGHT | {5: "P"}, "is not one that lets padding count", "E71", silent=True),
        Wrong(RIGHT | {5: "R"}, "no later state moves", "E71", silent=True),
        Wrong(RIGHT | {5: "X"}, "one letter of R, B, F, P, N"),
        Wrong({**RIGHT, 6: "R"}, "no number of an encoder"),
        Wrong({1: "B"}, "no entry for 2"),
        Wrong(["B", "F", "R", "P", "N"], "Expected a dictionary, number of an encoder ->"),
    ],
)
