"""50.4: the area under the precision-recall curve, the mean over labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.metrics import auc, precision_recall_curve, roc_auc_score

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l50.shared import ERRATA, call_of, compare_named
from course_utils.exercises.reading import as_number

_DRAW = np.random.default_rng(503)


def _drawn(rows: int, labels: int, levels: int, share: float) -> Case:
    p = _DRAW.integers(levels, size=(rows, labels)) / levels
    return (_DRAW.random((rows, labels)) < share).astype(int), p


CASES: list[Case] = [
    (np.array([[1, 0], [0, 1], [1, 0]]), np.array([[0.9, 0.2], [0.8, 0.1], [0.3, 0.1]])),
    (np.array([[1, 1], [1, 1]]), np.array([[0.4, 0.6], [0.7, 0.2]])),
    (np.array([[1, 0, 0], [0, 0, 1]]), np.array([[0.1, 0.5, 0.5], [0.4, 0.5, 0.5]])),
    (np.array([[0], [0], [1]], np.int8), np.array([[0.5], [0.5], [0.5]])),
    (np.array([[1], [0], [1], [0]]), np.array([[0.6], [0.6], [0.2], [0.1]])),
    (np.array([[1, 0], [0, 0]]), np.array([[0.0, 1.0], [0.0, 0.3]])),
    _drawn(9, 3, 5, 0.4),
    (np.array([[0, 1], [1, 0], [0, 1]]), np.array([[3.0, -2.0], [1.5, 0.5], [0.5, -0.5]])),
    # A rare label far down: its result is below 0.1.
    (np.repeat([[0], [1]], [29, 1], axis=0), np.linspace(0.99, 0.01, 30).round(3)[:, None]),
]
"""Of each at least one label has a positive."""


def ap_of(y: np.ndarray, p: np.ndarray) -> float:
    """Average precision of one label; rows with the same score enter together."""
    total, recall = 0.0, 0.0
    for cut in np.unique(p)[::-1]:
        given = p >= cut
        reached = y[given].sum() / y.sum()
        total += (reached - recall) * y[given].mean()
        recall = reached
    return float(total)


def pr_auc(y: np.ndarray, p: np.ndarray) -> float:
    return _mean(ap_of)(y, p)


def _mean(of_label: Callable[..., float]) -> Callable[..., float]:
    """The mean over the labels that a row has."""

    def result(y: np.ndarray, p: np.ndarray) -> float:
        some = np.flatnonzero(y.any(axis=0))
        return float(np.mean([of_label(y[:, j].astype(int), p[:, j]) for j in some]))

    return result


def row_by_row(y: np.ndarray, p: np.ndarray) -> float:
    """Rows with the same score one after the other, as they stand."""
    hits = y[np.argsort(-p, kind="stable")]
    return float((hits * hits.cumsum() / np.arange(1, len(y) + 1)).sum() / y.sum())


def trapezoid(y: np.ndarray, p: np.ndarray) -> float:
    precision, recall, _ = precision_recall_curve(y, p)
    return float(auc(recall, precision))


def at_half(y: np.ndarray, p: np.ndarray) -> float:
    given = p >= 0.5
    return float(2 * (y * given).sum() / (given.sum() + y.sum()))


def highest_is_highest(y: np.ndarray, p: np.ndarray) -> float:
    """What Keras calls 'accuracy' for several sigmoids."""
    return float((y.argmax(axis=1) == p.argmax(axis=1)).mean())


def right_cells(y: np.ndarray, p: np.ndarray) -> float:
    return float((y == (p >= 0.5)).mean())


def all_cells(y: np.ndarray, p: np.ndarray) -> float:
    return ap_of(y.ravel().astype(int), p.ravel())


def with_zeros(y: np.ndarray, p: np.ndarray) -> float:
    return float(pr_auc(y, p) * y.any(axis=0).mean())


def by_product(y: np.ndarray, p: np.ndarray) -> float:
    return pr_auc(y.T, p.T)


def weighted(y: np.ndarray, p: np.ndarray) -> float:
    some = np.flatnonzero(y.any(axis=0))
    each = [ap_of(y[:, j].astype(int), p[:, j]) for j in some]
    return float(np.average(each, weights=y[:, some].sum(axis=0)))


def of_binary_labels(y: np.ndarray, p: np.ndarray) -> float:
    """The ROC of labels that some rows have and some have not."""
    some = np.flatnonzero(y.any(axis=0) & ~y.all(axis=0))
    return float(np.mean([roc_auc_score(y[:, j], p[:, j]) for j in some])) if len(some) else 1.0


HIGHEST = "each row is asked for its highest score only: that is what Keras calls accuracy"
CELLS = "the share of right cells is returned, and most cells are 0"
MISTAKES: dict[str, Callable[..., float]] = {
    HIGHEST: highest_is_highest,
    CELLS: right_cells,
    "rows with the same score enter one after the other: they enter together": _mean(row_by_row),
    "the points are joined by straight lines: each precision counts for its step of recall": (
        _mean(trapezoid)
    ),
    "the area under the ROC curve is returned, not that of precision and recall": (
        of_binary_labels
    ),
    "all cells are one long list: take each label for itself": all_cells,
    "a label that no row has counts as 0: leave it out": with_zeros,
    "rows and columns are exchanged: a label is a column": by_product,
    "labels are weighted by how frequent they are": weighted,
    "F1 at 0.5 is returned: no threshold is asked for": _mean(at_half),
    "the lowest scores come first": lambda y, p: pr_auc(y, -p),
}


def check_pr_auc(answer: Any) -> None:
    compare_named(
        "pr_auc",
        answer,
        CASES,
        pr_auc,
        lambda value, case: as_number(value, f"{call_of('pr_auc', case)}: the result"),
        MISTAKES,
        {HIGHEST: "E34", CELLS: "E35"},
    )


TASK = Task(
    id="50.4",
    prompt="Return the mean over labels of the average precision.",
    check_answer=check_pr_auc,
    hints=(
        "For one label go through its different scores, highest first; at each, all rows with "
        "this score or more have the label.",
        "At each score: precision = y[given].mean(), recall = y[given].sum() / y.sum(); add "
        "precision times the gain in recall.",
        "for cut in np.unique(p[:, j])[::-1]: given = p[:, j] >= cut, then as in hint 2. Leave out "
        "columns without a 1, and take the mean of the others.",
    ),
    insight="No threshold, and no credit for cells that are 0 anyway.",
    errata=ERRATA,
)
