"""Task 30.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from checks.l30.t1_roles import RIGHT
from checks.proof import Proof, Wrong

PROOF = Proof(
    task="30.1",
    right=[
        dict(reversed(RIGHT.items())),
        dict(zip(map(str, RIGHT), "ergageRANN", strict=True)),
    ],
    wrong=[
        Wrong(RIGHT | {9: "R"}, "a ranker as well as a chat", "E14", silent=True),
        Wrong(RIGHT | {9: "G"}, "with what input", "E14", silent=True),
        Wrong(RIGHT | {10: "E"}, "No input, no output, no rival", "E15", silent=True),
        Wrong(RIGHT | {10: "R"}, "a large table of ids", "E15", silent=True),
        Wrong(RIGHT | {1: "R"}, "another model decides", silent=True),
        Wrong(RIGHT | {2: "E"}, "writes nothing", silent=True),
        Wrong(RIGHT | {3: "A"}, "it calls no tool", silent=True),
        Wrong(RIGHT | {4: "G"}, "acts on another system", silent=True),
        Wrong(RIGHT | {5: "R"}, "a sequence that it writes", silent=True),
        Wrong(RIGHT | {6: "R"}, "the cosine orders", silent=True),
        Wrong(RIGHT | {7: "E"}, "whatever went in", silent=True),
        Wrong(RIGHT | {8: "G"}, "several steps with tools", silent=True),
        Wrong(RIGHT | {8: 4}, "one letter of E, R, G, A, N"),
        Wrong({**RIGHT, 11: "N"}, "no number of a sentence"),
        Wrong(dict(list(RIGHT.items())[:3]), "no entry for 4, 'it asks the order system"),
        Wrong("ERGAGERANN", "Expected a dictionary"),
    ],
)
