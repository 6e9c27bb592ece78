"""Task 40.6: the article's answer, sentence by sentence."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import among
from course_utils.exercises.theirs import shorten

ERRATA = {
    "E20": "task weights and a weighted loss are one method",
    "E21": "no diagnosis",
    "E22": "weights set a ratio; they make no room",
    "E23": "separate models are the baseline",
    "E24": "students of one model are separate models again; the usual form is the reverse",
    "E25": "architectures, gradient methods, grouping, verification and cost are missing",
}

WORDS = {
    "a separate model for each task": "D",
    "four remedies, and no diagnosis": "B",
    "nothing on gates, gradients, grouping or how to verify": "F",
    "give each task a weight, to balance what matters": "C",
    "one complex model teaches several simple ones": "E",
    "task weights, and a weighted loss": "A",
}

_WHY = {
    "task weights, and a weighted loss": (
        "Multiply the losses or weigh the tasks: the trained weights are equal to the last bit, so "
        "the list has three methods, not four.",
        "E20",
    ),
    "four remedies, and no diagnosis": (
        "How does one know that there is a conflict, and of which kind? Twins come first.",
        "E21",
    ),
    "give each task a weight, to balance what matters": (
        "Under Adam only the ratio of the weights counts, and it chooses whose loss is given up.",
        "E22",
    ),
    "a separate model for each task": (
        "With separate models nothing conflicts, and no task gains from another. They are what "
        "sharing must beat, at K times the trunk.",
        "E23",
    ),
    "one complex model teaches several simple ones": (
        "The students share nothing, so they are separate models again, with softer labels. In "
        "papers K teachers teach one student.",
        "E24",
    ),
    "nothing on gates, gradients, grouping or how to verify": (
        "It is not a wrong sentence; it is what the answer leaves out.",
        "E25",
    ),
}


def check_article(answer: Any) -> None:
    if not isinstance(answer, dict):
        reject(f"Expected a dictionary, part -> letter, got {shorten(answer)}.")
    for part, letter in WORDS.items():
        if part not in answer:
            reject(f"There is no entry for {part!r}.")
        got = answer[part]
        if not among(got, "ABCDEF"):
            reject(f"{part!r} needs one letter from A to F as text, got {shorten(got)}.")
        if got != letter:
            why, erratum = _WHY[part]
            reject(f"{part!r} is not {got}. {why}", erratum)
    strange = [part for part in answer if part not in WORDS]
    if strange:
        reject(f"{strange[0]!r} is none of the parts.")


TASK = Task(
    id="40.6",
    prompt="What is wrong with each part of the article's answer.",
    check_answer=check_article,
    hints=(
        "Two parts are about the whole answer: one says what is missing at its beginning, the "
        "other what is missing everywhere.",
        "Separate models are what sharing is measured against; the students of one teacher are "
        "separate models as well, with other labels.",
        "In the order of the text: D, B, F, C, E, A.",
    ),
    insight="The four methods are two: weights, counted twice, and separate models, once plain and "
    "once as students. A weight sets a ratio and makes no room.",
    takes="data",
    errata=ERRATA,
)
