"""Task 30.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

from checks.l30.t1_roles import RIGHT
from checks.proof import Proof, Wrong


def _with(sentence: int, letter: Any) -> dict[int, Any]:
    return {**RIGHT, sentence: letter}


PROOF = Proof(
    task="30.1",
    right=[
        dict(reversed(RIGHT.items())),
        dict(zip(map(str, RIGHT), "ergageRANN", strict=True)),
    ],
    wrong=[
        Wrong(_with(9, "R"), "a ranker as well as a chat", "E14", silent=True),
        Wrong(_with(9, "G"), "with what input", "E14", silent=True),
        Wrong(_with(10, "E"), "No input, no output, no rival", "E15", silent=True),
        Wrong(_with(10, "R"), "a large table of ids", "E15", silent=True),
        Wrong(_with(1, "R"), "another model decides", silent=True),
        Wrong(_with(2, "E"), "writes nothing", silent=True),
        Wrong(_with(3, "A"), "it calls no tool", silent=True),
        Wrong(_with(4, "G"), "acts on another system", silent=True),
        Wrong(_with(5, "R"), "a sequence that it writes", silent=True),
        Wrong(_with(6, "R"), "the cosine orders", silent=True),
        Wrong(_with(7, "E"), "whatever went in", silent=True),
        Wrong(_with(8, "G"), "several steps with tools", silent=True),
        Wrong(_with(8, 4), "one letter of E, R, G, A, N"),
        Wrong({**RIGHT, 11: "N"}, "no number of a sentence"),
        Wrong(dict(list(RIGHT.items())[:3]), "no entry for 4, 'it asks the order system"),
        Wrong("ERGAGERANN", "Expected a dictionary"),
    ],
)
