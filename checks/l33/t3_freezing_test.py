"""Task 33.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

from checks.l33.t3_freezing import RIGHT
from checks.proof import Proof, Wrong


def _with(letter: str, kind: Any) -> dict[str, Any]:
    return {**RIGHT, letter: kind}


PROOF = Proof(
    task="33.3",
    right=[
        dict(reversed(RIGHT.items())),
        dict(zip("ABCDEFGH", "nsnwnwsw", strict=True)),
    ],
    wrong=[
        Wrong(_with("A", "S"), "also works as in serving", silent=True),
        Wrong(_with("B", "N"), "moving averages", silent=True),
        Wrong(_with("C", "S"), "stand still in serving", silent=True),
        Wrong(_with("D", "N"), "after one zero", silent=True),
        Wrong(_with("E", "W"), "0 from the start", silent=True),
        Wrong(_with("F", "N"), "a share of the weight itself", silent=True),
        Wrong(_with("G", "N"), "No gradient passes", silent=True),
        Wrong(_with("H", "N"), "read these embeddings too", silent=True),
        Wrong(_with("H", "X"), "one letter of N, W, S"),
        Wrong({**RIGHT, "I": "N"}, "no letter of a recipe"),
        Wrong({"A": "N"}, "no entry for B"),
        Wrong("NSNWNWSW", "Expected a dictionary"),
    ],
)
