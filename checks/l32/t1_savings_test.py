"""Task 32.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from checks.l32.t1_savings import RIGHT
from checks.proof import Proof, Wrong

PROOF = Proof(
    task="32.1",
    right=[
        dict(reversed(RIGHT.items())),
        dict(zip(map(str, RIGHT), "szsnznsnns", strict=True)),
    ],
    wrong=[
        Wrong(RIGHT | {10: "Z"}, "a small trunk shares as well", "E17", silent=True),
        Wrong(RIGHT | {1: "Z"}, "whatever its widths are", silent=True),
        Wrong(RIGHT | {2: "S"}, "each row pays", silent=True),
        Wrong(RIGHT | {3: "N"}, "read by three tasks", silent=True),
        Wrong(RIGHT | {4: "Z"}, "fewer bits", silent=True),
        Wrong(RIGHT | {5: "N"}, "that is size", silent=True),
        Wrong(RIGHT | {7: "Z"}, "once for all tasks", silent=True),
        Wrong(RIGHT | {8: "Z"}, "the input is longer", silent=True),
        Wrong(RIGHT | {6: "S"}, "fewer requests reach it", silent=True),
        Wrong(RIGHT | {9: "S"}, "no task shares more", silent=True),
        Wrong(RIGHT | {9: 3}, "one letter of S, Z, N"),
        Wrong({**RIGHT, 11: "N"}, "no number of a sentence"),
        Wrong(dict(list(RIGHT.items())[:4]), "no entry for 5, 'Adam keeps two"),
        Wrong("SZSNZNSNNS", "Expected a dictionary"),
    ],
)
