"""Task 41.1: which of four budgets does a sentence give away, if any?"""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten

ERRATA = {
    "E26": 'it never says which resource; "allocate" is left to the operating system',
    "E27": "the heads of one forward pass have no execution time that could be scheduled",
    "E28": '"assign resources to several tasks" is the question once more',
    "E29": 'a "priority" without a mechanism changes no gradient, no row and no unit',
    "E30": "parallel work is faster or slower; it gives no task more",
}

LETTERS = {
    "G": "gradient",
    "D": "data",
    "C": "capacity",
    "S": "serving",
    "N": "none of the four",
}

RIGHT = {
    "the purchase's loss counts 0.1": "G",
    "no gradient flows from the return's head into the trunk": "G",
    "scenarios are drawn in proportion to the root of their rows": "D",
    "the purchase gets two experts of its own": "C",
    "user ids get 32 numbers, cities 4": "C",
    "weights are served as 8-bit integers": "S",
    "the pre-ranking stage passes on 200 of 5,000 products": "S",
    "a scheduler gives the more important task more CPU time": "N",
    "each head gets its share by its execution time": "N",
    "the resources are assigned to several related tasks": "N",
    "the purchase has priority": "N",
    "the work is cut into parts that run in parallel": "N",
}

_WHY: dict[str, tuple[str, str | None]] = {
    "the purchase's loss counts 0.1": (
        "A weight decides how much of the trunk's step a task gets.",
        None,
    ),
    "no gradient flows from the return's head into the trunk": (
        "The head stays, its unit and its row too: only its pull on the trunk is taken away.",
        None,
    ),
    "scenarios are drawn in proportion to the root of their rows": (
        "It decides which rows a step sees.",
        None,
    ),
    "the purchase gets two experts of its own": ("Units of the network are given away.", None),
    "user ids get 32 numbers, cities 4": ("Units of the network are given away.", None),
    "weights are served as 8-bit integers": (
        "Training is over: what becomes smaller is what a request costs.",
        None,
    ),
    "the pre-ranking stage passes on 200 of 5,000 products": (
        "It decides for how many products the large network is paid.",
        None,
    ),
    "a scheduler gives the more important task more CPU time": (
        "All tasks of a network learn in the same step: CPU time makes it faster, for all alike.",
        "E26",
    ),
    "each head gets its share by its execution time": (
        "One forward pass computes all heads; a head is a thousandth of it.",
        "E27",
    ),
    "the resources are assigned to several related tasks": (
        "Which resource, how much, and to whom is what was asked.",
        "E28",
    ),
    "the purchase has priority": ("By which mechanism? Until one is named nothing changes.", "E29"),
    "the work is cut into parts that run in parallel": (
        "The same gradient comes out, from the same rows, for the same units.",
        "E30",
    ),
}


def check_budgets(answer: Any) -> None:
    refuse_none(answer, "The answer", "a dictionary")
    if not isinstance(answer, dict):
        reject(f"Expected a dictionary, sentence -> letter, got {shorten(answer)}.")
    for sentence, right in RIGHT.items():
        if sentence not in answer:
            reject(f"There is no entry for {sentence!r}.")
        got = answer[sentence]
        letter = got.strip().upper() if isinstance(got, str) else got
        if letter not in LETTERS:
            reject(f"{sentence!r} needs one letter of {', '.join(LETTERS)}, got {shorten(got)}.")
        if letter != right:
            why, erratum = _WHY[sentence]
            reject(f"{sentence!r} is not {LETTERS[letter]}. {why}", erratum)
    more = [sentence for sentence in answer if sentence not in RIGHT]
    if more:
        reject(f"{more[0]!r} is none of the sentences.")


TASK = Task(
    id="41.1",
    prompt="Which of the four budgets does each sentence give away, if any?",
    check_answer=check_budgets,
    hints=(
        "Ask of each: does another gradient come out, do other rows come in, has a task other "
        "units, or does a request cost something else? If nothing of it, the letter is N.",
        "Five sentences name no mechanism, or one that changes only how soon the same step is "
        "done.",
        "In order: G, G, D, C, C, S, S, and five times N.",
    ),
    insight="Say the budget before the method: gradient, data, capacity, serving.",
    takes="data",
    errata=ERRATA,
)
