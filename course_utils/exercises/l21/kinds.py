"""Task 21.1: six examples: tasks, scenarios, both or neither."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.theirs import shorten

ERRATA = {"E9": "several labels of one row are tasks; one label from several places is scenarios"}

WORDS = ("multi-task", "multi-scenario", "both", "neither")

KINDS = {
    "A": "multi-task",
    "B": "multi-scenario",
    "C": "both",
    "D": "multi-scenario",
    "E": "neither",
    "F": "multi-task",
}

_WHY = {
    "A": "Two labels stand in one row, and all rows come from the home feed.",
    "B": "Every row has the one label click, and rows come from three places.",
    "C": "Rows come from two places, and each has two labels.",
    "D": "Fifty sites are fifty distributions of one label, the click.",
    "E": "There is one label and one place; towers belong to the network, not to the data.",
    "F": "One text has two labels, and all texts come from one place.",
}

_SWAPPED = {"multi-task": "multi-scenario", "multi-scenario": "multi-task"}


def check_kinds(answer: Any) -> None:
    if not isinstance(answer, dict):
        reject(f"Expected a dictionary, letter -> word, got {shorten(answer)}.")
    for letter in KINDS:
        if letter not in answer:
            reject(f"There is no entry for {letter!r}.")
        if not isinstance(answer[letter], str) or answer[letter].strip().lower() not in WORDS:
            reject(f"{letter!r} needs one of {', '.join(WORDS)}, got {shorten(answer[letter])}.")
    more = [letter for letter in answer if letter not in KINDS]
    if more:
        reject(f"{shorten(more[0])} is none of the six letters.")
    said = {letter: answer[letter].strip().lower() for letter in KINDS}
    wrong = [letter for letter, kind in KINDS.items() if said[letter] != kind]
    if not wrong:
        return
    first = wrong[0]
    swapped = all(said[letter] == _SWAPPED.get(KINDS[letter]) for letter in "ABDF")
    told = f"{first} is not {said[first]!r}. {_WHY[first]}"
    if swapped:
        reject(
            f"{told} You exchanged the two words: count the labels of a row for tasks, and the "
            "places that rows come from for scenarios.",
            "E9",
        )
    reject(told)


TASK = Task(
    id="21.1",
    prompt="Sort six examples: multi-task, multi-scenario, both or neither.",
    check_answer=check_kinds,
    hints=(
        "Ask two questions of each: how many labels has a row, and from how many places do rows "
        "come?",
        "A site, a page and a country are places. A tower of a network is neither a place nor a "
        "label.",
        "In order: multi-task, multi-scenario, both, multi-scenario, neither, multi-task.",
    ),
    insight="A task is a column of labels. A scenario is a value of the column that says where a "
    "row comes from.",
    takes="data",
    errata=ERRATA,
)
