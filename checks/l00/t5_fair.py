"""Task 00.5: which of the five equalities does a comparison lack?"""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import among, refuse_none
from course_utils.exercises.theirs import shorten

WORDS = ("information", "trials", "stopping", "regularisation", "power")

RIGHT = {
    "A": "information",
    "B": "trials",
    "C": "stopping",
    "D": "regularisation",
    "E": "power",
    "F": "information",
}

WHY = {
    "A": "Look at what each model reads of a customer.",
    "B": "Count the settings that each model could choose from.",
    "C": "Ask by which rule each network chooses its epoch.",
    "D": "Both stop after ten epochs. Ask what else keeps a model from learning its rows by heart.",
    "E": "Both models are treated alike. Ask which gains this interval leaves possible.",
    "F": "Look at the newest event that each model may know.",
}


def check_fair(answer: Any) -> None:
    refuse_none(answer, "The answer", "a dictionary")
    if not isinstance(answer, dict):
        reject(f"Expected a dictionary, unequal = {{...}}, report -> word, got {shorten(answer)}.")
    read = {str(key).strip().upper(): value for key, value in answer.items()}
    if set(read) != set(RIGHT) or len(read) != len(answer):
        got = ", ".join(map(repr, answer))
        reject(f"The keys must be {', '.join(map(repr, RIGHT))}, each once; yours are {got}.")
    for report, right in RIGHT.items():
        got = read[report]
        word = got.strip().lower().replace("ization", "isation") if isinstance(got, str) else got
        if not among(word, WORDS):
            reject(f"{report!r} needs one of {', '.join(map(repr, WORDS))}, got {shorten(got)}.")
        if word != right:
            reject(f"Report {report}: not {word}. {WHY[report]}")


TASK = Task(
    "00.5",
    "Which of the five is unequal, in each of six reports?",
    check_fair,
    hints=(
        "Ask the five questions of each report in the order in which they stand.",
        "One word is the answer twice; the other four once each.",
        "B trials, C stopping, D regularisation; the other three share two words.",
    ),
    insight="Before you believe a gain, ask what the loser was not given.",
    takes="data",
)
