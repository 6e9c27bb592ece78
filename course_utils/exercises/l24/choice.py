"""Task 24.7: what to try first, in four situations."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import among, refuse_none
from course_utils.exercises.theirs import shorten

WORDS = {
    "multiplied": "a logistic regression for each step, multiplied",
    "on clicks": "a model of the purchase learned on clicked rows",
    "one task": "a logistic regression for each task, on all rows, 0 where nothing was clicked",
    "mmoe": "MMoE, with stacking beside it",
    "aitm": "AITM",
    "esmm": "ESMM",
    "ple": "PLE",
}
"""What an answer may say -> what it stands for."""

RIGHT = {"A": "mmoe", "B": "one task", "C": "on clicks", "D": "multiplied"}

WHY = {
    ("A", "one task"): "A sum of single columns does not hear the occasion, which decides "
    "here which taste counts.",
    ("A", "ple"): "Nothing here is one task's own: own experts are weights too many.",
    ("A", "on clicks"): "All three labels stand on every row: there is no click to wait for.",
    ("A", "esmm"): "No label here needs another one.",
    ("A", "aitm"): "Which taste counts is no chain of steps.",
    ("A", "multiplied"): "Which taste counts is no chain of steps.",
    ("B", "mmoe"): "Where nothing switches the gates can only fit noise: a logistic regression "
    "is the true model.",
    ("B", "ple"): "Own experts for tasks that share nothing, where each is a sum over columns: "
    "a logistic regression is the true model.",
    ("B", "esmm"): "No label here needs another one.",
    ("B", "aitm"): "These tasks are no chain of steps.",
    ("B", "on clicks"): "All labels stand on every row.",
    ("B", "multiplied"): "These tasks are no chain of steps.",
    ("C", "esmm"): "Where the log is whole and purchases are likely, ESMM was measured behind the "
    "plain loss on clicked rows.",
    ("C", "aitm"): "AITM learns the purchase on all rows, where a missing one may be a missing "
    "click.",
    ("C", "mmoe"): "What limits here is which rows teach the purchase, not who shares an expert.",
    ("C", "ple"): "What limits here is which rows teach the purchase, not who shares an expert.",
    (
        "C",
        "one task",
    ): "With 0 where nothing was clicked it learns p(click and buy), not p(buy | click).",
    ("C", "multiplied"): "The purchase after a click is asked, not the product of both.",
    ("D", "aitm"): "Its last label is a product of four tastes, to be found from few positives; "
    "on the rows that reached the step before each step is a sum over columns.",
    ("D", "esmm"): "ESMM knows two steps, here are four.",
    ("D", "mmoe"): "The likelihood of the four labels is a product: each step has its own rows.",
    ("D", "ple"): "The likelihood of the four labels is a product: each step has its own rows.",
    ("D", "one task"): "On all rows the last label is a product of four tastes, which no sum over "
    "columns is; on the rows that reached the step before it is one.",
    (
        "D",
        "on clicks",
    ): "The last step's rows are those that reached the one before, not all clicks.",
}


def check_choice(answer: Any) -> None:
    refuse_none(answer, "The answer", "a dictionary")
    if not isinstance(answer, dict):
        reject(f"Expected a dictionary, situation -> method, got {shorten(answer)}.")
    read = {str(key).strip().upper(): value for key, value in answer.items()}
    if set(read) != set(RIGHT):
        reject(f"The keys must be {', '.join(map(repr, RIGHT))}, got {shorten(list(answer))}.")
    for situation, right in RIGHT.items():
        got = read[situation]
        word = got.strip().lower() if isinstance(got, str) else got
        if not among(word, WORDS):
            known = ", ".join(map(repr, WORDS))
            reject(f"{situation!r} needs one of {known}, got {shorten(got)}.")
        if word != right:
            reject(f"Situation {situation}: not {WORDS[word]}. {WHY[situation, word]}")


TASK = Task(
    id="24.7",
    prompt="For each of the four situations, what to try first.",
    check_answer=check_choice,
    hints=(
        "Ask of each: does the occasion decide who may listen to whom? Does a label need another?",
        "In three of the four a plain model has the form of the truth.",
        "A mmoe, B one task, C on clicks, D multiplied.",
    ),
    insight="A method is an answer to a question; ask first whether your data ask it.",
    takes="data",
)
