"""Task 71.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from checks.l71.t1_evidence import RIGHT
from checks.proof import Proof, Wrong

PROOF = Proof(
    task="71.1",
    right=[
        RIGHT,
        {str(number): letter.lower() for number, letter in RIGHT.items()},
        dict(enumerate("ALONCANLOCNA", start=1)),
    ],
    wrong=[
        Wrong(RIGHT | {7: "L"}, "Advantages without a bound", "E82", silent=True),
        Wrong(RIGHT | {4: "A"}, "No number, no date, no source", "E83", silent=True),
        Wrong(RIGHT | {11: "L"}, "Which experts, most of what", "E83", silent=True),
        Wrong(RIGHT | {5: "L"}, "The dial was built to do that", silent=True),
        Wrong(RIGHT | {2: "A"}, "nobody was shown a list", silent=True),
        Wrong(RIGHT | {3: "L"}, "Code and data can be had", silent=True),
        Wrong(RIGHT | {8: "A"}, "A log is stored data", silent=True),
        Wrong({1: "A"}, "There is no entry for 2"),
        Wrong(list(RIGHT.values()), "a dictionary"),
        Wrong(RIGHT | {1: "X"}, "needs one letter of"),
        Wrong(RIGHT | {13: "N"}, "13 is no number of a sentence"),
    ],
)
