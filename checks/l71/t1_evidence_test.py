"""Task 71.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from checks.l71.t1_evidence import RIGHT
from checks.proof import Proof, Wrong


def _but(**letters: str) -> dict[int, str]:
    return RIGHT | {int(name[1:]): letter for name, letter in letters.items()}


PROOF = Proof(
    task="71.1",
    right=[
        RIGHT,
        {str(number): letter.lower() for number, letter in RIGHT.items()},
        dict(enumerate("ALONCANLOCNA", start=1)),
    ],
    wrong=[
        Wrong(_but(_7="L"), "Advantages without a bound", "E82", silent=True),
        Wrong(_but(_4="A"), "No number, no date, no source", "E83", silent=True),
        Wrong(_but(_11="L"), "Which experts, most of what", "E83", silent=True),
        Wrong(_but(_5="L"), "The dial was built to do that", silent=True),
        Wrong(_but(_2="A"), "nobody was shown a list", silent=True),
        Wrong(_but(_3="L"), "Code and data can be had", silent=True),
        Wrong(_but(_8="A"), "A log is stored data", silent=True),
        Wrong({1: "A"}, "There is no entry for 2"),
        Wrong(list(RIGHT.values()), "a dictionary"),
        Wrong(_but(_1="X"), "needs one letter of"),
        Wrong(RIGHT | {13: "N"}, "13 is no number of a sentence"),
    ],
)
