"""Task 54.4: five encoders seen from outside: what does each do?"""

from __future__ import annotations

from typing import Any

from course_utils.exercises.engine import Task
from course_utils.exercises.sorting import Sentence, check_sorted

ERRATA = {
    "E71": "an input that is asked for and never read",
    "E72": "padding is read like a step",
    "E74": "a state that knows a later step",
}

LETTERS = {
    "R": "right",
    "B": "one that reads the other visits of the batch",
    "F": "one that reads the future",
    "P": "one that lets padding count",
    "N": "one that never reads the past",
}

SENTENCES = {
    1: Sentence(
        "encoder 1",
        "B",
        "Give it one visit alone, then the same visit among others: its states differ.",
    ),
    2: Sentence(
        "encoder 2",
        "F",
        "Change the last step alone: an earlier state moves.",
        "E74",
    ),
    3: Sentence(
        "encoder 3",
        "R",
        "It passes all four: alone and in a batch, longer padding, a changed last step, a "
        "changed first step.",
    ),
    4: Sentence(
        "encoder 4",
        "P",
        "Put two padded steps in front of a visit: the states of its real steps move. The "
        "numbers of the padding are not read; its steps are counted.",
        "E72",
    ),
    5: Sentence(
        "encoder 5",
        "N",
        "Change the first step alone: no later state moves.",
        "E71",
    ),
}

RIGHT = {number: one.letter for number, one in SENTENCES.items()}


def check_encoders(answer: Any) -> None:
    check_sorted(answer, SENTENCES, LETTERS, "an encoder")


TASK = Task(
    id="54.4",
    prompt="Number of an encoder -> the letter of what it does.",
    check_answer=check_encoders,
    hints=(
        "Four looks: x[:1] against x; two columns of zeros in front, real False there; the last "
        "step changed; the first step changed. Each needs one line and np.allclose.",
        "np.pad(x, [(0, 0), (2, 0), (0, 0)]) and np.pad(real, [(0, 0), (2, 0)]) fill up in front; "
        "compare [:, 2:] with the states of before. One encoder passes all four looks.",
        "In order: B, F, R, P, N.",
    ),
    insight="You have not read a line of theirs. Behaviour was enough.",
    takes="data",
    errata=ERRATA,
)
