"""Task 54.2: F1 of a file that comes in batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number


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


def _counts(batches: Any) -> list[tuple[float, float, float]]:
    return [
        (
            float(np.sum(np.asarray(y, bool) & np.asarray(given, bool))),
            float(np.sum(y, dtype=float)),
            float(np.sum(given, dtype=float)),
        )
        for y, given in batches
    ]


def right_score(batches: Any) -> float:
    true, labels, given = np.sum([(0, 0, 0), *_counts(batches)], axis=0)
    return float(2 * true / (labels + given)) if labels + given else 0.0


def _of(one: tuple[float, float, float]) -> float:
    return 2 * one[0] / (one[1] + one[2]) if one[1] + one[2] else 0.0


def mean_of_batches(batches: Any) -> float:
    return float(np.mean([_of(one) for one in _counts(batches)] or [0]))


def mean_by_rows(batches: Any) -> float:
    rows = [len(y) for y, _ in batches]
    found = [_of(one) for one in _counts(batches)]
    return float(np.average(found, weights=rows)) if sum(rows) else 0.0


def without_empty(batches: Any) -> float:
    return float(np.mean([_of(one) for one in _counts(batches) if one[1]] or [0]))


def accuracy(batches: Any) -> float:
    same = [np.asarray(y) == np.asarray(given) for y, given in batches]
    return float(np.mean(np.concatenate(same))) if sum(map(len, same)) else 0.0


def _precision(batches: Any) -> float:
    true, _, given = np.sum([(0, 0, 0), *_counts(batches)], axis=0)
    return float(true / given) if given else 0.0


def _recall(batches: Any) -> float:
    true, labels, _ = np.sum([(0, 0, 0), *_counts(batches)], axis=0)
    return float(true / labels) if labels else 0.0


def _one_for_nothing(batches: Any) -> float:
    counts = _counts(batches)
    return right_score(batches) if any(one[1] + one[2] for one in counts) else 1.0


MISTAKES: dict[str, Callable[..., Any]] = {
    "F1 is computed batch by batch and averaged: a batch without a label counts as 0": (
        mean_of_batches
    ),
    "the F1 of each batch is weighed by its rows: still a mean of ratios": mean_by_rows,
    "batches without a label are left out: the wrong labels given there are forgotten": (
        without_empty
    ),
    "cells that stay empty count as right": accuracy,
    "labels that were missed are not counted": _precision,
    "labels that were given wrongly are not counted": _recall,
    "no label and none given is 1; the task asks for 0.0": _one_for_nothing,
}


def _shown(case: Case) -> str:
    if sum(len(y) for y, _ in case[0]) > 12:
        return f"f1 of {len(case[0])} batches with {sum(len(y) for y, _ in case[0])} rows"
    return call_of("f1", case)


def check_score(answer: Any) -> None:
    compare(
        leaving(answer, ("batches",), _shown),
        CASES,
        right_score,
        lambda got, case: as_number(got, _shown(case)),
        _shown,
        MISTAKES,
    )


TASK = Task(
    id="54.2",
    prompt="Return the F1 of all rows together, 0.0 where there is no label and none given.",
    check_answer=check_score,
    hints=(
        "F1 is a ratio of counts. Which three counts of a batch may be added up?",
        "Add the true positives, the labels and the labels given over all batches; divide once, "
        "at the end: 2 * true / (labels + given).",
        "y and given as bool: true += (y & given).sum(); labels += y.sum(); given_sum += "
        "given.sum(). Return 0.0 if labels + given_sum is 0.",
    ),
    insight="Add counts, divide once. What is no mean over rows has no mean over batches.",
)
