"""Task 30.6: judge a ranking of products that training has never seen."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import GotNone, Rejected, reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.l30.new_products_slips import (
    MISTAKES,
    ONLY_SEEN,
    SEEN,
    each,
    new_product_auc,
)
from course_utils.exercises.reading import as_number
from course_utils.exercises.tolerance import floats

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
    (np.array([[0, 1, 2]], dtype=np.uint8), np.array([[1, 0, 0]]), np.zeros(3, bool)),
    (np.array([[2e-12, 1e-12, 3e-12]]), np.array([[0, 1, 0]]), np.zeros(3, bool)),
    (np.array([[40.0, 41.0, 45.0]]), np.array([[1, 0, 0]]), np.zeros(3, bool)),
]
"""Customers who bought none of the new products or all, ties, scores on unlike scales: whole
numbers of eight bits, chances that lie close, log-odds that a sigmoid makes equal."""


def _told(case: Case) -> str:
    return call_of("new_product_auc", case)


def _read(value: Any, case: Case) -> float:
    got = floats(value)
    if got is not None and got.size == 1 and np.isnan(got).all():
        scores, bought, trained = case
        all_there = len(each(scores, bought, ~trained)) == len(scores)
        if all_there and not each(scores, bought, trained):
            reject(f"{_told(case)}: the result is nan. It looks as if {ONLY_SEEN}.")
        reject(
            f"{_told(case)}: the result is nan. It looks as if a customer without a pair has one: "
            "leave such a customer out."
        )
    return as_number(value, f"{_told(case)}: the result")


def check_new_products(answer: Any) -> None:
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
        "b.all(): x, y = s[b][:, None], s[~b]; aucs.append(((x > y) + (x == y) / 2).mean()).",
    ),
    insight="Ids score .5 here whatever their size: no capacity helps where nothing was learnt.",
    errata=ERRATA,
)
