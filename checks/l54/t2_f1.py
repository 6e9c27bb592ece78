"""Task 54.2: F1 of a file that comes in batches."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number

right = LessonAnswer("54.2")
edit, returning = right.edit, right.returning


def _draw(seed: int, batches: int, rows: int, rate: float) -> Case:
    draw = np.random.default_rng(seed)
    return (
        [
            ((draw.random(n) < rate).astype(int), (draw.random(n) < 0.3).astype(int))
            for n in draw.integers(1, rows, batches)
        ],
    )


def _pair(y: list[int], given: list[int], kind: type = int) -> tuple[np.ndarray, np.ndarray]:
    return np.array(y, kind), np.array(given, kind)


CASES: list[Case] = [
    ([_pair([1, 0, 1], [1, 0, 0]), _pair([0, 0], [0, 1])],),
    ([_pair([1, 1], [1, 1])],),
    ([_pair([0, 0], [0, 0]), _pair([0], [0])],),  # no label, none given
    ([_pair([1, 1, 0, 0], [0, 0, 1, 1])],),  # none right
    ([],),
    ([_pair([], []), _pair([1, 0], [1, 1])],),  # an empty batch
    ([_pair([1] * 200, [1] * 150 + [0] * 50, np.int8)],),  # sums beyond 127
    ([_pair([1, 1, 0], [1, 1, 0], bool), _pair([1], [0], bool)],),
    ([_pair([1, 0, 0], [1, 1, 1], np.uint8)],),  # 0 - 1 is 255 there
    _draw(1, 5, 12, 0.2),
    _draw(2, 40, 6, 0.05),
]

RATIO, ROWS = (
    "2 * true / (labels + given) if labels + given",
    "max(sum(len(y) for y, _ in batches), 1)",
)

SLIPS = {
    "F1 is computed batch by batch and averaged: a batch without a label counts as 0": returning(
        "np.mean([right([batch]) for batch in batches] or [0.0])"
    ),
    "the F1 of each batch is weighed by its rows: still a mean of ratios": returning(
        f"sum(len(y) * right([(y, g)]) for y, g in batches) / {ROWS}"
    ),
    "batches without a label are left out: the wrong labels given there are forgotten": returning(
        "np.mean([right([(y, g)]) for y, g in batches if np.any(y)] or [0.0])"
    ),
    "cells that stay empty count as right": returning(
        f"sum(np.sum(y == g) for y, g in batches) / {ROWS}"
    ),
    "labels that were missed are not counted": edit({RATIO: "true / given if given"}),
    "labels that were given wrongly are not counted": edit({RATIO: "true / labels if labels"}),
    "no label and none given is 1; the task asks for 0.0": edit({"else 0.0": "else 1.0"}),
}


def _shown(case: Case) -> str:
    if sum(len(y) for y, _ in case[0]) > 12:
        return f"f1 of {len(case[0])} batches with {sum(len(y) for y, _ in case[0])} rows"
    return call_of("f1", case)


TASK = checked(
    "54.2",
    "Return the F1 of all rows together, 0.0 where there is no label and none given.",
    right,
    CASES,
    SLIPS,
    hints=(
        "F1 is a ratio of counts. Which three counts of a batch may be added up?",
        "Add the true positives, the labels and the labels given over all batches; divide once, "
        "at the end: 2 * true / (labels + given).",
        "y and given as bool: true += (y & given).sum(); labels += y.sum(); given_sum += "
        "given.sum(). Return 0.0 if labels + given_sum is 0.",
    ),
    insight="Add counts, divide once. What is no mean over rows has no mean over batches.",
    shown=_shown,
    read=lambda got, case: as_number(got, _shown(case)),
)
