"""Task 00.2: the right word for each of the article's phrases."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import among
from course_utils.exercises.theirs import shorten

ERRATA = {
    "E2": "the field is multi-scenario multi-task learning",
    "E3": "MMoML is no word; MMoE is one network",
    "E4": "a scenario or a domain, not a scene",
    "E1": "a template's placeholder was left in the text",
}

PHRASES: dict[str, tuple[str, str, str | None]] = {
    "Mixture of Multi-Task Learning": (
        "B",
        "It names the whole field, scenarios included.",
        "E2",
    ),
    "MMoML, the technique": (
        "B",
        "The article means the field by it. MMoE looks like it, but is one network.",
        "E3",
    ),
    "a network with common experts and one gate a task": (
        "A",
        "Ma et al. gave it its name in 2018.",
        None,
    ),
    "Multi-Scene Learning": ("C", "The same task in several places of a shop.", "E4"),
    "主题标题": ("D", 'It means "topic title" and says nothing of the topic.', "E1"),
}
"""The letter, why it is that one, and the erratum that another one repeats."""


def check_words(answer: Any) -> None:
    if not isinstance(answer, dict):
        reject(f"Expected a dictionary, phrase -> letter, got {shorten(answer)}.")
    for phrase, (letter, why, erratum) in PHRASES.items():
        if phrase not in answer:
            reject(f"There is no entry for {phrase!r}.")
        got = answer[phrase]
        got = got.strip().upper() if isinstance(got, str) else got
        if not among(got, "ABCDE"):
            reject(f"{phrase!r} needs one letter from A to E as text, got {shorten(got)}.")
        if got != letter:
            reject(f"{phrase!r} is not {got}. {why}", erratum)
    more = [phrase for phrase in answer if phrase not in PHRASES]
    if more:
        reject(f"{more[0]!r} is none of the phrases.")


TASK = Task(
    "00.2",
    "The right word for each of the article's phrases.",
    check_words,
    hints=(
        "Two of the phrases mean the whole field, one is a network, one is half of the field, one "
        "means nothing.",
        "MMoE is the network. The field needs both halves: scenarios and tasks.",
        "In order: B, B, A, C, D.",
    ),
    insight="Say multi-scenario multi-task learning for the field, MMoE for the network.",
    takes="data",
    errata=ERRATA,
)
