"""12.2: micro and macro F1 from counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l12.shared import call_of
from course_utils.exercises.reading import as_number, pair_of

_DRAW = np.random.default_rng(12)

_TABLES: list[tuple[np.ndarray, np.ndarray]] = [
    (np.array([[1, 0], [1, 1]]), np.array([[1, 1], [0, 0]])),
    (np.array([[1, 0, 0], [1, 1, 0], [0, 0, 0]]), np.array([[1, 0, 0], [1, 0, 0], [1, 0, 0]])),
    (np.array([[1, 0], [1, 0]]), np.array([[1, 1], [0, 0]])),
    (np.array([[0, 0], [0, 0]]), np.array([[0, 0], [0, 0]])),
    (np.array([[1, 1, 0]]), np.array([[1, 0, 1]])),
    (np.array([[1], [0], [1]]), np.array([[1], [1], [1]])),
    ((_DRAW.random((9, 4)) < 0.5).astype(int), (_DRAW.random((9, 4)) < 0.3).astype(int)),
    (np.array([[1]]), np.array([[1]])),
    (np.array([[1, 1, 1]]), np.array([[1, 1, 1]])),
    # Counts that 8 bits do not hold, and an F1 below 0.1.
    (
        np.repeat([[1, 1], [1, 0], [0, 0]], [280, 40, 30], axis=0),
        np.repeat([[1, 0], [0, 0], [1, 0], [0, 1]], [270, 60, 17, 3], axis=0),
    ),
    (
        np.repeat([[1, 0], [0, 1]], [2, 60], axis=0),
        np.repeat([[1, 0], [0, 0], [1, 0], [0, 1]], [1, 1, 58, 2], axis=0),
    ),
    # The same in an integer type of 8 bits: a product of two such arrays overflows.
    (
        np.repeat(np.array([[1, 0], [1, 1]], np.int8), [140, 60], axis=0),
        np.repeat(np.array([[1, 0], [0, 1]], np.int8), [150, 50], axis=0),
    ),
    # One hit in a thousand: what is added below a fraction is added to 0.001 as well.
    (np.repeat([[1], [0]], [1000, 999], axis=0), np.repeat([[0], [1]], [999, 1000], axis=0)),
]


def counts_of(y: np.ndarray, given: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (y & given).sum(axis=0), given.sum(axis=0), y.sum(axis=0)


def _ratio(above: Any, below: Any, empty: float = 0.0) -> np.ndarray:
    above, below = np.asarray(above, float), np.asarray(below, float)
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), empty)


def f1_scores(y: np.ndarray, given: np.ndarray) -> tuple[float, float]:
    hits, g, t = counts_of(y, given)
    return float(_ratio(2 * hits.sum(), g.sum() + t.sum())), float(_ratio(2 * hits, g + t).mean())


def macro_by(each: Callable[..., Any]) -> Callable[..., tuple[float, float]]:
    """The right micro F1, and a macro F1 that this function gets from hits, given and true."""

    def scores(y: np.ndarray, given: np.ndarray) -> tuple[float, float]:
        return f1_scores(y, given)[0], float(each(*counts_of(y, given)))

    return scores


def means_first(hits: Any, g: Any, t: Any) -> Any:
    p, r = _ratio(hits, g).mean(), _ratio(hits, t).mean()
    return _ratio(2 * p * r, p + r)


def without_empty(hits: Any, g: Any, t: Any) -> Any:
    return _ratio(2 * hits, g + t)[g + t > 0].mean() if (g + t).any() else 0.0


def without_unseen(hits: Any, g: Any, t: Any) -> Any:
    return _ratio(2 * hits, g + t)[t > 0].mean() if t.any() else 0.0


def by_share(hits: Any, g: Any, t: Any) -> Any:
    return _ratio((_ratio(2 * hits, g + t) * t).sum(), t.sum())


def by_product(y: np.ndarray, given: np.ndarray) -> tuple[float, float]:
    return f1_scores(y, given)[0], f1_scores(y.T, given.T)[1]


def jaccard(y: np.ndarray, given: np.ndarray) -> tuple[float, float]:
    hits, g, t = counts_of(y, given)
    union = g + t - hits
    return float(_ratio(hits.sum(), union.sum())), float(_ratio(hits, union).mean())


def no_two(y: np.ndarray, given: np.ndarray) -> tuple[float, float]:
    micro, macro = f1_scores(y, given)
    return micro / 2, macro / 2


def swapped(y: np.ndarray, given: np.ndarray) -> tuple[float, float]:
    micro, macro = f1_scores(y, given)
    return macro, micro


def cell_accuracy(y: np.ndarray, given: np.ndarray) -> tuple[float, float]:
    return float((y == given).mean()), f1_scores(y, given)[1]


def with_added(small: float) -> Callable[..., tuple[float, float]]:
    """F1 from precision and recall, each with a small number added below."""

    def scores(y: np.ndarray, given: np.ndarray) -> tuple[float, float]:
        def f1(hits: Any, g: Any, t: Any) -> Any:
            p, r = hits / (g + small), hits / (t + small)
            return 2 * p * r / (p + r + small)

        hits, g, t = counts_of(y, given)
        return float(f1(hits.sum(), g.sum(), t.sum())), float(f1(hits, g, t).mean())

    return scores


def added_once(small: float) -> Callable[..., tuple[float, float]]:
    """F1 from counts, with a small number added below."""

    def scores(y: np.ndarray, given: np.ndarray) -> tuple[float, float]:
        hits, g, t = counts_of(y, given)
        micro = 2 * hits.sum() / (g.sum() + t.sum() + small)
        return float(micro), float((2 * hits / (g + t + small)).mean())

    return scores


ADDED = ", and that changes the result: test for 0 instead"
empty_is_one = macro_by(lambda hits, g, t: _ratio(2 * hits, g + t, empty=1.0).mean())

_F1_MISTAKES: dict[str, Callable[..., tuple[float, float]]] = {
    "scikit-learn takes a single column for two classes, 0 and 1: there ask for class 1": (
        lambda *of: tuple(f1_score(*of, average=a, zero_division=0) for a in ("micro", "macro"))
    ),
    "micro and macro are exchanged": swapped,
    "labels that nobody has and nobody gave are left out of macro": macro_by(without_empty),
    "labels that no product has are left out of the macro mean": macro_by(without_unseen),
    "a label that nobody has and nobody gave counts as 1": empty_is_one,
    "macro is the F1 of the mean precision and the mean recall, not the mean of the F1s": (
        macro_by(means_first)
    ),
    "macro weighs each label by how many products have it": macro_by(by_share),
    "macro is the mean over products, not over labels": by_product,
    "this is Jaccard's index, true positives over the union, not F1": jaccard,
    "the factor 2 above the fraction is missing": no_two,
    "micro is the share of right cells (Hamming accuracy)": cell_accuracy,
    **{
        f"{small:g} is added below each fraction{ADDED}": with_added(small)
        for small in (1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1)
    },
    **{
        f"{small:g} is added below the fraction{ADDED}": added_once(small)
        for small in (1e-5, 1e-4, 1e-3, 1)
    },
}


def check_f1_scores(answer: Any) -> None:
    compare(
        answer,
        _TABLES,
        f1_scores,
        _read,
        _shown,
        _F1_MISTAKES,
        lambda case, at: f"{_shown(case)}: {('micro', 'macro')[at[0]]}",
    )


def _shown(case: Case) -> str:
    return call_of("f1_scores", case)


def _read(value: Any, case: Case) -> tuple[float, float]:
    call = _shown(case)
    micro, macro = pair_of(value, call, "a pair (micro, macro)")
    return as_number(micro, f"{call}: micro"), as_number(macro, f"{call}: macro")


TASK = Task(
    id="12.2",
    prompt="Return micro F1 from summed counts, and macro F1 as the mean over labels.",
    check_answer=check_f1_scores,
    hints=(
        "Count true positives, predicted positives and actual positives of each label first: three "
        "rows of numbers.",
        "Micro sums the counts, then divides once. Macro divides for each label, then averages.",
        "hits = (y * given).sum(axis=0); total = y.sum(axis=0) + given.sum(axis=0); divide "
        "2 * hits by total where total > 0, else 0; micro is 2 * hits.sum() / total.sum().",
    ),
    insight="Micro asks about an average label of an average product, macro about each label.",
)
