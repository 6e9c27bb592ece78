"""12.3: the threshold with the best F1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn import metrics as sk

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, explain
from course_utils.exercises.engine import Task
from course_utils.exercises.l12.shared import call_of
from course_utils.exercises.l12.threshold_cases import CASES
from course_utils.exercises.reading import as_number
from course_utils.exercises.tolerance import ABSOLUTE, apart


def f1_above(y: np.ndarray, p: np.ndarray, t: float) -> float:
    given = p >= t
    return float(2 * (y * given).sum() / (given.sum() + y.sum()))


def best_f1(y: np.ndarray, p: np.ndarray) -> float:
    return max(f1_above(y, p, t) for t in np.unique(p))


def check_best_threshold(answer: Any) -> None:
    got = [_read(answer(*case), case) for case in CASES]
    for at, (case, t) in enumerate(zip(CASES, got, strict=True)):
        best, reached = best_f1(*case), f1_above(*case, t)
        if reached >= best - ABSOLUTE:
            continue
        texts = apart(reached, best)
        reject(
            f"{call_of('best_threshold', case)}: at t = {t!r} F1 is {texts[0]}; {texts[1]} can be "
            f"reached.{_why(got, at)}"
        )
    first = CASES[0]
    if f1_above(*first, _read(answer(*first), first)) < best_f1(*first) - ABSOLUTE:
        reject(
            f"{call_of('best_threshold', first)} was right at first; called again it gives another "
            "result. Keep nothing from one call to the next."
        )


def _read(value: Any, case: Case) -> float:
    return as_number(value, f"{call_of('best_threshold', case)}: the threshold", infinite=True)


def _why(got: list[float], at: int) -> str:
    """The mistake that gives the same thresholds, or else the same rows above them."""
    return explain(CASES, got, lowest_best, _THRESHOLD_MISTAKES, at) or explain(
        CASES,
        [p >= t for (_, p), t in zip(CASES, got, strict=True)],
        lambda y, p: p >= lowest_best(y, p),
        {why: _above(gives) for why, gives in _THRESHOLD_MISTAKES.items()},
        at,
    )


def _above(gives: Callable[..., float]) -> Callable[..., np.ndarray]:
    return lambda y, p: np.asarray(p >= gives(y, p))


def first_max(
    score: Callable[..., float], at: Callable[..., Any] = lambda y, p: np.unique(p)
) -> Callable[..., float]:
    """The threshold with the highest score of (y, given), the lowest of equals."""

    def threshold(y: np.ndarray, p: np.ndarray) -> float:
        found = at(y, p)
        return float(found[int(np.argmax([score(y, p >= t) for t in found]))])

    return threshold


def f1_of(y: np.ndarray, given: np.ndarray) -> float:
    return float(2 * (y * given).sum() / max(given.sum() + y.sum(), 1))


def accuracy(y: np.ndarray, given: np.ndarray) -> float:
    return float((y == given).mean())


def youden(y: np.ndarray, given: np.ndarray) -> float:
    return float(given[y == 1].mean() - (given[y == 0].mean() if (y == 0).any() else 0.0))


def precision_of(y: np.ndarray, given: np.ndarray) -> float:
    return float(y[given].mean())


def strictly_above(y: np.ndarray, p: np.ndarray) -> float:
    """The best cut for p > t."""
    cuts = np.unique(np.r_[-1.0, p])[:-1]
    return float(cuts[int(np.argmax([f1_of(y, p > t) for t in cuts]))])


def only_above(y: np.ndarray, p: np.ndarray) -> float:
    """Of the probabilities themselves the best for p > t."""
    cuts = np.unique(p)
    return float(cuts[int(np.argmax([f1_of(y, p > t) for t in cuts]))])


def near_are_one(y: np.ndarray, p: np.ndarray) -> float:
    """Of probabilities nearer than 1e-5 the lowest is tried."""
    found = np.unique(p)
    return first_max(f1_of, lambda y, p: found[np.diff(found, prepend=-1) > 1e-5])(y, p)


def nan_wins(y: np.ndarray, p: np.ndarray) -> float:
    """From precision and recall, whose F1 is 0 / 0 without a hit: argmax takes the nan."""
    precision, recall, cuts = sk.precision_recall_curve(y, p)
    with np.errstate(invalid="ignore"):
        return float(cuts[np.argmax((2 * precision * recall / (precision + recall))[:-1])])


def in_32_bits(y: np.ndarray, p: np.ndarray) -> float:
    return float(np.float32(lowest_best(y, p)))


def in_turn(order: Callable[..., Any]) -> Callable[..., float]:
    """Rows get the label one by one; rows with the same probability are split."""

    def threshold(y: np.ndarray, p: np.ndarray) -> float:
        rows = order(y, p)
        f1 = 2 * np.cumsum(y[rows]) / (np.arange(1, len(y) + 1) + y.sum())
        return float(p[rows][np.argmax(f1)])

    return threshold


lowest_best = first_max(f1_of)
hits_first = in_turn(lambda y, p: np.lexsort((-y, -p)))
as_they_stand = in_turn(lambda y, p: np.argsort(-p, kind="stable"))
turned_round = in_turn(lambda y, p: np.argsort(p, kind="stable")[::-1])
as_sorted = in_turn(lambda y, p: np.argsort(-p))
without_last = first_max(f1_of, lambda y, p: np.unique(p)[: max(len(np.unique(p)) - 1, 1)])
SPLIT = "rows with the same probability are split: p >= t takes all of them"
grid_coarse = first_max(f1_of, lambda y, p: np.arange(0.05, 1.0, 0.05))
grid_fine = first_max(f1_of, lambda y, p: np.linspace(0.01, 0.99, 99))
hundredths = first_max(f1_of, lambda y, p: np.linspace(0, 1, 101))
percentiles = first_max(f1_of, lambda y, p: np.quantile(p, np.linspace(0, 1, 101)))
below_one = first_max(f1_of, lambda y, p: np.unique(p[p < 1]))

_THRESHOLD_MISTAKES: dict[str, Callable[..., float]] = {
    "0.5 is returned, whatever the rows": lambda y, p: 0.5,
    "only a grid of thresholds is tried: try the probabilities themselves": grid_coarse,
    "a finer grid is tried, still a grid: try the probabilities themselves": grid_fine,
    "an even grid from 0 to 1 is tried: try the probabilities themselves": hundredths,
    "percentiles are tried: try the probabilities themselves, each": percentiles,
    f"{SPLIT} (here in the order they stand)": as_they_stand,
    f"{SPLIT} (here the last of them first)": turned_round,
    f"{SPLIT} (here in any order, as a sort leaves them)": as_sorted,
    f"{SPLIT} (here the true ones first)": hits_first,
    "the highest probability is never tried": without_last,
    "a probability of 1 is never tried": below_one,
    "probabilities that are near are taken for one": near_are_one,
    "the threshold lies beside a probability, not on it (rounded, or cut to 32 bits?)": in_32_bits,
    "accuracy is made best, not F1": first_max(accuracy),
    "recall minus the rate of false alarms is made best, not F1": first_max(youden),
    "precision is made best, not F1": first_max(precision_of),
    "the label is given where p > t; the task says p >= t": strictly_above,
    "F1 is that of p > t; the task says p >= t": only_above,
    "the best F1 is returned, not the threshold": lambda y, p: best_f1(y, p),
    "half of the best F1: that needs true probabilities": lambda y, p: best_f1(y, p) / 2,
    "a position in the array is returned, not a threshold": (
        lambda y, p: float(np.argmax([f1_above(y, p, t) for t in p]))
    ),
    "the lowest probability of a true row is returned: it gives the label to all": (
        lambda y, p: float(p[y == 1].min())
    ),
    "F1 is 0 / 0 = nan where nothing is hit, and argmax takes the nan": nan_wins,
}


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
    insight="Only the order of the probabilities and the labels matter, not their size.",
)
