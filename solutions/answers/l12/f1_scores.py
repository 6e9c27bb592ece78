"""Task 12.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn import metrics as sk

from answers import Proof, Wrong
from course_utils.exercises.l12.f1_scores import (
    added_once,
    by_product,
    by_share,
    cell_accuracy,
    counts_of,
    empty_is_one,
    f1_scores,
    jaccard,
    macro_by,
    means_first,
    no_two,
    swapped,
    with_added,
    without_empty,
    without_unseen,
)


def _with_sklearn(y: np.ndarray, given: np.ndarray) -> Any:
    of = [sk.f1_score(y, given, average=one, zero_division=0) for one in ("micro", "macro")]
    return np.array(of) if y.shape[1] > 1 else [sk.f1_score(y[:, 0], given[:, 0])] * 2


def _with_sklearn_alone(y: np.ndarray, given: np.ndarray) -> Any:
    return [sk.f1_score(y, given, average=one, zero_division=0) for one in ("micro", "macro")]


def _with_loops(y: np.ndarray, given: np.ndarray) -> Any:
    hits = total = 0
    each = []
    for truth, guess in zip(y.T.tolist(), given.T.tolist(), strict=True):
        h = sum(a and b for a, b in zip(truth, guess, strict=True))
        s = sum(truth) + sum(guess)
        hits, total = hits + h, total + s
        each.append(2 * h / s if s else 0.0)
    return (2 * hits / total if total else 0), sum(each) / len(each)


def _rounded_f1(y: np.ndarray, given: np.ndarray) -> Any:
    micro, macro = f1_scores(y, given)
    return round(micro, 3), round(macro, 3)


def _nan_if_empty(y: np.ndarray, given: np.ndarray) -> Any:
    hits, g, t = counts_of(y, given)
    with np.errstate(invalid="ignore"):
        return float(2 * hits.sum() / (g + t).sum()), float((2 * hits / (g + t)).mean())


def _in_8_bits(y: np.ndarray, given: np.ndarray) -> Any:
    return _by_product_of_matrices(y.astype(np.uint8), given.astype(np.uint8))


def _by_product_of_matrices(y: np.ndarray, given: np.ndarray) -> Any:
    """Hits in the type of the arrays: right for 64 bits, too small for 8."""
    hits = np.diag(y.T @ given).astype(float)
    total = (y.sum(axis=0) + given.sum(axis=0)).astype(float)
    each = np.divide(2 * hits, total, out=np.zeros_like(hits), where=total > 0)
    return 2 * hits.sum() / max(total.sum(), 1.0), each.mean()


PROOF = Proof(
    task="12.2",
    right=[_with_sklearn, _with_loops],
    wrong=[
        Wrong(macro_by(without_empty), "nobody gave are left out", silent=True),
        Wrong(macro_by(without_unseen), "labels that no product has", silent=True),
        Wrong(empty_is_one, "nobody gave counts as 1", silent=True),
        Wrong(macro_by(means_first), "mean precision and the mean recall", silent=True),
        Wrong(macro_by(by_share), "weighs each label", silent=True),
        Wrong(by_product, "mean over products", silent=True),
        Wrong(jaccard, "Jaccard", silent=True),
        Wrong(no_two, "factor 2", silent=True),
        Wrong(swapped, "exchanged", silent=True),
        Wrong(_with_sklearn_alone, "takes a single column for two classes", silent=True),
        Wrong(cell_accuracy, "share of right cells", silent=True),
        Wrong(with_added(1e-6), "1e-06 is added below each", silent=True),
        Wrong(with_added(1e-8), "1e-08 is added below each", silent=True),
        Wrong(added_once(1e-4), "0.0001 is added below the fraction", silent=True),
        Wrong(_in_8_bits, "np.repeat([[1, 1], [1, 0], [0, 0]]", silent=True),
        Wrong(_by_product_of_matrices, "dtype=np.int8", silent=True),
        Wrong(_rounded_f1, "Do not round", silent=True),
        Wrong(_nan_if_empty, "macro must be a finite number"),
        Wrong(lambda y, given: f1_scores(y, given)[0], "a pair (micro, macro)"),
    ],
)
