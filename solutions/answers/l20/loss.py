"""Task 20.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import log_loss

from answers import Proof, Wrong
from course_utils.exercises.l20.loss import (
    all_rows_below,
    base_two,
    capped,
    clipped,
    each_row_once,
    first_mask_ignored,
    label_one_only,
    last_mask_ignored,
    log_losses,
    mean_over_tasks,
    no_mask,
    no_weights,
    pooled,
    right_loss,
    squared,
    stops_at_empty,
    sum_over_rows,
    weights_to_one,
)


def _loss_by_loops(p: Any, y: Any, mask: Any, weights: Any) -> Any:
    total = 0.0
    for k, weight in enumerate(weights):
        chosen = [i for i in range(len(p)) if mask[i][k]]
        chances = [p[i][k] if y[i][k] == 1 else 1 - p[i][k] for i in chosen]
        if chances:
            total += weight * sum(-np.log(chance) for chance in chances) / len(chances)
    return np.array([total])


def _loss_by_average(p: Any, y: Any, mask: Any, weights: Any) -> np.float64:
    each = [
        np.average(log_losses(p[:, k], y[:, k]), weights=mask[:, k]) if mask[:, k].any() else 0.0
        for k in range(p.shape[1])
    ]
    return np.sum(np.multiply(each, weights))


def _nan_for_empty(p: Any, y: Any, mask: Any, weights: Any) -> float:
    with np.errstate(invalid="ignore"):
        return float((log_losses(p, y) * mask).sum(axis=0) / mask.sum(axis=0) @ weights)


def _with_sklearn(p: Any, y: Any, mask: Any, weights: Any) -> float:
    total = 0.0
    for k in np.flatnonzero(mask.any(axis=0)):
        rows = mask[:, k]
        total += weights[k] * log_loss(y[rows, k], p[rows, k], labels=[0, 1])
    return total


def _shifted_off_zero(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return right_loss(p + 1e-12, y, mask, weights)


def _in_32_bits(p: Any, y: Any, mask: Any, weights: Any) -> Any:
    p, y = np.float32(p), np.float32(y)
    losses = -np.log(np.where(y == 1, p, 1 - p)) * mask
    return losses.sum(axis=0) / np.maximum(mask.sum(axis=0), 1) @ weights


def _nan_for_all_empty(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return right_loss(p, y, mask, weights) if mask.any() else float("nan")


def _zero_for_one_row(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return right_loss(p, y, mask, weights) if len(p) > 1 else 0.0


def _word_for_empty(p: Any, y: Any, mask: Any, weights: Any) -> Any:
    return right_loss(p, y, mask, weights) if mask.any(axis=0).all() else "none"


def _dict_for_empty(p: Any, y: Any, mask: Any, weights: Any) -> Any:
    return right_loss(p, y, mask, weights) if mask.any(axis=0).all() else {}


def _rounded_loss(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return round(right_loss(p, y, mask, weights), 4)


def _rounded_on_the_way(p: Any, y: Any, mask: Any, weights: Any) -> float:
    losses = log_losses(p, y).round(5) * mask
    return float(losses.sum(axis=0) / np.maximum(mask.sum(axis=0), 1) @ weights)


PROOF = Proof(
    task="20.1",
    right=[_loss_by_loops, _loss_by_average, _in_32_bits],
    wrong=[
        Wrong(no_mask, says="the mask is not used", silent=True),
        Wrong(all_rows_below, says="divided by all rows", silent=True),
        Wrong(sum_over_rows, says="summed, not averaged", silent=True),
        Wrong(no_weights, says="the weights are not used", silent=True),
        Wrong(mean_over_tasks, says="divided by their number", silent=True),
        Wrong(weights_to_one, says="scaled to a sum of 1", silent=True),
        Wrong(pooled, says="pooled into one mean", silent=True),
        Wrong(base_two, says="base 2", silent=True),
        Wrong(label_one_only, says="the half for label 0", silent=True),
        Wrong(squared, says="the squared error is taken", silent=True),
        Wrong(_nan_for_empty, says="a task without any row adds 0"),
        Wrong(first_mask_ignored, says="the mask of the first task", silent=True),
        Wrong(last_mask_ignored, says="the mask of the last task", silent=True),
        Wrong(stops_at_empty, says="after one without rows are left out", silent=True),
        Wrong(
            clipped(0.05),
            says="p = np.array([[0.0001, 0.9998779296875], [0.9998779296875, 0.0001]",
            silent=True,
        ),
        Wrong(clipped(1e-7), says="p is clipped at 1e-07; do not clip it", silent=True),
        Wrong(clipped(1e-15), says="p is clipped at 1e-15; do not clip it", silent=True),
        Wrong(_with_sklearn, says="as scikit-learn's log_loss does", silent=True),
        Wrong(capped, says="cut off at -100", silent=True),
        Wrong(
            lambda *batch: round(right_loss(*batch), 6),
            says="rounded to 6 decimals",
            silent=True,
        ),
        Wrong(_shifted_off_zero, says="p = np.array([[1e-20, 0.4]", silent=True),
        Wrong(each_row_once, says="a row that stands twice counts once", silent=True),
        Wrong(_nan_for_all_empty, says="[[False, False], [False, False]]", silent=True),
        Wrong(_zero_for_one_row, says="got 0.", silent=True),
        Wrong(_word_for_empty, says="must be one number, got str 'none'", silent=True),
        Wrong(_dict_for_empty, says="must be one number, got dict {}", silent=True),
        Wrong(_rounded_loss, says="rounded to 4 decimals", silent=True),
        Wrong(_rounded_on_the_way, says="also not on the way", silent=True),
    ],
)
