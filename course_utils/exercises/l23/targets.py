"""Task 23.3: one label a cell, from people and teachers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array, holds_nan, refuse_none
from course_utils.exercises.theirs import shorten

Pair = tuple[np.ndarray, np.ndarray]


def _case(y: Any, known: Any, q: Any, speaks: Any, a: float) -> tuple[Any, ...]:
    speaks = np.array(speaks, bool)
    q = np.where(speaks, np.array(q, float), np.nan)
    return np.array(y, float), np.array(known, bool), q, speaks, a


_CASES = [
    _case([[1, 0], [0, 0]], [[1, 1], [1, 0]], [[0.6, 0.2], [0.1, 0.3]], [[1, 1], [1, 1]], 0.5),
    _case(
        [[1, 0], [0, 1], [1, 0]],
        [[1, 0], [1, 1], [0, 0]],
        [[0.7, 0.4], [0.2, 0.9], [0.3, 0.8]],
        [[1, 0], [0, 1], [1, 1]],
        0.25,
    ),
    _case([[1, 0, 0]], [[1, 0, 0]], [[0.9, 0.05, 0.5]], [[0, 1, 0]], 0.8),
    _case([[0], [1], [0]], [[1], [1], [0]], [[0.3], [0.6], [0.04]], [[1], [1], [1]], 1.0),
    _case([[0, 1], [1, 0]], [[1, 1], [1, 0]], [[0.3, 0.6], [0.04, 0.7]], [[1, 0], [1, 1]], 0.0),
    _case([[1, 1]], [[1, 1]], [[0.3, 0.6]], [[0, 1]], 1.0),
    _case([[0, 0]], [[0, 0]], [[0.5, 0.5]], [[0, 0]], 0.5),
]


def right_targets(y: Any, known: Any, q: Any, speaks: Any, a: float) -> Pair:
    q = np.where(speaks, q, 0.0)
    both = known & speaks
    target = np.where(both, (1 - a) * y + a * q, np.where(speaks, q, np.where(known, y, 0.0)))
    return target, known | speaks


def stacked(answer: Callable[..., Any]) -> Callable[..., np.ndarray]:
    return lambda *case: np.stack([np.asarray(one, float) for one in answer(*case)])


def unknown_is_zero(y: Any, known: Any, q: Any, speaks: Any, a: float) -> Pair:
    target, counts = right_targets(y, np.full(known.shape, True), q, speaks, a)
    return target, known | speaks if counts.any() else counts


def scaled(y: Any, known: Any, q: Any, speaks: Any, a: float) -> Pair:
    target, counts = right_targets(y, known, q, speaks, a)
    return np.where(known & ~speaks, (1 - a) * y, target), counts


def teacher_scaled(y: Any, known: Any, q: Any, speaks: Any, a: float) -> Pair:
    target, counts = right_targets(y, known, q, speaks, a)
    return np.where(~known & speaks, a * np.nan_to_num(q), target), counts


def labelled_alone(y: Any, known: Any, q: Any, speaks: Any, a: float) -> Pair:
    target, _ = right_targets(y, known, q, speaks, a)
    return target * known, known


def teacher_everywhere(y: Any, known: Any, q: Any, speaks: Any, a: float) -> Pair:
    target, counts = right_targets(y, known, q, speaks, a)
    return np.where(speaks, np.nan_to_num(q), target), counts


def both_alone(y: Any, known: Any, q: Any, speaks: Any, a: float) -> Pair:
    target, _ = right_targets(y, known, q, speaks, a)
    return target * (known & speaks), known & speaks


def all_count(y: Any, known: Any, q: Any, speaks: Any, a: float) -> Pair:
    target, _ = right_targets(y, known, q, speaks, a)
    return target, np.full(known.shape, True)


def swapped(y: Any, known: Any, q: Any, speaks: Any, a: float) -> Pair:
    return right_targets(y, known, q, speaks, 1 - a)


MISTAKES: dict[str, Callable[..., Pair]] = {
    "an unknown label is mixed in as a 0: where the label is unknown, q alone is the target": (
        unknown_is_zero
    ),
    "a label without a teacher is multiplied by 1 - a: there y alone is the target": scaled,
    "a teacher without a label is multiplied by a: there q alone is the target": teacher_scaled,
    "cells without a label are left out: if the teacher speaks, such a cell counts": labelled_alone,
    "the teacher replaces the labels that are known": teacher_everywhere,
    "only cells with label and teacher count": both_alone,
    "cells with neither count too, with a target of 0": all_count,
    "a and 1 - a are exchanged: a is the weight of the teacher": swapped,
}


def check_targets(answer: Any) -> None:
    compare(
        answer,
        _CASES,
        stacked(right_targets),
        _read,
        _told,
        {why: stacked(mistake) for why, mistake in MISTAKES.items()},
        _place,
    )


def _read(got: Any, case: Any) -> np.ndarray:
    told, shape = _told(case), case[0].shape
    refuse_none(got, told, "(target, counts)")
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        reject(f"{told} must be a pair (target, counts), got {shorten(got)}.")
    if holds_nan(got[0]):
        reject(
            f"{told}: the target holds nan. q is nan where speaks is False, and nan times 0 is "
            "nan: use np.where."
        )
    target = as_array(got[0], f"{told}: the target", shape)
    counts = got[1]
    if isinstance(counts, np.ndarray) and counts.dtype == bool:
        counts = counts.astype(int)
    return np.stack([target, as_array(counts, f"{told}: counts", shape)])


def _told(case: Any) -> str:
    y, known, q, speaks, a = case
    return with_lines(y=y, known=known, q=q, speaks=speaks, a=a) + "the result of student_targets"


def _place(case: Any, path: tuple[Any, ...]) -> str:
    which, row, column = path
    return f"{_told(case)}: {('the target', 'counts')[which]} at row {row}, task {column}"


TASK = Task(
    id="23.3",
    prompt="Return the targets, and the flags that say whether a cell counts.",
    check_answer=check_targets,
    hints=(
        "Four kinds of cells: label and teacher, label alone, teacher alone, neither.",
        "q is nan where the teacher is silent, and nan times 0 is nan: use np.where.",
        "np.where(known & speaks, (1 - a) * y + a * q, np.where(known, y, q)), then 0 where "
        "neither is there; counts = known | speaks.",
    ),
    insight="At T = 1 these two arrays are all that distillation changes: the loss stays the log "
    "loss, the network stays as it is.",
)
