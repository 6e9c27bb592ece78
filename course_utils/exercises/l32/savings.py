"""Task 32.1: does sharing save it, does size cost it, or is it another lever?"""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten

ERRATA = {"E17": "the benefit of sharing is credited to size; size itself only costs"}

LETTERS = {"S": "sharing saves it", "Z": "size costs it", "N": "neither"}

SENTENCES = {
    1: "four towers read one trunk: one forward computation in the place of four",
    2: "the widths of the trunk are doubled: its multiply-adds more than double",
    3: "one vector of a product serves search, ranking and the filter of duplicates",
    4: "weights in 8 bits: a quarter of the bytes",
    5: "Adam keeps two numbers for each trained weight: a wider trunk needs more memory",
    6: "a repeated query is answered from a cache",
    7: "one base model in memory, and a small adapter a task",
    8: "the text is twice as long: the scores of attention need four times the multiply-adds",
    9: "a student answers in the teacher's place",
    10: "large models share parameters among tasks, which lowers the use of resources",
}

RIGHT = {1: "S", 2: "Z", 3: "S", 4: "N", 5: "Z", 6: "N", 7: "S", 8: "N", 9: "N", 10: "S"}

_WHY: dict[int, str] = {
    1: "The trunk is computed once for all, whatever its widths are.",
    2: "Nothing is shared more or less; there are more weights, and each row pays for them.",
    3: "What was computed once is read by three tasks.",
    4: "As many weights for as many tasks: each has fewer bits.",
    5: "More weights for the same tasks: that is size.",
    6: "The model and its tasks stay; fewer requests reach it.",
    7: "What is large stands in memory once for all tasks.",
    8: "The network is the same for both texts: the input is longer.",
    9: "Another, smaller model answers; no task shares more than before.",
    10: "The saving that this sentence names comes from sharing, and a small trunk shares as well. "
    "Size itself makes the trunk cost more.",
}


def check_savings(answer: Any) -> None:
    refuse_none(answer, "The answer", "a dictionary")
    if not isinstance(answer, dict):
        reject(f"Expected a dictionary, number of a sentence -> letter, got {shorten(answer)}.")
    read = {int(key) if str(key).isdigit() else key: value for key, value in answer.items()}
    for number, right in RIGHT.items():
        told = f"{number}, {SENTENCES[number]!r},"
        if number not in read:
            reject(f"There is no entry for {told[:-1]}.")
        got = read[number]
        letter = got.strip().upper() if isinstance(got, str) else got
        if letter not in LETTERS:
            reject(f"{told} needs one letter of {', '.join(LETTERS)}, got {shorten(got)}.")
        if letter != right:
            erratum = "E17" if number == 10 else None
            reject(f"{told} is not {LETTERS[letter]!r}. {_WHY[number]}", erratum)
    more = [key for key in read if key not in RIGHT]
    if more:
        reject(f"{more[0]!r} is no number of a sentence.")


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
