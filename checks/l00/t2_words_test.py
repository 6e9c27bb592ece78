"""00.2: right answers in other words, and wrong ones."""

from __future__ import annotations

from checks.l00.t2_words import PHRASES
from checks.proof import Proof, Wrong

WORDS = {phrase: letter for phrase, (letter, _, _) in PHRASES.items()}


PROOF = Proof(
    task="00.2",
    right=[
        dict(sorted(WORDS.items())),
        dict(zip(WORDS, "BBACD", strict=True)),
        {phrase: f" {letter.lower()}" for phrase, letter in WORDS.items()},
    ],
    wrong=[
        Wrong(
            WORDS | {"Mixture of Multi-Task Learning": "A"},
            "'Mixture of Multi-Task Learning' is not A",
            "E2",
            silent=True,
        ),
        Wrong(
            WORDS | {"MMoML, the technique": "A"},
            "'MMoML, the technique' is not A",
            "E3",
            silent=True,
        ),
        Wrong(
            WORDS | {"Multi-Scene Learning": "B"},
            "'Multi-Scene Learning' is not B",
            "E4",
            silent=True,
        ),
        Wrong(WORDS | {"主题标题": "B"}, "'主题标题' is not B", "E1", silent=True),
        Wrong(
            WORDS | {"a network with common experts and one gate a task": "B"},
            "Ma et al.",
            silent=True,
        ),
        Wrong(WORDS | {"主题标题": 4}, "one letter from A to E", silent=True),
        Wrong({**WORDS, "MMoE": "A"}, "none of the phrases", silent=True),
        Wrong(dict(list(WORDS.items())[:4]), "no entry for '主题标题'", silent=True),
        Wrong("BBACD", "Expected a dictionary"),
    ],
)
