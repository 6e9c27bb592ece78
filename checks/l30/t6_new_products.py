"""Task 30.6: judge a ranking of products that training has never seen."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import GotNone, Rejected, reject
from course_utils.exercises.checked import in_one_line
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number
from course_utils.exercises.tolerance import floats

ERRATA = {"E15": "generalisation is claimed, and measured on what training has seen"}

right = LessonAnswer("30.6")
edit, first, returning = right.edit, right.first, right.returning

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

APART = "scores[:, ~trained], bought[:, ~trained]"
HALVES = "((one > other) + (one == other) / 2)"
AUC, MEAN = f"{HALVES}.mean()", "np.mean(found)"
SEEN = "products that training knows are among those that are judged"
ONLY_SEEN = "only products that training knows are judged"

SLIPS = {
    SEEN: first("trained = np.zeros_like(trained)"),
    ONLY_SEEN: first("trained = ~trained"),
    "all customers' pairs lie in one heap: compare products within a customer": edit(
        {APART: "scores[:, ~trained].reshape(1, -1), bought[:, ~trained].reshape(1, -1)"}
    ),
    "customers are weighed by their pairs: each counts once": edit(
        {f"found.append({AUC})": f"found += {HALVES}.ravel().tolist()"}
    ),
    "a customer without a pair counts as .5: leave such a customer out": edit(
        {MEAN: "np.mean(found + [0.5] * (len(scores) - len(found)))"}
    ),
    "scores are subtracted, and whole numbers of eight bits wrap round: compare them": edit(
        {AUC: "((one - other > 0) + (one - other == 0) / 2).mean()"}
    ),
    "scores that lie close are taken as equal: only the order counts": first(
        "scores = np.asarray(scores, float).round(6)"
    ),
    "scores go through a sigmoid first, which makes large ones equal": first(
        "scores = 1 / (1 + np.exp(-np.asarray(scores, float)))"
    ),
    "equal scores count as wrong: they count half": edit({AUC: "(one > other).mean()"}),
    "equal scores count as right: they count half": edit({AUC: "(one >= other).mean()"}),
    "customers are compared within a product: compare products within a customer": edit(
        {APART: "scores[:, ~trained].T, bought[:, ~trained].T", MEAN: "np.mean(found or [0.5])"}
    ),
    "a low score stands for a purchase: 1 minus the AUC": edit({AUC: f"1 - {AUC}"}),
}

shown = in_one_line(right)


def _read(value: Any, case: Case) -> float:
    got = floats(value)
    if got is not None and got.size == 1 and np.isnan(got).all():
        _, bought, trained = case
        if _pairs(bought[:, ~trained]).all() and not _pairs(bought[:, trained]).any():
            reject(f"{shown(case)}: the result is nan. It looks as if {ONLY_SEEN}.")
        reject(
            f"{shown(case)}: the result is nan. It looks as if a customer without a pair has one: "
            "leave such a customer out."
        )
    return as_number(value, f"{shown(case)}: the result")


def _pairs(bought: np.ndarray) -> np.ndarray:
    """Of each customer: is there something bought and something not?"""
    had = bought.astype(bool)
    return np.asarray(had.any(axis=1) & ~had.all(axis=1))


def check_new_products(answer: Any) -> None:
    try:
        compare(leaving(answer, right.arguments, shown), CASES, right, _read, shown, SLIPS)
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
    slips=SLIPS,
    erratum_of={"training knows": "E15"},
    right=right,
    cases=CASES,
)
