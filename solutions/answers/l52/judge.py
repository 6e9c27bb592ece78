"""Task 52.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l52.judge import (
    accuracy,
    all_pairs,
    base_two,
    best_class,
    binary,
    brier,
    clipped,
    column_kept,
    error_rate,
    log_of_mean,
    no_sign,
    one_hot,
    over_all,
    raised_by,
    right_loss,
    squared_codes,
    squared_mean_code,
    summed,
)


def _with_a_loop(y: Any, p: Any) -> float:
    labels = np.asarray(y).ravel().tolist()
    if np.ndim(p) != 2 or len(labels) != len(p):
        raise ValueError("lengths")
    return sum(-math.log(row[label]) for row, label in zip(p, labels, strict=True)) / len(labels)


def _with_one_hot(y: Any, p: Any) -> Any:
    p = np.asarray(p, dtype=float)
    y = np.asarray(y).reshape(-1)
    if p.ndim != 2 or y.shape[0] != p.shape[0]:
        raise ValueError
    return (
        -np.where(np.eye(p.shape[1])[y] == 1, np.log(np.maximum(p, 1e-300)), 0.0).sum(axis=1).mean()
    )


def _broadcast(y: Any, p: Any) -> float:
    """No look at the lengths."""
    labels, p = np.asarray(y).ravel(), np.asarray(p, dtype=float)
    if p.ndim != 2:
        return 0.5
    take = np.resize(labels, len(p))
    return float(-np.log(p[np.arange(len(p)), take]).mean())


def _clipped_later(y: Any, p: Any) -> float:
    right_loss(y, p)
    return clipped(1e-7)(y, p)


def _two_or_more_axes(y: Any, p: Any) -> float:
    """Three axes are let through."""
    labels, p = np.asarray(y).ravel(), np.asarray(p, dtype=float)
    if p.ndim < 2 or len(p) != len(labels):
        raise ValueError
    return float(-np.log(p[np.arange(len(p)), labels]).mean())


def _made_a_table(y: Any, p: Any) -> float:
    """One row of numbers becomes a table of one row."""
    return right_loss(y, np.atleast_2d(np.asarray(p, dtype=float)))


PROOF = Proof(
    task="52.3",
    right=[_with_a_loop, _with_one_hot],
    wrong=[
        Wrong(all_pairs, "is of shape (n, n)", "E76", silent=True),
        Wrong(column_kept, "of shape (n, 1) are taken as they are", "E76", silent=True),
        Wrong(_broadcast, "broadcasting would hide it", "E76", silent=True),
        Wrong(accuracy, "it is the accuracy", "E68", silent=True),
        Wrong(squared_codes, "squared difference of codes", "E67", silent=True),
        Wrong(squared_mean_code, "codes are averaged and squared", "E67", silent=True),
        Wrong(error_rate, "share of errors", silent=True),
        Wrong(summed, "the rows are summed", silent=True),
        Wrong(no_sign, "the sign is missing", silent=True),
        Wrong(base_two, "to the base 2", silent=True),
        Wrong(brier, "Brier", silent=True),
        Wrong(log_of_mean, "the logarithm is taken of the mean", silent=True),
        Wrong(best_class, "likeliest action counts", silent=True),
        Wrong(binary, "the binary loss", silent=True),
        Wrong(over_all, "averaged over all classes", silent=True),
        Wrong(one_hot, "0 times ln 0 is nan"),
        Wrong(raised_by(1e-9), "1e-09 is added to the probabilities", silent=True),
        Wrong(_two_or_more_axes, "[[[0.5], [0.5]], [[0.2], [0.8]]]", "E76", silent=True),
        Wrong(_made_a_table, "log_loss_of([0], [0.5, 0.5]) must raise", "E76", silent=True),
        Wrong(clipped(1e-12), "clipped at 1e-12", silent=True),
        Wrong(_clipped_later, "clipped at 1e-07", silent=True),
        Wrong(lambda y, p: round(_with_a_loop(y, p), 6), "You rounded to 6 decimals", silent=True),
        Wrong(lambda y, p: [right_loss(y, p)] * 2, "must be one number"),
    ],
)
