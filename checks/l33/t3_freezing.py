"""Task 33.3: a trunk is said to be frozen; what of it moves?"""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten

KINDS = {"N": "nothing", "W": "weights", "S": "statistics of a normalisation"}

RECIPES = {
    "A": "trunk.trainable = False; then a new Adam over network.trainable_variables",
    "B": "only the head's weights go to a new Adam; the trunk is called with training=True",
    "C": "only the head's weights go to a new Adam; the trunk is called with training=False",
    "D": "the Adam that trained the trunk goes on, and gets zeros as the trunk's gradients",
    "E": "a new Adam gets zeros as the trunk's gradients; training=False",
    "F": "a new AdamW with weight decay gets zeros as the trunk's gradients; training=False",
    "G": "stop_gradient behind the trunk, called with training=True; the head's weights go to Adam",
    "H": "the new head also reads the trunk's embeddings, which learn; the trunk's layers do not",
}

RIGHT = {"A": "N", "B": "S", "C": "N", "D": "W", "E": "N", "F": "W", "G": "S", "H": "W"}

_WHY = {
    "A": "In Keras a normalisation that is not trainable also works as in serving.",
    "B": "The optimizer has no hand in moving averages: the call with training=True moves them.",
    "C": "No optimizer holds the trunk's weights, and its averages stand still in serving.",
    "D": "Adam's step is its running mean of gradients; after one zero that is not zero.",
    "E": "Mean and square of the gradients are 0 from the start, and so is each step.",
    "F": "Decay takes a share of the weight itself, whatever the gradient.",
    "G": "No gradient passes; the forward call with training=True moves the averages.",
    "H": "The old tasks read these embeddings too: what they say of a row changes.",
}


def check_freezing(answer: Any) -> None:
    refuse_none(answer, "The answer", "a dictionary")
    if not isinstance(answer, dict):
        reject(f"Expected a dictionary, letter of a recipe -> N, W or S, got {shorten(answer)}.")
    for letter, right in RIGHT.items():
        if letter not in answer:
            reject(f"There is no entry for {letter}: {RECIPES[letter]}.")
        got = answer[letter]
        kind = got.strip().upper() if isinstance(got, str) else ""
        if kind not in KINDS:
            reject(f"{letter} needs one letter of {', '.join(KINDS)}, got {shorten(got)}.")
        if kind != right:
            reject(f"{letter}: it is not {KINDS[kind]!r}. {_WHY[letter]}")
    more = [key for key in answer if key not in RIGHT]
    if more:
        reject(f"{more[0]!r} is no letter of a recipe.")


TASK = Task(
    id="33.3",
    prompt="Letter of a recipe -> what moves of what the old tasks read: N, W or S.",
    check_answer=check_freezing,
    hints=(
        "Ask twice: which weights does the optimizer hold, and is a normalisation called as in "
        "training?",
        "A gradient of zero is no step of zero: Adam remembers, decay does not ask.",
        "In order: N, S, N, W, N, W, S, W.",
    ),
    insight="Frozen is measured: the old tasks' scores before and after are equal bit by bit.",
    takes="data",
)
