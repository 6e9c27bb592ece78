"""Task 20.1: the multi-task loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import xlogy

from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

Batch = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def log_losses(p: Any, y: Any) -> np.ndarray:
    return -xlogy(y, p) - xlogy(1 - np.asarray(y), 1 - np.asarray(p))


def right_loss(p: Any, y: Any, mask: Any, weights: Any) -> float:
    losses = np.ma.array(log_losses(p, y), mask=~np.asarray(mask))
    return float(np.dot(losses.mean(axis=0).filled(0.0), weights))


def _batch(p: Any, y: Any, mask: Any, weights: Any) -> Batch:
    """A batch from plain numbers, the mask written as 0 and 1."""
    return np.array(p), np.array(y, float), np.array(mask, bool), np.array(weights)


_THREE = [[0.2, 0.6, 0.7], [0.9, 0.3, 0.4], [0.35, 0.8, 0.15]]
_HIGH = 1 - 2**-13  # 32 bits hold it exactly
_LABELS = [[0, 1, 1], [1, 0, 1], [1, 1, 0]]

_BATCHES = [
    _batch([[0.5, 0.25], [0.5, 0.9]], [[1, 0], [0, 0]], [[1, 1], [1, 0]], [1, 2]),
    _batch([[0.2, 0.6], [0.9, 0.3], [0.4, 0.8]], [[0, 1], [1, 0], [1, 1]], [[1, 0], [0, 0], [1, 1]],
           [0.5, 3]),
    _batch([[0.7, 0.1], [0.4, 0.45], [0.3, 0.85]], [[1, 0], [0, 1], [0, 0]],
           [[0, 1], [1, 1], [0, 0]], [1.5, 0.7]),
    _batch(_THREE, _LABELS, [[1, 0, 1], [1, 1, 1], [0, 1, 0]], [2, 0, 0.6]),
    _batch([[0.3], [0.6], [0.9]], [[1], [1], [0]], [[1], [0], [1]], [0.8]),
    _batch([[0.0001, _HIGH], [_HIGH, 0.0001], [0.5, 0.4]], [[1, 1], [1, 0], [0, 1]],
           [[1, 1], [1, 0], [0, 1]], [1, 2]),
    _batch([[0.0001, _HIGH], [_HIGH, 0.6]], [[0, 0], [0, 1]], [[1, 1], [0, 1]], [1, 2]),
    _batch([[0.3, 0.6]], [[1, 0]], [[1, 1]], [1.5, 2]),
    _batch([[0.3, 0.6]], [[1, 0]], [[1, 0]], [1.5, 2]),
    _batch(_THREE, _LABELS, [[0, 1, 0], [0, 1, 1], [0, 0, 1]], [1, 2, 3]),
    _batch(_THREE, _LABELS, [[1, 0, 0], [1, 0, 1], [0, 0, 1]], [1, 2, 3]),
    _batch(_THREE, _LABELS, [[1, 1, 0], [1, 0, 0], [0, 1, 0]], [1, 2, 3]),
    _batch([[0.2, 0.6], [0.9, 0.3]], [[0, 1], [1, 1]], [[0, 0], [0, 0]], [1, 2]),
    # One row twice: it counts twice.
    _batch([[0.3, 0.6], [0.3, 0.6], [0.9, 0.2]], [[1, 0], [1, 0], [0, 1]],
           [[1, 1], [1, 1], [1, 0]], [1, 2]),
    # As near to 0 and to 1 as 32 bits can be told from them, and a p that is cut nowhere.
    _batch([[1e-20, 0.4], [1 - 2**-24, 1e-20]], [[1, 1], [0, 1]], [[1, 1], [1, 1]], [1, 2]),
    # The smallest p of 32 bits, with a log loss above 100; and a result below 0.1.
    _batch([[2**-149, 0.4]], [[1, 0]], [[1, 1]], [1, 2]),
    _batch([[0.95]], [[1]], [[1]], [1]),
]  # fmt: skip


def check_loss(answer: Any) -> None:
    compare(
        answer,
        _BATCHES,
        right_loss,
        lambda value, batch: as_number(value, _told(batch)),
        _told,
        _LOSS_MISTAKES,
    )


def _told(batch: Any) -> str:
    p, y, mask, weights = batch
    told = with_lines(p=p, y=y, mask=mask, weights=weights)
    if not mask.any(axis=0).all():
        told += "(where a task without any row adds 0) "
    return f"{told}the result"


def no_mask(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float(log_losses(p, y).mean(axis=0) @ weights)


def all_rows_below(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float((log_losses(p, y) * mask).mean(axis=0) @ weights)


def sum_over_rows(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float((log_losses(p, y) * mask).sum(axis=0) @ weights)


def no_weights(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return right_loss(p, y, mask, np.ones(len(weights)))


def mean_over_tasks(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return right_loss(p, y, mask, weights) / len(weights)


def weights_to_one(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return right_loss(p, y, mask, weights / weights.sum())


def pooled(p: Any, y: Any, mask: Any, weights: Any) -> float:
    """Without any row nan, which stands for all that the mistake may give there."""
    return float((log_losses(p, y) * mask * weights).sum() / mask.sum())


def base_two(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return right_loss(p, y, mask, weights) / float(np.log(2))


def label_one_only(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float((-y * np.log(p) * mask).sum(axis=0) / np.maximum(mask.sum(axis=0), 1) @ weights)


def first_mask_ignored(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return right_loss(p, y, np.c_[np.full(len(p), True), mask[:, 1:]], weights)


def last_mask_ignored(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return right_loss(p, y, np.c_[mask[:, :-1], np.full(len(p), True)], weights)


def stops_at_empty(p: Any, y: Any, mask: Any, weights: Any) -> float:
    before = np.logical_and.accumulate(mask.any(axis=0))
    return right_loss(p, y, mask & before, weights)


def clipped(edge: float) -> Callable[..., float]:
    return lambda p, y, mask, weights: right_loss(np.clip(p, edge, 1 - edge), y, mask, weights)


def capped(p: Any, y: Any, mask: Any, weights: Any) -> float:
    losses = np.ma.array(np.minimum(log_losses(p, y), 100), mask=~mask)
    return float(np.dot(losses.mean(axis=0).filled(0.0), weights))


def each_row_once(p: Any, y: Any, mask: Any, weights: Any) -> float:
    rows = np.unique(np.c_[p, y, mask], axis=0)
    p, y, mask = np.split(rows, 3, axis=1)
    return right_loss(p, y, mask.astype(bool), weights)


def squared(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float(((p - y) ** 2 * mask).sum(axis=0) / np.maximum(mask.sum(axis=0), 1) @ weights)


_LOSS_MISTAKES: dict[str, Callable[..., float]] = {
    "the mask is not used: rows outside a task's sample space count too": no_mask,
    "the mask of the first task is not used": first_mask_ignored,
    "the mask of the last task is not used": last_mask_ignored,
    "the sum is divided by all rows, not by the rows that count for the task": all_rows_below,
    "the losses of the rows are summed, not averaged": sum_over_rows,
    "the weights are not used": no_weights,
    "the sum over tasks is divided by their number": mean_over_tasks,
    "the weights are scaled to a sum of 1": weights_to_one,
    "all tasks are pooled into one mean, so the task with more rows counts more": pooled,
    "the logarithm has base 2, the log loss takes the natural one": base_two,
    "only label 1 is scored, the half for label 0 is missing": label_one_only,
    "the squared error is taken, not the log loss": squared,
    "the sign is wrong": lambda *batch: -right_loss(*batch),
    "the tasks after one without rows are left out": stops_at_empty,
    "a row that stands twice counts once": each_row_once,
    "the logarithm is cut off at -100, as PyTorch's BCELoss does": capped,
    **{
        f"p is clipped at {edge:g}; do not clip it": clipped(edge)
        for edge in (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5)
    },
    "p is clipped at 2.2e-16, as scikit-learn's log_loss does; do not clip it": clipped(
        np.finfo(float).eps
    ),
}


TASK = Task(
    id="20.1",
    prompt="Return the weighted sum of each task's mean log loss over its own rows.",
    check_answer=check_loss,
    hints=(
        "First compute the log loss of every cell, an array [n, K]. Then decide which count.",
        "For each task: sum the cells whose mask is True, divide by how many there are.",
        "np.where(y == 1, -np.log(p), -np.log(1 - p)) gives the cells; multiply by the mask, "
        "sum over axis 0, divide by mask.sum(axis=0) (by 1 where that is 0), then weight.",
    ),
    insight="Each task is averaged over its own rows, so at equal weights 200 clicked rows count "
    "as much as 1,000 shown rows, and one clicked row as much as five shown rows. A weight sets "
    "how much of the trunk a task may shape. That a task matters is no reason for a higher weight.",
)
