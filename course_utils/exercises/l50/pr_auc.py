"""50.4: the area under the precision-recall curve, the mean over labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.metrics import auc, precision_recall_curve, roc_auc_score

from course_utils.exercises.asking import GotNone, Rejected, reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l50.shared import ERRATA, call_of, compare_named
from course_utils.exercises.reading import as_number, holds_nan

_DRAW = np.random.default_rng(503)


def _drawn(rows: int, labels: int, levels: int, share: float) -> Case:
    p = _DRAW.integers(levels, size=(rows, labels)) / levels
    return (_DRAW.random((rows, labels)) < share).astype(int), p


# The last one's label is rare and far down: its result is below 0.1.
CASES: list[Case] = [
    (np.array([[1, 0], [0, 1], [1, 0]]), np.array([[0.9, 0.2], [0.8, 0.1], [0.3, 0.1]])),
    (np.array([[1, 1], [1, 1]]), np.array([[0.4, 0.6], [0.7, 0.2]])),
    (np.array([[1, 0, 0], [0, 0, 1]]), np.array([[0.1, 0.5, 0.5], [0.4, 0.5, 0.5]])),
    (np.array([[0], [0], [1]], np.int8), np.array([[0.5], [0.5], [0.5]])),
    (np.array([[1], [0], [1], [0]]), np.array([[0.6], [0.6], [0.2], [0.1]])),
    (np.array([[1, 0], [0, 0]]), np.array([[0.0, 1.0], [0.0, 0.3]])),
    _drawn(9, 3, 5, 0.4),
    (np.array([[0, 1], [1, 0], [0, 1]]), np.array([[3.0, -2.0], [1.5, 0.5], [0.5, -0.5]])),
    # More rows than eight bits can count.
    (np.ones((300, 1), np.int8), np.full((300, 1), 0.5)),
    (np.repeat([[0], [1]], [29, 1], axis=0), np.linspace(0.99, 0.01, 30).round(3)[:, None]),
]


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
        return float(np.mean([of_label(y[:, j], p[:, j]) for j in some]))

    return result


def _one_by_one(order: Callable[..., np.ndarray]) -> Callable[..., float]:
    """Rows with the same score one after the other, in some order."""

    def of_label(y: np.ndarray, p: np.ndarray) -> float:
        hits = y[order(y, p)]
        return float((hits * hits.cumsum() / np.arange(1, len(y) + 1)).sum() / y.sum())

    return _mean(of_label)


def _in_its_type(y: np.ndarray, p: np.ndarray) -> float:
    """``given @ y``, which keeps a short integer type."""
    given = p >= np.unique(p)[::-1, None]
    hits = given @ y
    return float(np.diff(hits / y.sum(), prepend=0) @ (hits / given.sum(axis=1)))


true_first = _one_by_one(lambda y, p: np.lexsort((-y, -p)))
false_first = _one_by_one(lambda y, p: np.lexsort((y, -p)))


def highest_is_highest(y: np.ndarray, p: np.ndarray) -> float:
    """What Keras calls 'accuracy' for several sigmoids."""
    return float((y.argmax(axis=1) == p.argmax(axis=1)).mean())


def right_cells(y: np.ndarray, p: np.ndarray) -> float:
    return float((y == (p >= 0.5)).mean())


def weighted(y: np.ndarray, p: np.ndarray) -> float:
    some = np.flatnonzero(y.any(axis=0))
    each = [ap_of(y[:, j].astype(int), p[:, j]) for j in some]
    return float(np.average(each, weights=y[:, some].sum(axis=0)))


def of_binary_labels(y: np.ndarray, p: np.ndarray) -> float:
    """The ROC of labels that some rows have and some have not."""
    some = np.flatnonzero(y.any(axis=0) & ~y.all(axis=0))
    return float(np.mean([roc_auc_score(y[:, j], p[:, j]) for j in some])) if len(some) else 1.0


HIGHEST = "each row is asked for its highest score only: that is what Keras calls accuracy"
ANY = "each row is asked for its highest score only, whether it is one of its labels"
CELLS = "the share of right cells is returned, and most cells are 0"
WRONG_CELLS = "the share of wrong cells is returned, and most cells are 0"
TIES = "rows with the same score enter one after the other: they enter together"
MISTAKES: dict[str, Callable[..., float]] = {
    HIGHEST: highest_is_highest,
    ANY: lambda y, p: float(y[np.arange(len(y)), p.argmax(axis=1)].mean()),
    CELLS: right_cells,
    f"{CELLS} (0.5 itself is no label)": lambda y, p: float((y == (p > 0.5)).mean()),
    f"{CELLS} (of the labels that a row has)": _mean(right_cells),
    WRONG_CELLS: lambda y, p: 1 - right_cells(y, p),
    "the share of rows with every cell right is returned: no threshold is asked for": (
        lambda y, p: float((y == (p >= 0.5)).all(axis=1).mean())
    ),
    f"{TIES} (here in the order of the table)": _one_by_one(
        lambda y, p: np.argsort(-p, kind="stable")
    ),
    f"{TIES} (here from the end of the table)": _one_by_one(
        lambda y, p: np.argsort(p, kind="stable")[::-1]
    ),
    f"{TIES} (here the true ones first)": true_first,
    f"{TIES} (here the false ones first)": false_first,
    "the points are joined by straight lines: each precision counts for its step of recall": (
        _mean(lambda y, p: auc(*precision_recall_curve(y, p)[1::-1]))
    ),
    "the area under the ROC curve is returned, not that of precision and recall": (
        of_binary_labels
    ),
    "all cells are one long list: take each label for itself": lambda y, p: ap_of(
        y.ravel().astype(int), p.ravel()
    ),
    "a label that no row has counts as 0: leave it out": lambda y, p: float(
        pr_auc(y, p) * y.any(axis=0).mean()
    ),
    "rows and columns are exchanged: a label is a column": lambda y, p: pr_auc(y.T, p.T),
    "labels are weighted by how frequent they are": weighted,
    "F1 at 0.5 is returned: no threshold is asked for": _mean(
        lambda y, p: 2 * (y * (p >= 0.5)).sum() / ((p >= 0.5).sum() + y.sum())
    ),
    "true rows are counted in the table's own eight bits; count them as whole numbers": (
        _mean(_in_its_type)
    ),
    "the lowest scores come first": lambda y, p: pr_auc(y, -p),
    "rows with exactly this score are left out: all rows with this score or more have the label": (
        _mean(lambda y, p: ap_of(y, p) - y[p == p.min()].sum() / y.sum() * y.mean())
    ),
}

NAMED = {HIGHEST: "E34", ANY: "E34", CELLS: "E35", WRONG_CELLS: "E35"}


def _read(value: Any, case: Case) -> float:
    what = f"{call_of('pr_auc', case)}: the result"
    if case[0].any(axis=0).all() and holds_nan(value):
        reject(f"{what} is nan, as the mean of no rows. Take all rows with this score or more.")
    return as_number(value, what)


def _cuts_ties(answer: Any) -> bool:
    """Whether each result is that of some order of rows with equal scores."""
    got = [_read(answer(*case), case) for case in CASES]
    orders = [sorted((false_first(*case), true_first(*case))) for case in CASES]
    return all(
        low - 1e-9 <= one <= high + 1e-9 for one, (low, high) in zip(got, orders, strict=True)
    )


def check_pr_auc(answer: Any) -> None:
    try:
        compare_named("pr_auc", answer, CASES, pr_auc, _read, MISTAKES, NAMED)
    except Rejected as rejected:  # the order that a sort leaves hangs on the machine
        given = not isinstance(rejected, GotNone)
        if given and "as if" not in rejected.message and _cuts_ties(answer):
            reject(f"{rejected.message} It looks as if {TIES}.")
        raise


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
