"""Task 54.7: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from checks.l54.t7_colleague import RIGHT
from checks.proof import Proof, Wrong

PROOF = Proof(
    task="54.7",
    right=[
        dict(reversed(RIGHT.items())),
        dict(zip(map(str, RIGHT), "fllfSFttSmmF", strict=True)),
    ],
    wrong=[
        Wrong(RIGHT | {1: "L"}, "here it is dropped", silent=True),
        Wrong(RIGHT | {2: "F"}, "the very row", silent=True),
        Wrong(RIGHT | {2: "T"}, "training that does another thing than it says. The", silent=True),
        Wrong(RIGHT | {2: "S"}, "code that does another thing when serving. The", silent=True),
        Wrong(RIGHT | {3: "F"}, "does not help against that", "E58", silent=True),
        Wrong(RIGHT | {4: "L"}, "from training rows alone", silent=True),
        Wrong(RIGHT | {5: "F"}, "becomes the first city", "E79", silent=True),
        Wrong(RIGHT | {6: "T"}, "nothing hidden", silent=True),
        Wrong(RIGHT | {7: "F"}, "the weight of the clicks", silent=True),
        Wrong(RIGHT | {8: "F"}, "not the numbers", "E41", silent=True),
        Wrong(RIGHT | {9: "F"}, "a batch of one", silent=True),
        Wrong(RIGHT | {10: "F"}, "is no AUC", silent=True),
        Wrong(RIGHT | {11: "F"}, "judged by its order", "E57", silent=True),
        Wrong(RIGHT | {12: "M"}, "stands beside it", silent=True),
        Wrong(RIGHT | {12: None}, "one letter of L, M, S, T, F"),
        Wrong({**RIGHT, 13: "F"}, "no number of a line"),
        Wrong(dict(list(RIGHT.items())[:2]), "no entry for 3"),
        Wrong("FLLFSFTTSMMF", "Expected a dictionary, number of a line ->"),
    ],
)
