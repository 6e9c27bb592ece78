"""Task 32.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

from checks.l32.t1_savings import RIGHT
from checks.proof import Proof, Wrong


def _with(sentence: int, letter: Any) -> dict[int, Any]:
    return {**RIGHT, sentence: letter}


PROOF = Proof(
    task="32.1",
    right=[
        dict(reversed(RIGHT.items())),
        dict(zip(map(str, RIGHT), "szsnznsnns", strict=True)),
    ],
    wrong=[
        Wrong(_with(10, "Z"), "a small trunk shares as well", "E17", silent=True),
        Wrong(_with(1, "Z"), "whatever its widths are", silent=True),
        Wrong(_with(2, "S"), "each row pays", silent=True),
        Wrong(_with(3, "N"), "read by three tasks", silent=True),
        Wrong(_with(4, "Z"), "fewer bits", silent=True),
        Wrong(_with(5, "N"), "that is size", silent=True),
        Wrong(_with(7, "Z"), "once for all tasks", silent=True),
        Wrong(_with(8, "Z"), "the input is longer", silent=True),
        Wrong(_with(6, "S"), "fewer requests reach it", silent=True),
        Wrong(_with(9, "S"), "no task shares more", silent=True),
        Wrong(_with(9, 3), "one letter of S, Z, N"),
        Wrong({**RIGHT, 11: "N"}, "no number of a sentence"),
        Wrong(dict(list(RIGHT.items())[:4]), "no entry for 5, 'Adam keeps two"),
        Wrong("SZSNZNSNNS", "Expected a dictionary"),
    ],
)
