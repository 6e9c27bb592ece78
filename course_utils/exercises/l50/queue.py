"""50.10: what goes online, and what people look at first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l50.shared import ERRATA, call_of, compare_named
from course_utils.exercises.reading import as_list, has_parts, is_whole
from course_utils.exercises.theirs import shorten

_DRAW = np.random.default_rng(511)
Cells = list[tuple[int, int]]


def _drawn(n: int, labels: int, looks: int) -> Case:
    p = _DRAW.permutation(n * labels).reshape(n, labels) / (n * labels)
    return p, np.append(_DRAW.random(labels - 1).round(2), np.inf), looks


CASES: list[Case] = [
    (np.array([[0.9, 0.2], [0.4, 0.6]]), np.array([0.8, np.inf]), 2),
    (np.array([[0.5, 0.5], [0.5, 0.5]]), np.array([0.9, 0.9]), 3),
    (np.array([[0.3, 0.7]]), np.array([0.3, 0.7]), 2),
    (np.array([[0.1, 0.8, 0.6], [0.7, 0.2, 0.9]]), np.array([0.5, np.inf, 0.8]), 9),
    _drawn(4, 3, 5),
    _drawn(5, 2, 4),
    (np.array([[0.2], [0.9], [0.4]]), np.array([np.inf]), 1),
    (np.array([[0.6, 0.1], [0.6, 0.6]]), np.array([0.7, np.inf]), 2),
    (np.array([[0.2, 0.5, 0.2, 0.5, 0.2]] * 7), np.full(5, 0.6), 20),
    (np.array([[0.0, 0.3]]), np.array([np.inf, np.inf]), 5),
    (np.array([[0.611, 0.6], [0.614, 0.1]]), np.array([0.9, 0.9]), 2),
]


def queue(p: np.ndarray, cuts: np.ndarray, looks: int) -> Cells:
    return _first(p, p < cuts, p, looks)


def _first(p: np.ndarray, waiting: np.ndarray, score: np.ndarray, looks: int) -> Cells:
    """The cells that wait, the highest score first; of equal ones as they stand."""
    order = np.argsort(-score, axis=None, kind="stable")
    at = [np.unravel_index(one, p.shape) for one in order]
    return [(int(row), int(column)) for row, column in at if waiting[row, column]][:looks]


def with_online(p: np.ndarray, cuts: np.ndarray, looks: int) -> Cells:
    return _first(p, np.ones(p.shape, dtype=bool), p, looks)


def least_sure(p: np.ndarray, cuts: np.ndarray, looks: int) -> Cells:
    return _first(p, p < cuts, -abs(p - 0.5), looks)


def nearest_cut(p: np.ndarray, cuts: np.ndarray, looks: int) -> Cells:
    return _first(p, p < cuts, p - cuts, looks)


def by_product(p: np.ndarray, cuts: np.ndarray, looks: int) -> Cells:
    return _first(p, p < cuts, -np.arange(p.size).reshape(p.shape), looks)


def each_product(p: np.ndarray, cuts: np.ndarray, looks: int) -> Cells:
    """Product by product, each with its highest score first."""
    score = p - 2.0 * np.arange(len(p))[:, None]
    return _first(p, p < cuts, score, looks)


def lowest_first(p: np.ndarray, cuts: np.ndarray, looks: int) -> Cells:
    return _first(p, p < cuts, -p, looks)


def unstable(p: np.ndarray, cuts: np.ndarray, looks: int) -> Cells:
    """Of equal scores the last first, as a sort turned round leaves them."""
    order = np.argsort(p, axis=None, kind="stable")[::-1]
    every = [divmod(int(at), p.shape[1]) for at in order]
    return [(i, j) for i, j in every if p[i, j] < cuts[j]][:looks]


def rounded(p: np.ndarray, cuts: np.ndarray, looks: int) -> Cells:
    return _first(p, p < cuts, p.round(2), looks)


def online(p: np.ndarray, cuts: np.ndarray, looks: int) -> Cells:
    return _first(p, p >= cuts, p, looks)


def at_the_cut(p: np.ndarray, cuts: np.ndarray, looks: int) -> Cells:
    return _first(p, p <= cuts, p, looks)


def cut_then_leave_out(p: np.ndarray, cuts: np.ndarray, looks: int) -> Cells:
    return [cell for cell in with_online(p, cuts, looks) if p[cell] < cuts[cell[1]]]


def exchanged(p: np.ndarray, cuts: np.ndarray, looks: int) -> Cells:
    return [(label, product) for product, label in queue(p, cuts, looks)]


def without_floor(p: np.ndarray, cuts: np.ndarray, looks: int) -> Cells:
    """Labels that no threshold keeps the floor for are forgotten."""
    return _first(p, (p < cuts) & np.isfinite(cuts), p, looks)


def label_first(p: np.ndarray, cuts: np.ndarray, looks: int) -> Cells:
    found = _first(p.T, (p < cuts).T, p.T, looks)
    return [(product, label) for label, product in found]


MISTAKES: dict[str, Callable[..., Cells]] = {
    "cells that went online are in the queue: nobody has to look at them": with_online,
    "the queue is cut before those that went online are left out": cut_then_leave_out,
    "a cell exactly at its threshold waits: p >= cut goes online": at_the_cut,
    "what goes online is returned, not what waits": online,
    "the least sure come first: that is for training, not for finding labels": least_sure,
    "the probabilities are rounded before they are sorted": rounded,
    "the nearest to their threshold come first, not the highest": nearest_cut,
    "people go through the products as they stand": by_product,
    "each product is done before the next: the queue is one for the whole shop": each_product,
    "the lowest scores come first": lowest_first,
    "the pairs are (label, product): the product comes first": exchanged,
    "a label with the threshold inf is forgotten: all its cells wait": without_floor,
    "of equal scores the last comes first: a sort that was turned round": unstable,
    "of equal scores the lower label comes first: it is the lower product": label_first,
}


def _read(value: Any, case: Case) -> Cells:
    what = f"{call_of('queue', case)}: the result"
    found = []
    for one in as_list(value, what) if not isinstance(value, np.ndarray) else value.tolist():
        if not has_parts(one, 2) or not all(map(is_whole, one)):
            reject(f"{what} must be a list of pairs (product, label), got {shorten(one)} in it.")
        found.append((int(one[0]), int(one[1])))
    return found


def check_queue(answer: Any) -> None:
    compare_named("queue", answer, CASES, queue, _read, MISTAKES, {})


TASK = Task(
    id="50.10",
    prompt="Return the first cells that wait for people, the highest probability first.",
    check_answer=check_queue,
    hints=(
        "One list of all cells of the shop, sorted once; then leave out, then cut.",
        'np.argsort(-p, axis=None, kind="stable") sorts the flattened table, equal ones as they '
        "stand; divmod(k, number of labels) is the pair.",
        "cells = [divmod(int(k), p.shape[1]) for k in order], then [(i, j) for i, j in cells if "
        "p[i, j] < cuts[j]][:looks].",
    ),
    insight="To find labels, ask where they probably are; to learn, ask where you are unsure.",
    errata=ERRATA,
)
