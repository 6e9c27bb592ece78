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

SENTENCES = {
    1: "the purchase's loss counts 0.1",
    2: "no gradient flows from the save's head into the trunk",
    3: "scenarios are drawn in proportion to the root of their rows",
    4: "the purchase gets two experts of its own",
    5: "user ids get 32 numbers, cities 4",
    6: "weights are served as 8-bit integers",
    7: "the pre-ranking stage passes on 200 of 5,000 products",
    8: "a scheduler gives the more important task more CPU time",
    9: "each head gets its share by its execution time",
    10: "the resources are assigned to several related tasks",
    11: "the purchase has priority",
    12: "the work is cut into parts that run in parallel",
}

RIGHT = {
    1: "G",
    2: "G",
    3: "D",
    4: "C",
    5: "C",
    6: "S",
    7: "S",
    8: "N",
    9: "N",
    10: "N",
    11: "N",
    12: "N",
}

_WHY: dict[int, tuple[str, str | None]] = {
    1: (
        "A weight decides how much of the trunk's step a task gets.",
        None,
    ),
    2: (
        "The head stays, its unit and its row too: only its pull on the trunk is taken away.",
        None,
    ),
    3: (
        "It decides which rows a step sees.",
        None,
    ),
    4: ("Units of the network are given away.", None),
    5: ("Units of the network are given away.", None),
    6: (
        "Training is over: what becomes smaller is what a request costs.",
        None,
    ),
    7: (
        "It decides for how many products the large network is paid.",
        None,
    ),
    8: (
        "All tasks of a network learn in the same step: CPU time makes it faster, for all alike.",
        "E26",
    ),
    9: (
        "One forward computation gives all heads; a head is a small part of it.",
        "E27",
    ),
    10: (
        "Which resource, how much, and to whom is what was asked.",
        "E28",
    ),
    11: ("By which mechanism? Until one is named nothing changes.", "E29"),
    12: (
        "The same gradient comes out, from the same rows, for the same units.",
        "E30",
    ),
}


def check_budgets(answer: Any) -> None:
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
            why, erratum = _WHY[number]
            reject(f"{told} is not {LETTERS[letter]}. {why}", erratum)
    more = [key for key in read if key not in RIGHT]
    if more:
        reject(f"{more[0]!r} is no number of a sentence.")


TASK = Task(
    id="41.1",
    prompt="Number of a sentence -> the budget that it gives away, or N.",
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
