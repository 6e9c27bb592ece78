"""Task 30.6: judge a ranking of products that training has never seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.stats import rankdata

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

Numbers = np.ndarray
ERRATA = {"E15": "generalisation is claimed, and measured on what training has seen"}
_DRAW = np.random.default_rng(306)


def _drawn(users: int, products: int, known: int, levels: int) -> Case:
    scores = _DRAW.integers(levels, size=(users, products)) / levels
    bought = (_DRAW.random((users, products)) < 0.4).astype(int)
    trained = np.arange(products) < known
    return scores, bought, _DRAW.permutation(trained)


CASES: list[Case] = [
    (
        np.array([[0.9, 0.2, 0.7, 0.5], [0.1, 0.3, 0.8, 0.6]]),
        np.array([[1, 0, 0, 1], [0, 1, 1, 0]]),
        np.array([True, False, False, False]),
    ),
    _drawn(5, 8, 4, 50),
    _drawn(6, 7, 3, 3),
    _drawn(4, 6, 0, 40),
    _drawn(8, 5, 2, 2),
    (
        np.array([[0.9, 0.2, 0.4], [0.1, 0.3, 0.8], [0.5, 0.6, 0.1]]),
        np.array([[1, 0, 0], [0, 1, 1], [1, 1, 0]]),
        np.array([True, False, False]),
    ),
    (
        np.array([[0.5, 0.5, 0.5, 0.5]]),
        np.array([[1, 1, 0, 0]], dtype=np.uint8),
        np.array([False, False, False, True]),
    ),
    (
        np.array([[10.0, 9.0, 1.0], [0.3, 0.2, 0.1]]),
        np.array([[0, 1, 0], [0, 1, 0]], dtype=bool),
        np.array([False, False, False]),
    ),
    _drawn(7, 12, 6, 200),
]
"""Customers who bought none of the new products or all, ties, scores on unlike scales."""


def _one(said: Numbers, wanted: Numbers) -> float:
    ones = int(wanted.sum())
    above = rankdata(said)[wanted].sum() - ones * (ones + 1) / 2
    return float(above / (ones * (len(wanted) - ones)))


def each(scores: Numbers, bought: Numbers, asked: Numbers) -> list[tuple[float, int]]:
    """AUC and pairs of every customer who has both kinds among these products."""
    found = []
    for said, had in zip(scores[:, asked], np.asarray(bought, bool)[:, asked], strict=True):
        if had.any() and not had.all():
            found.append((_one(said, had), int(had.sum() * (~had).sum())))
    return found


def new_product_auc(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    return float(np.mean([auc for auc, _ in each(scores, bought, ~trained)]))


def on_all(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    return new_product_auc(scores, bought, np.zeros_like(trained))


def on_known(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    found = [auc for auc, _ in each(scores, bought, trained)]
    return float(np.mean(found or [0.5]))


def one_heap(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    new = ~trained
    return _one(scores[:, new].ravel(), np.asarray(bought, bool)[:, new].ravel())


def by_pairs(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    found = each(scores, bought, ~trained)
    return float(np.average([auc for auc, _ in found], weights=[n for _, n in found]))


def missing_half(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    found = [auc for auc, _ in each(scores, bought, ~trained)]
    return float(np.mean(found + [0.5] * (len(scores) - len(found))))


def _ties(value: float) -> Callable[..., float]:
    def counted(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
        found = []
        for said, had in zip(scores[:, ~trained], np.asarray(bought, bool)[:, ~trained],
                             strict=True):  # fmt: skip
            if had.any() and not had.all():
                gap = said[had][:, None] - said[~had][None, :]
                found.append(float(((gap > 0) + value * (gap == 0)).mean()))
        return float(np.mean(found))

    return counted


def by_product(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    """For each product over the customers."""
    new = ~trained
    found = each(scores[:, new].T, np.asarray(bought)[:, new].T, np.ones(len(scores), bool))
    return float(np.mean([auc for auc, _ in found])) if found else 0.5


SEEN = "products that training knows are among those that are judged"
ONLY_SEEN = "only products that training knows are judged"
MISTAKES: dict[str, Callable[..., float]] = {
    SEEN: on_all,
    ONLY_SEEN: on_known,
    "all customers' pairs lie in one heap: compare products within a customer": one_heap,
    "customers are weighed by their pairs: each counts once": by_pairs,
    "a customer without a pair counts as .5: leave such a customer out": missing_half,
    "equal scores count as wrong: they count half": _ties(0.0),
    "equal scores count as right: they count half": _ties(1.0),
    "customers are compared within a product: compare products within a customer": by_product,
    "a low score stands for a purchase: 1 minus the AUC": (
        lambda scores, bought, trained: new_product_auc(-scores, bought, trained)
    ),
}


def _told(case: Case) -> str:
    return call_of("new_product_auc", case)


def _read(value: Any, case: Case) -> float:
    return as_number(value, f"{_told(case)}: the result")


def check_new_products(answer: Any) -> None:
    from course_utils.exercises.asking import GotNone, Rejected, reject

    names = ("scores", "bought", "trained")
    try:
        compare(leaving(answer, names, _told), CASES, new_product_auc, _read, _told, MISTAKES)
    except GotNone:
        raise
    except Rejected as rejected:
        seen = SEEN in rejected.message or ONLY_SEEN in rejected.message
        reject(rejected.message, rejected.erratum or ("E15" if seen else None))


TASK = Task(
    id="30.6",
    prompt="The mean AUC over customers, among products that training has not seen.",
    check_answer=check_new_products,
    hints=(
        "Which columns are judged? And what do you do with a customer who bought none of them?",
        "new = ~trained. For each row: pairs of a product bought and one not; a pair counts 1 if "
        "the bought one has the higher score, 1/2 if they are equal. Mean of pairs, then of rows.",
        "for s, b in zip(scores[:, new], bought[:, new]): b = b.astype(bool); if b.any() and not "
        "b.all(): gap = s[b][:, None] - s[~b]; aucs.append(((gap > 0) + (gap == 0) / 2).mean()).",
    ),
    insight="Ids score .5 here whatever their size: no capacity helps where nothing was learnt.",
    errata=ERRATA,
)
