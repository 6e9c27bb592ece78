"""Task 41.5: one gradient out of the sums of several workers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array


def _draw(seed: int, workers: int, tasks: int, size: int) -> Case:
    draw = np.random.default_rng(seed)
    counts = draw.integers(0, 40, (workers, tasks))
    sums = draw.normal(size=(workers, tasks, size)).round(3) * counts[:, :, None]
    return sums, counts, draw.uniform(0.1, 2.0, tasks).round(2)


_CASES: list[Case] = [
    (np.array([[[6.0]], [[4.0]]]), np.array([[1], [9]]), np.array([1.0])),
    (np.array([[[2.0, 4.0], [3.0, 0.0]], [[6.0, 0.0], [0.0, 0.0]]]),
     np.array([[4, 1], [4, 0]]), np.array([1.0, 0.1])),
    (np.array([[[1.0, 2.0]]]), np.array([[5]]), np.array([2.0])),
    # Nobody has a label of the second task.
    (np.array([[[1.0], [0.0]], [[3.0], [0.0]]]), np.array([[2, 0], [2, 0]]), np.array([1.0, 1.0])),
    # A small integer type: 100 + 100 does not fit into it.
    (np.array([[[50.0]], [[70.0]]]), np.array([[100], [100]], np.int8), np.array([1.0])),
    _draw(1, 2, 4, 3),
    _draw(10, 3, 2, 5),  # no terms that cancel: 32 bits pass
    _draw(3, 8, 3, 1),
]  # fmt: skip


def _shares(sums: Any, counts: Any) -> tuple[np.ndarray, np.ndarray]:
    return np.asarray(sums, float), np.asarray(counts, float)


def right_gradient(sums: Any, counts: Any, weights: Any) -> np.ndarray:
    of, n = _shares(sums, counts)
    means = of.sum(0) / np.maximum(n.sum(0), 1)[:, None]
    return np.asarray(weights) @ means


def mean_of_means(sums: Any, counts: Any, weights: Any) -> np.ndarray:
    of, n = _shares(sums, counts)
    return np.asarray(weights) @ (of / np.maximum(n, 1)[:, :, None]).mean(0)


def mean_of_those_with_labels(sums: Any, counts: Any, weights: Any) -> np.ndarray:
    of, n = _shares(sums, counts)
    means = (of / np.maximum(n, 1)[:, :, None]).sum(0)
    return np.asarray(weights) @ (means / np.maximum((n > 0).sum(0), 1)[:, None])


def _all_rows(sums: Any, counts: Any, weights: Any) -> np.ndarray:
    of, n = _shares(sums, counts)
    return np.asarray(weights) @ of.sum(0) / max(n.sum(), 1)


def _most_rows(sums: Any, counts: Any, weights: Any) -> np.ndarray:
    of, n = _shares(sums, counts)
    return np.asarray(weights) @ of.sum(0) / max(n.sum(0).max(), 1)


def _overflow(sums: Any, counts: Any, weights: Any) -> np.ndarray:
    found = np.zeros(np.shape(counts)[1], np.asarray(counts).dtype)
    with np.errstate(all="ignore"):
        for row in np.asarray(counts):
            found = found + row
    return np.asarray(weights) @ (np.sum(sums, 0) / np.where(found == 0, 1, found)[:, None])


def _wrapped(sums: Any, counts: Any, weights: Any) -> np.ndarray:
    """The same, and what became negative is made 1."""
    found = np.asarray(counts).sum(0, dtype=np.asarray(counts).dtype)
    return np.asarray(weights) @ (np.sum(sums, 0) / np.maximum(found, 1)[:, None])


def _no_guard(sums: Any, counts: Any, weights: Any) -> np.ndarray:
    of, n = _shares(sums, counts)
    with np.errstate(all="ignore"):
        return np.asarray(weights) @ (of.sum(0) / n.sum(0)[:, None])


MISTAKES: dict[str, Callable[..., Any]] = {
    "each worker divides by its own count and the means are averaged: a worker with one label "
    "counts as much as one with nine": mean_of_means,
    "the means of the workers that have a label are averaged: still each worker counts alike": (
        mean_of_those_with_labels
    ),
    "the workers' means are added up": lambda sums, counts, weights: (
        mean_of_means(sums, counts, weights) * len(counts)
    ),
    "all tasks are divided by the rows of all tasks": _all_rows,
    "all tasks are divided by the count of the task with most labels": _most_rows,
    "nothing is divided": lambda sums, counts, weights: np.asarray(weights) @ np.sum(sums, 0),
    "the tasks' weights are left out": lambda sums, counts, weights: right_gradient(
        sums, counts, np.ones(len(weights))
    ),
    "the sum is divided by the number of workers once more": lambda sums, counts, weights: (
        right_gradient(sums, counts, weights) / len(counts)
    ),
    "counts are added in their own small integer type and overflow": _overflow,
    "counts are added in their own small integer type: 100 + 100 is -56 in int8, and a maximum "
    "with 1 hides it; counts.sum(axis=0) adds in int64": _wrapped,
}


def check_gradient(answer: Any) -> None:
    names = ("sums", "counts", "weights")
    compare(leaving(answer, names, _told), _CASES, right_gradient, _read, _told, MISTAKES)


def _told(case: Case) -> str:
    sums, counts, _ = case
    if np.size(sums) > 8:
        return f"gradient of {len(counts)} workers and {np.shape(counts)[1]} tasks"
    return call_of("gradient", case)


def _read(got: Any, case: Case) -> np.ndarray:
    return as_array(got, _told(case), (np.shape(case[0])[2],))


TASK = Task(
    id="41.5",
    prompt="Return the gradient that one process would have on the whole batch.",
    check_answer=check_gradient,
    hints=(
        "A mean over the whole batch has one sum above and one count below, both over all workers.",
        "Add up sums and counts over the workers first, divide then, task by task.",
        "means = sums.sum(0) / np.maximum(counts.sum(0), 1)[:, None]; return weights @ means. "
        "NumPy's sum takes a wider type than int8 by itself.",
    ),
    insight="Send sums and counts, never means: a mean forgets how many labels it stands for.",
)
