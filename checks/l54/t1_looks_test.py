"""Task 54.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from checks.l54.t1_looks import RIGHT
from checks.proof import Proof, Wrong

PROOF = Proof(
    task="54.1",
    right=[
        dict(reversed(RIGHT.items())),
        dict(zip(map(str, RIGHT), "rizIRCIcRZ", strict=True)),
        {**RIGHT, 3: "R", 9: "I"},
        {**RIGHT, 3: "C"},
    ],
    wrong=[
        Wrong(RIGHT | {1: "I"}, "it wins", "E35", silent=True),
        Wrong(RIGHT | {2: "R"}, "More padding", "E37", silent=True),
        Wrong(RIGHT | {3: "I"}, "reads the label", "E74", silent=True),
        Wrong(RIGHT | {4: "C"}, "New names", "E67", silent=True),
        Wrong(RIGHT | {5: "Z"}, "take two lines", "E75", silent=True),
        Wrong(RIGHT | {6: "Z"}, "not connected", silent=True),
        Wrong(RIGHT | {7: "C"}, "One row alone", silent=True),
        Wrong(RIGHT | {8: "I"}, "the score must move", silent=True),
        Wrong(RIGHT | {8: "R"}, "a rival that cannot be good. Give", silent=True),
        Wrong(RIGHT | {9: "Z"}, "must be at chance", silent=True),
        Wrong(RIGHT | {10: "R"}, "a leak", silent=True),
        Wrong(RIGHT | {10: 3}, "one letter of R, I, Z, C"),
        Wrong({**RIGHT, 11: "R"}, "no number of a symptom"),
        Wrong(dict(list(RIGHT.items())[:3]), "no entry for 4"),
        Wrong("RIZIRCICRZ", "Expected a dictionary, number of a symptom ->"),
    ],
)
