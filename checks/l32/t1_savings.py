"""Task 32.1: does sharing save it, does size cost it, or is it another lever?"""

from __future__ import annotations

from typing import Any

from course_utils.exercises.engine import Task
from course_utils.exercises.sorting import Sentence, check_sorted

ERRATA = {"E17": "the benefit of sharing is credited to size; size itself only costs"}

LETTERS = {"S": "a saving by sharing", "Z": "a cost of size", "N": "another lever"}

SENTENCES = {
    1: Sentence(
        "four towers read one trunk: one forward computation in the place of four",
        "S",
        "The trunk is computed once for all, whatever its widths are.",
    ),
    2: Sentence(
        "the widths of the trunk are doubled: its multiply-adds more than double",
        "Z",
        "Nothing is shared more or less; there are more weights, and each row pays for them.",
    ),
    3: Sentence(
        "one vector of a product serves search, ranking and the filter of duplicates",
        "S",
        "What was computed once is read by three tasks.",
    ),
    4: Sentence(
        "weights in 8 bits: a quarter of the bytes",
        "N",
        "As many weights for as many tasks: each has fewer bits.",
    ),
    5: Sentence(
        "Adam keeps two numbers for each trained weight: a wider trunk needs more memory",
        "Z",
        "More weights for the same tasks: that is size.",
    ),
    6: Sentence(
        "a repeated query is answered from a cache",
        "N",
        "The model and its tasks stay; fewer requests reach it.",
    ),
    7: Sentence(
        "one base model in memory for all tasks, and for each a few weights of its own (an "
        "adapter)",
        "S",
        "What is large stands in memory once for all tasks.",
    ),
    8: Sentence(
        "the text is twice as long: the scores of attention need four times the multiply-adds",
        "N",
        "The network is the same for both texts: the input is longer.",
    ),
    9: Sentence(
        "a student answers in the teacher's place",
        "N",
        "Another, smaller model answers; no task shares more than before.",
    ),
    10: Sentence(
        "large models share parameters among tasks, which lowers the use of resources",
        "S",
        "The saving that this sentence names comes from sharing, and a small trunk shares as "
        "well. Size itself makes the trunk cost more.",
        "E17",
    ),
}

RIGHT = {number: one.letter for number, one in SENTENCES.items()}


def check_savings(answer: Any) -> None:
    check_sorted(answer, SENTENCES, LETTERS)


TASK = Task(
    id="32.1",
    prompt="Number of a sentence -> S (sharing saves it), Z (size costs it), or N (neither).",
    check_answer=check_savings,
    hints=(
        "Ask of each: would the number change if the network kept its widths and served one task "
        "more or less? That is sharing. If its widths change and its tasks do not, it is size.",
        "Four sentences are about sharing, two about size; four name another lever.",
        "In order: S, Z, S, N, Z, N, S, N, N, S.",
    ),
    insight="Sharing saves at any size. Size costs, shared or not.",
    takes="data",
    errata=ERRATA,
)
