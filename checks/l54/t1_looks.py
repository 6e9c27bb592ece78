"""Task 54.1: which look finds which bug?"""

from __future__ import annotations

from typing import Any

from course_utils.exercises.engine import Task
from course_utils.exercises.sorting import Sentence, check_sorted

ERRATA = {
    "E35": "an accuracy that 'no label for anybody' wins",
    "E37": "padding is pooled like a token",
    "E67": "one output and a squared error for a class",
    "E74": "a window that holds its own label",
    "E75": "a network without a rival beside it",
}

LETTERS = {
    "R": "found by a rival that cannot be good",
    "I": "found by an invariance",
    "Z": "found by planted data with the dial at zero",
    "C": "found by changing one input or setting alone",
}

SENTENCES = {
    1: Sentence(
        "98 of 100 cells are right, and hardly a label is ever given",
        "R",
        "Let 'no label for anybody' be judged beside it: it wins.",
        "E35",
    ),
    2: Sentence(
        "the same title has another probability when its batch holds a longer one",
        "I",
        "More padding must change nothing.",
        "E37",
    ),
    3: Sentence(
        "the next action is predicted in 99 of 100 windows",
        "Z",
        "Shuffle the actions: whoever still predicts them reads the label. Or print 'the same "
        "action again' beside it, or change the next action alone: its window must not move.",
        "E74",
        also="RC",
    ),
    4: Sentence(
        "numbering the actions in another order changes the accuracy",
        "I",
        "New names must change nothing.",
        "E67",
    ),
    5: Sentence(
        "log loss 0.41 on the test weeks, says the report, and no more",
        "R",
        "The training shares and a table take two lines; only beside them 0.41 says something.",
        "E75",
    ),
    6: Sentence(
        "tuning the commitment weight from 0.1 to 10 moved nothing",
        "C",
        "Turn it to both ends: the loss must move, or the dial is not connected.",
    ),
    7: Sentence(
        "a customer scored alone gets another score than among 64",
        "I",
        "One row alone must be that row in the batch.",
    ),
    8: Sentence(
        "new products of all categories get one score",
        "C",
        "Give the product another category and nothing else: the score must move.",
    ),
    9: Sentence(
        "a model with one score for all products has a hit rate of 1",
        "R",
        "This model is the rival: a constant knows nothing and must be at chance. Or list the "
        "candidates in another order.",
        also="I",
    ),
    10: Sentence(
        "with the labels drawn by chance the test AUC is still .8",
        "Z",
        "No signal was left, and something was found: a leak.",
    ),
}

RIGHT = {number: one.letter for number, one in SENTENCES.items()}


def check_looks(answer: Any) -> None:
    check_sorted(answer, SENTENCES, LETTERS, "a symptom")


TASK = Task(
    id="54.1",
    prompt="Number of a symptom -> the letter of the look that finds its bug.",
    check_answer=check_looks,
    hints=(
        "Ask of each what you would run next: somebody who cannot be good (R), the same input in "
        "another dress (I), data without a signal (Z), or one input or setting changed alone (C)?",
        "Three are rivals, three invariances, two dials at zero, two changes of one thing; for 3 "
        "and 9 more than one letter is right.",
        "In order: R, I, Z (or R, or C), I, R, C, I, C, R (or I), Z.",
    ),
    insight="Four looks, a minute each, and none needs to know where the bug is.",
    takes="data",
    errata=ERRATA,
)
