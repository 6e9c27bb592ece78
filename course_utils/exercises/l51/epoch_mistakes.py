"""Task 51.3: one epoch, right or with a mistake that is known."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from course_utils.exercises.l51.epoch_cases import Arrays, Case, Ratings
from course_utils.exercises.l51.epoch_moves import error_of, one_epoch


def _with(**options: Any) -> Callable[[Case], Arrays]:
    return partial(one_epoch, **options)


def _on(ratings: Callable[[Case], Ratings]) -> Callable[[Case], Arrays]:
    """Right, but for other ratings."""
    return lambda case: one_epoch(case._replace(ratings=ratings(case)))


def swapped(case: Case) -> Arrays:
    """Users taken for products."""
    return _on(lambda case: [(i, u, r) for u, i, r in case.ratings])(case)


def with_zeros(case: Case) -> Ratings:
    """Every pair, 0 where there is no rating."""
    known = {(u, i): r for u, i, r in case.ratings}
    return [(u, i, known.get((u, i), 0.0)) for u, i in np.ndindex(len(case.bu), len(case.bi))]


def _zeros_among_the_rated(case: Case) -> Ratings:
    users, products = ({one[at] for one in case.ratings} for at in (0, 1))
    return [one for one in with_zeros(case) if one[0] in users and one[1] in products]


def _each_once(case: Case) -> Ratings:
    """Where the pair stands first, its last rating."""
    last = {(u, i): r for u, i, r in case.ratings}
    return [(u, i, r) for (u, i), r in last.items()]


def _at_once(case: Case, last_wins: bool) -> Arrays:
    """All errors are taken at the start.

    Args:
        case: the inputs.
        last_wins: of a row's moves the last alone counts, as in ``bu[users] += moves``.
    """
    bu, bi, pu, qi = (array.copy() for array in case.start)
    u, i = (np.array([one[at] for one in case.ratings], int) for at in (0, 1))
    r = np.array([one[2] for one in case.ratings])
    e = r - (case.mean + bu[u] + bi[i] + (pu[u] * qi[i]).sum(axis=1))

    def move(array: np.ndarray, rows: np.ndarray, gradient: np.ndarray) -> None:
        moves = case.lr * (gradient - case.reg * array[rows])
        if last_wins:
            array[rows] += moves
        else:
            np.add.at(array, rows, moves)

    old = pu[u]
    move(bu, u, e)
    move(bi, i, e)
    move(pu, u, e[:, None] * qi[i])
    move(qi, i, e[:, None] * old)
    return bu, bi, pu, qi


def _errors_of_the_start(case: Case) -> Arrays:
    """All errors are taken at the start; the rows that they multiply are moved ones."""
    left = [_alone(case, *rating) for rating in case.ratings]
    return one_epoch(case, error=lambda *parts: left.pop(0))


def _alone(case: Case, u: int, i: int, r: float) -> float:
    return error_of(r, case.mean, case.bu[u], case.bi[i], float(case.pu[u] @ case.qi[i]))


def _pulled_once(case: Case) -> Arrays:
    """All rows are pulled, after the last rating."""
    bu, bi, pu, qi = one_epoch(case, pull=(0, 0))
    kept = 1 - case.lr * case.reg
    return kept * bu, kept * bi, kept * pu, kept * qi


def _own_mean(case: Case) -> Arrays:
    ratings = [r for *_, r in case.ratings]
    return one_epoch(case._replace(mean=float(np.mean(ratings or [0.0]))))


AMONG_RATED = (
    "You train on all pairs of the users and products in the ratings, with 0 where there is no "
    "rating. Those are unknown."
)
ERRATUM = {AMONG_RATED: "E49"}

MISTAKES: dict[str, list[Callable[[Case], Arrays]]] = {
    "The error is computed once for a rating, before anything moves; yours changes in between.": [
        *(_with(again=again) for again in (("bi", "pu", "qi"), ("bi",), ("pu",), ("qi",))),
        *(_with(again=again) for again in (("pu", "qi"), ("bi", "pu"))),
        *(_with(again=again, first="pu") for again in (("bi", "pu", "qi"), ("qi",))),
    ],
    "qi[i] was moved by the new pu[u]. Keep a copy of the old row first: pu[u] is a view, and "
    "moves with the array.": [_with(first="pu")],
    "pu[u] was moved by the new qi[i]. Keep a copy of the old row first: qi[i] is a view, and "
    "moves with the array.": [_with(first="qi")],
    "Nothing is pulled towards zero: reg is not used.": [_with(pull=(0, 0))],
    "The biases are not pulled towards zero: reg is for them too.": [_with(pull=(0, 1))],
    "The factors are not pulled towards zero: reg is for them too.": [_with(pull=(1, 0))],
    "reg pushes away from zero: mind its sign.": [_with(pull=(-1, -1))],
    "reg is not multiplied by lr: the whole gradient takes the step.": [
        lambda case: one_epoch(case, pull=(1 / case.lr, 1 / case.lr)),
        lambda case: one_epoch(case, pull=(1, 1 / case.lr)),
    ],
    "The pull is twice what it should be.": [_with(pull=(2, 2))],
    "All moves are twice what they should be: there is no 2 in these gradients.": [
        _with(scale=(2, 2))
    ],
    "The error counts twice in your moves: the 1/2 in L takes the 2 away.": [
        _with(error=lambda *parts: 2 * error_of(*parts))
    ],
    "Your moves are divided by the number of ratings; each rating makes its whole move.": [
        lambda case: one_epoch(case._replace(lr=case.lr / max(len(case.ratings), 1)))
    ],
    "The pull comes once an epoch; it stands inside the sum, so once for each rating.": [
        _pulled_once
    ],
    "pu[u] moves along qi[i] and qi[i] along pu[u]; yours each along itself.": [
        _with(along=lambda p, q: (p, q))
    ],
    "The moves of the factors lack the other row: pu[u] moves by error times qi[i].": [
        _with(along=lambda p, q: (1.0, 1.0))
    ],
    "The error comes with the opposite sign: it is the rating minus the prediction.": [
        _with(error=lambda *parts: -error_of(*parts))
    ],
    "You subtract moves; add them: += and not -=.": [
        _with(scale=(-1, -1)),
        _with(scale=(-1, 1)),
        _with(scale=(1, -1)),
    ],
    "The biases do not move.": [_with(scale=(0, 1))],
    "The factors do not move.": [_with(scale=(1, 0))],
    "You take all errors at the start values. Go one by one: later ratings see moved rows.": [
        partial(_at_once, last_wins=False),
        partial(_at_once, last_wins=True),
        _errors_of_the_start,
    ],
    "You stop after the first rating: is your return inside the loop?": [
        _on(lambda case: case.ratings[:1])
    ],
    "You go through the ratings twice.": [_on(lambda case: [*case.ratings, *case.ratings])],
    "You go through the ratings in another order than theirs.": [
        _on(lambda case: case.ratings[::-1]),
        _on(lambda case: sorted(case.ratings)),
    ],
    "A pair that is rated twice counts twice.": [
        _on(_each_once),
        _on(lambda case: list(dict.fromkeys(case.ratings))),
    ],
    "The mean is missing in the error.": [
        _with(error=lambda r, m, bu, bi, dot: r - (bu + bi + dot))
    ],
    "The biases are missing in the error.": [
        _with(error=lambda r, m, bu, bi, dot: r - (m + dot)),
        _with(error=lambda r, m, bu, bi, dot: r - dot),
    ],
    "The product pu[u] · qi[i] is missing in the error.": [
        _with(error=lambda r, m, bu, bi, dot: r - (m + bu + bi))
    ],
    "The prediction in the error was cut off at the ends of the scale 1 to 5; it is not clipped.": [
        _with(error=lambda r, m, *rest: r - np.clip(m + sum(rest), 1, 5))
    ],
    "The mean is the number given, not that of these ratings.": [_own_mean],
    AMONG_RATED: [_on(_zeros_among_the_rated)],
}
