"""Task 33.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from checks.l33.t3_freezing import RIGHT
from checks.proof import Proof, Wrong

PROOF = Proof(
    task="33.3",
    right=[
        dict(reversed(RIGHT.items())),
        dict(zip("ABCDEFGH", "nsnwnwsw", strict=True)),
    ],
    wrong=[
        Wrong(RIGHT | {"A": "S"}, "also works as in serving", silent=True),
        Wrong(RIGHT | {"B": "N"}, "moving averages", silent=True),
        Wrong(RIGHT | {"C": "S"}, "stand still in serving", silent=True),
        Wrong(RIGHT | {"D": "N"}, "after one zero", silent=True),
        Wrong(RIGHT | {"E": "W"}, "0 from the start", silent=True),
        Wrong(RIGHT | {"F": "N"}, "a share of the weight itself", silent=True),
        Wrong(RIGHT | {"G": "N"}, "No gradient passes", silent=True),
        Wrong(RIGHT | {"H": "N"}, "read these embeddings too", silent=True),
        Wrong(RIGHT | {"H": "X"}, "one letter of N, W, S"),
        Wrong({**RIGHT, "I": "N"}, "no letter of a recipe"),
        Wrong({"A": "N"}, "no entry for B"),
        Wrong("NSNWNWSW", "Expected a dictionary"),
    ],
)
