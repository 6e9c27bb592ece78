"""Task 23.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

from answers import Proof, Wrong, silent
from course_utils.exercises.l23.columns import MISTAKES, right_columns


def _by_loop(known_at: Any, label_at: Any) -> dict[str, str]:
    found = {}
    for name, at in known_at.items():
        if at >= label_at:
            found[name] = "nobody"
        elif at > 0:
            found[name] = "teacher"
        else:
            found[name] = "both"
    return found


def _by_count(known_at: Any, label_at: Any) -> dict[str, str]:
    words = ("both", "teacher", "nobody")
    return {name: words[(at > 0) + (at >= label_at)] for name, at in known_at.items()}


def _lists(known_at: Any, label_at: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"both": [], "teacher": [], "nobody": []}
    for name, who in right_columns(known_at, label_at).items():
        found[who].append(name)
    return found


PROOF = Proof(
    task="23.4",
    right=[_by_loop, _by_count],
    wrong=[
        *silent(MISTAKES),
        Wrong(_lists, says="must be a dict with the keys"),
        Wrong(
            lambda known_at, label_at: {
                name: who.replace("both", "student")
                for name, who in right_columns(known_at, label_at).items()
            },
            says="must be one of both, teacher, nobody",
        ),
        Wrong(lambda known_at, label_at: None, says="Did you forget a return?"),
    ],
)
