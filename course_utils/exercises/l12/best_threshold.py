"""12.3: the threshold with the best F1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn import metrics as sk

from course_utils.exercises.engine import Task, Wrong, as_number, reject
from course_utils.exercises.l12.shared import TOLERANCE, because, call_of


def _rows(seed: int, n: int, power: float) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    p = (draw.integers(1, 40, size=n) / 40).round(3)
    return (draw.random(n) < p**power).astype(int), p


_LABELLED: list[tuple[np.ndarray, np.ndarray]] = [
    (np.array([0, 1, 0, 1]), np.array([0.1, 0.2, 0.3, 0.4])),
    (np.array([0, 1, 0, 1, 0, 0]), np.array([0.9, 0.8, 0.1, 0.7, 0.2, 0.05])),
    (np.array([0, 0, 1, 1, 0]), np.array([0.010001, 0.010002, 0.010003, 0.010004, 0.010002])),
    (np.array([1, 0, 1, 0, 0, 0]), np.array([0.3, 0.3, 0.6, 0.1, 0.1, 0.1])),
    (np.array([1, 1]), np.array([0.02, 0.03])),
    (np.array([0, 0, 0, 1]), np.array([0.2, 0.9, 0.2, 0.2])),
    (np.array([0, 1, 1, 0, 0, 0, 1]), np.array([0.5, 0.95, 0.9, 0.4, 0.3, 0.2, 0.01])),
    _rows(1, 30, 2.0),
    _rows(2, 30, 3.0),
]


def _f1_at(y: np.ndarray, p: np.ndarray, t: float) -> float:
    given = p >= t
    return float(2 * (y * given).sum() / (given.sum() + y.sum()))


def _best(y: np.ndarray, p: np.ndarray) -> float:
    return max(_f1_at(y, p, t) for t in p)


def check_best_threshold(answer: Any) -> None:
    got = [
        (as_number(answer(*case), f"{call_of('best_threshold', case)}: the threshold"),)
        for case in _LABELLED
    ]
    for case, (t,) in zip(_LABELLED, got, strict=True):
        y, p = case
        best, reached = _best(y, p), _f1_at(y, p, t)
        if reached >= best - TOLERANCE:
            continue
        why = because(_LABELLED, got, _THRESHOLD_MISTAKES)
        reject(
            f"{call_of('best_threshold', case)}: at t = {t:.7g} F1 is {reached:.4f}; "
            f"{best:.4f} can be reached.{why}"
        )


def _first_max(
    score: Callable[..., float], at: Callable[..., Any] = lambda y, p: np.unique(p)
) -> Callable[..., tuple[float]]:
    """The threshold with the highest score of (y, given), the lowest of equals."""

    def threshold(y: np.ndarray, p: np.ndarray) -> tuple[float]:
        found = at(y, p)
        return (float(found[int(np.argmax([score(y, p >= t) for t in found]))]),)

    return threshold


def _f1_of(y: np.ndarray, given: np.ndarray) -> float:
    return float(2 * (y * given).sum() / max(given.sum() + y.sum(), 1))


def _accuracy(y: np.ndarray, given: np.ndarray) -> float:
    return float((y == given).mean())


def _youden(y: np.ndarray, given: np.ndarray) -> float:
    return float(given[y == 1].mean() - (given[y == 0].mean() if (y == 0).any() else 0.0))


def _precision(y: np.ndarray, given: np.ndarray) -> float:
    return float(y[given].mean())


def _strictly_above(y: np.ndarray, p: np.ndarray) -> tuple[float]:
    """The best cut for p > t."""
    cuts = np.unique(np.r_[0.0, p])[:-1]
    return (float(cuts[int(np.argmax([_f1_of(y, p > t) for t in cuts]))]),)


def _nan_wins(y: np.ndarray, p: np.ndarray) -> tuple[float]:
    """From precision and recall, whose F1 is 0 / 0 without a hit: argmax takes the nan."""
    precision, recall, cuts = sk.precision_recall_curve(y, p)
    with np.errstate(invalid="ignore"):
        return (float(cuts[np.argmax((2 * precision * recall / (precision + recall))[:-1])]),)


_grid_coarse = _first_max(_f1_of, lambda y, p: np.arange(0.05, 1.0, 0.05))
_THRESHOLD_MISTAKES: dict[str, Callable[..., tuple[float]]] = {
    "0.5 is returned, whatever the rows": lambda y, p: (0.5,),
    "only a grid of thresholds is tried: try the probabilities themselves": _grid_coarse,
    "a finer grid is tried, still a grid: try the probabilities themselves": (
        _first_max(_f1_of, lambda y, p: np.linspace(0.01, 0.99, 99))
    ),
    "accuracy is made best, not F1": _first_max(_accuracy),
    "recall minus the rate of false alarms is made best, not F1": _first_max(_youden),
    "precision is made best, not F1": _first_max(_precision),
    "the label is given where p > t; the task says p >= t": _strictly_above,
    "the best F1 is returned, not the threshold": lambda y, p: (_best(y, p),),
    "half of the best F1 is returned: that needs true probabilities": (
        lambda y, p: (_best(y, p) / 2,)
    ),
    "a position in the array is returned, not a threshold": (
        lambda y, p: (float(np.argmax([_f1_at(y, p, t) for t in p])),)
    ),
    "the lowest probability of a true row is returned: it gives the label to all": (
        lambda y, p: (float(p[y == 1].min()),)
    ),
    "F1 is 0 / 0 = nan where nothing is hit, and argmax takes the nan": _nan_wins,
}


def _one(mistake: Callable[..., tuple[float]]) -> Callable[..., float]:
    return lambda y, p: mistake(y, p)[0]


def _by_sorting(y: np.ndarray, p: np.ndarray) -> Any:
    order = np.argsort(p)[::-1]
    f1 = 2 * np.cumsum(y[order]) / (np.arange(1, len(y) + 1) + y.sum())
    last = np.append(np.diff(p[order]) != 0, True)
    return p[order][np.argmax(np.where(last, f1, -1.0))]


def _by_curve(y: np.ndarray, p: np.ndarray) -> Any:
    precision, recall, cuts = sk.precision_recall_curve(y, p)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return np.array([cuts[np.argmax(f1[:-1])]])


TASK = Task(
    id="12.3",
    prompt="Return a threshold t with the best F1 of p >= t on these rows.",
    check_answer=check_best_threshold,
    hints=(
        "F1 changes only where t passes one of the probabilities: how many t need a try?",
        "Write a function for F1 at t, and try each value of np.unique(p).",
        "max(np.unique(p), key=f1_at), where f1_at(t) is 2 * (y * (p >= t)).sum() divided by "
        "((p >= t).sum() + y.sum()).",
    ),
    right=[_by_sorting, _by_curve],
    wrong=[
        Wrong(lambda y, p: 0.5, "0.5 is returned", silent=True),
        Wrong(_one(_grid_coarse), "only a grid", silent=True),
        Wrong(
            _one(_first_max(_f1_of, lambda y, p: np.linspace(0.01, 0.99, 99))),
            "still a grid",
            silent=True,
        ),
        Wrong(_one(_first_max(_accuracy)), "accuracy is made best", silent=True),
        Wrong(_one(_first_max(_youden)), "false alarms", silent=True),
        Wrong(_one(_first_max(_precision)), "precision is made best", silent=True),
        Wrong(_one(_strictly_above), "the task says p >= t", silent=True),
        Wrong(_best, "the best F1 is returned", silent=True),
        Wrong(lambda y, p: _best(y, p) / 2, "half of the best F1", silent=True),
        Wrong(
            lambda y, p: int(np.argmax([_f1_at(y, p, t) for t in p])),
            "a position in the array",
            silent=True,
        ),
        Wrong(lambda y, p: p[y == 1].min(), "lowest probability of a true row", silent=True),
        Wrong(_one(_nan_wins), "argmax takes the nan", silent=True),
        Wrong(lambda y, p: (0.2, 0.8), "must be one number"),
    ],
    insight="Only the order of the probabilities and the labels matter, not their size.",
)
