"""Task 41.1: which of four budgets does a sentence give away, if any?"""

from __future__ import annotations

from typing import Any

from course_utils.exercises.engine import Task
from course_utils.exercises.sorting import Sentence, check_sorted

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
    1: Sentence(
        "the purchase's loss has the weight 0.1",
        "G",
        "A weight decides how much of the trunk's step a task gets.",
    ),
    2: Sentence(
        "no gradient flows from the save's head into the trunk",
        "G",
        "The head stays, its unit and its row too: only its pull on the trunk is taken away.",
    ),
    3: Sentence(
        "scenarios are drawn in proportion to the square root of their rows",
        "D",
        "It decides which rows a step sees.",
    ),
    4: Sentence(
        "the purchase gets two experts of its own",
        "C",
        "Units of the network are given away.",
    ),
    5: Sentence(
        "user ids get 32 numbers, cities 4",
        "C",
        "Units of the network are given away.",
    ),
    6: Sentence(
        "weights are served as 8-bit integers",
        "S",
        "Training is over: what becomes smaller is what a request costs.",
    ),
    7: Sentence(
        "a first stage passes on 200 of 5,000 products",
        "S",
        "It decides for how many products the large network is paid.",
    ),
    8: Sentence(
        "a scheduler gives the more important task more CPU time",
        "N",
        "All tasks of a network learn in the same step: CPU time makes it faster, for all alike.",
        "E26",
    ),
    9: Sentence(
        "each head gets its share by its execution time",
        "N",
        "One forward computation gives all heads; a head is a small part of it.",
        "E27",
    ),
    10: Sentence(
        "the resources are assigned to several related tasks",
        "N",
        "Which resource, how much, and to whom is what was asked.",
        "E28",
    ),
    11: Sentence(
        "the purchase has priority",
        "N",
        "By which mechanism? Until one is named nothing changes.",
        "E29",
    ),
    12: Sentence(
        "the work is cut into parts that run in parallel",
        "N",
        "The same gradient comes out, from the same rows, for the same units.",
        "E30",
    ),
}

RIGHT = {number: one.letter for number, one in SENTENCES.items()}


def check_budgets(answer: Any) -> None:
    check_sorted(answer, SENTENCES, LETTERS)


TASK = Task(
    id="41.1",
    prompt="Give each sentence the letter of the budget that it changes, or N.",
    check_answer=check_budgets,
    hints=(
        "Ask of each: does another gradient come out, do other rows come in, has a task other "
        "units, or does a request cost something else? If none of these, the letter is N.",
        "Five sentences name no mechanism, or one that changes only how soon the same step is "
        "done.",
        "In order: G, G, D, C, C, S, S, and five times N.",
    ),
    insight="Say the budget before the method: gradient, data, capacity, serving.",
    takes="data",
    errata=ERRATA,
)
