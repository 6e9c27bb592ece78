"""Task 40.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

from answers import Proof, Wrong
from course_utils.exercises.l40.article import WORDS

PARTS = [part for _, part in sorted((letter, part) for part, letter in WORDS.items())]


def _with(part: str, letter: Any) -> dict[str, Any]:
    return {**WORDS, part: letter}


PROOF = Proof(
    task="40.6",
    right=[dict(sorted(WORDS.items())), dict(zip(PARTS, "ABCDEF", strict=True))],
    wrong=[
        # As the article has it: two methods, a cure, two more cures.
        Wrong(_with(PARTS[0], "C"), "equal to the last bit", "E20", silent=True),
        Wrong(_with(PARTS[1], "F"), "Twins come first", "E21", silent=True),
        Wrong(_with(PARTS[2], "A"), "Under Adam only the ratio", "E22", silent=True),
        Wrong(_with(PARTS[3], "E"), "what sharing must beat", "E23", silent=True),
        Wrong(_with(PARTS[4], "D"), "separate models again", "E24", silent=True),
        Wrong(_with(PARTS[5], "B"), "what the answer leaves out", "E25", silent=True),
        Wrong(_with(PARTS[5], 6), "one letter from A to F", silent=True),
        Wrong({**WORDS, "a gate": "A"}, "none of the parts", silent=True),
        Wrong(dict(list(WORDS.items())[:5]), "There is no entry for", silent=True),
        Wrong("ABCDEF", "Expected a dictionary"),
    ],
)
