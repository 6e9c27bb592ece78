"""Task 21.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

from answers import Proof, Wrong
from course_utils.exercises.l21.kinds import KINDS


def _with(**changed: Any) -> dict[str, Any]:
    return {**KINDS, **changed}


_ARTICLE = _with(A="multi-scenario", B="multi-task", D="multi-task", F="multi-scenario")
"""Scenes as forms of the same task."""

PROOF = Proof(
    task="21.1",
    right=[
        dict(reversed(KINDS.items())),
        {letter: f" {kind.capitalize()} " for letter, kind in KINDS.items()},
    ],
    wrong=[
        Wrong(_ARTICLE, "You exchanged the two words", "E9", silent=True),
        Wrong(_with(E="multi-task"), "towers belong to the network", silent=True),
        Wrong(_with(D="multi-task"), "Fifty sites are fifty distributions", silent=True),
        Wrong(_with(D="both"), "D is not 'both'", silent=True),
        Wrong(_with(C="multi-task"), "Rows come from two places", silent=True),
        Wrong(_with(F="neither"), "One text has two labels", silent=True),
        Wrong(_with(B="both"), "B is not 'both'", silent=True),
        Wrong(_with(A="both"), "A is not 'both'", silent=True),
        Wrong(_with(A="multitask"), "'A' needs one of"),
        Wrong(_with(G="both"), "none of the six letters"),
        Wrong({letter: KINDS[letter] for letter in "ABCDE"}, "no entry for 'F'"),
        Wrong(list(KINDS.values()), "Expected a dictionary"),
    ],
)
