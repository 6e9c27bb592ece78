"""Task 12.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l12.precision_at_k import (
    any_hit,
    as_whole,
    by_sigmoid,
    capped,
    in_32_bits,
    not_divided,
    one_more,
    only_labelled,
    per_label,
    precision_at,
    recall_at,
    sum_over_rows,
    whole_table,
    worst_first,
)


def _by_partition(y: np.ndarray, scores: np.ndarray, k: int) -> Any:
    top = np.argpartition(scores, -k, axis=1)[:, -k:]
    return np.mean([y[row, columns].sum() / k for row, columns in enumerate(top)])


def _by_ranks(y: np.ndarray, scores: np.ndarray, k: int) -> Any:
    total = 0
    for truth, row in zip(y.tolist(), scores.tolist(), strict=True):
        shown = sorted(range(len(row)), key=lambda j: row[j], reverse=True)[:k]
        total += sum(truth[j] for j in shown)
    return total / (k * len(y))


def _positive_only(y: np.ndarray, scores: np.ndarray, k: int) -> Any:
    """Shows no label whose score is 0 or less."""
    top = np.argsort(-scores, axis=1)[:, :k]
    shown = np.take_along_axis(y * (scores > 0), top, axis=1)
    return shown.mean()


def _plain_softmax(scores: np.ndarray) -> Any:
    with np.errstate(all="ignore"):
        return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


PROOF = Proof(
    task="12.4",
    right=[_by_partition, _by_ranks],
    wrong=[
        Wrong(worst_first, "the k lowest", silent=True),
        Wrong(recall_at, "that is recall", silent=True),
        Wrong(capped, "the smaller of k", silent=True),
        Wrong(per_label, "best products of each label", silent=True),
        Wrong(whole_table, "whole table", silent=True),
        Wrong(any_hit, "hit rate", silent=True),
        Wrong(one_more, "k + 1 labels", silent=True),
        Wrong(only_labelled, "without a true label", silent=True),
        Wrong(sum_over_rows, "summed, not averaged", silent=True),
        Wrong(as_whole, "cut to whole numbers", silent=True),
        Wrong(in_32_bits, "rounded or cut to fewer bits", silent=True),
        Wrong(by_sigmoid, "through a sigmoid", silent=True),
        Wrong(
            lambda y, scores, k: precision_at(y, _plain_softmax(scores), k),
            "[800.0, 801.0]]), 1)",
            silent=True,
        ),
        Wrong(_positive_only, "must be 0.5000, got 0", silent=True),
        Wrong(not_divided, "not divided by k", silent=True),
        Wrong(
            lambda y, scores, k: round(precision_at(y, scores, k), 2),
            "Do not round",
            silent=True,
        ),
    ],
)
