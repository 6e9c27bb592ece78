"""Task 53.4: one step of BPR on a mini-batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer

right = LessonAnswer("53.4")
edit, first, returning = right.edit, right.first, right.returning


def _case(seed: int, users: int, items: int, f: int, n: int, lr: float, reg: float) -> Case:
    draw = np.random.default_rng(seed)
    i = draw.integers(items, size=n)
    j = (i + draw.integers(1, items, size=n)) % items
    x, y = draw.normal(size=(users, f)).round(1), draw.normal(size=(items, f)).round(1)
    return x, y, draw.integers(users, size=n), i, j, lr, reg


def _one(*numbers: int) -> list[np.ndarray]:
    return [np.array([one]) for one in numbers]


CASES: list[Case] = [
    (np.array([[1.0, 0.0]]), np.array([[1.0, 1.0], [2.0, 0.0]]), *_one(0, 0, 1), 0.5, 0),
    (np.array([[1.0]]), np.array([[2.0], [1.0]]), *_one(0, 0, 1), 0.5, 0.2),
    _case(1, 4, 6, 2, 3, 0.3, 0.1),
    # A user and an item more than once, as i here and as j there.
    _case(2, 2, 3, 2, 6, 0.2, 0.1),
    (
        np.array([[0.5, 1.0]]),
        np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
        np.array([0, 0, 0]),
        np.array([0, 0, 1]),
        np.array([1, 1, 2]),
        0.4,
        0.0,
    ),
    _case(3, 3, 4, 3, 5, 0.1, 0.0),
    # d is far below 0, and far above.
    (np.array([[40.0]]), np.array([[20.0], [-30.0]]), *_one(0, 1, 0), 0.01, 0.1),
    (np.array([[40.0]]), np.array([[20.0], [-30.0]]), *_one(0, 0, 1), 0.01, 0.0),
]


def _one_by_one(x: Any, y: Any, u: Any, i: Any, j: Any, lr: float, reg: float) -> Any:
    loss = right(x, y, u, i, j, lr, reg)[0]
    for at in range(len(u)):
        _, x, y = right(x, y, *(one[at : at + 1] for one in (u, i, j)), lr / len(u), reg)
    return loss, x, y


SLOPE, PULL = "np.exp(-np.logaddexp(0, d))", "pull = reg / len(u)"

SLIPS = {
    "a row that stands twice in the batch moves once: x[u] += ... keeps the last; np.add.at adds "
    "all": edit(
        {
            "np.add.at(x, u, ": "x[u] += (",
            "np.add.at(y, i, ": "y[i] += (",
            "np.add.at(y, j, ": "y[j] += (",
        }
    ),
    "the slope is σ(d), which is large where the order is right; it is σ(-d)": edit(
        {SLOPE: "np.exp(-np.logaddexp(0, -d))"}
    ),
    "the slope is left out": edit({SLOPE: "np.ones(len(d))"}),
    "the moves are summed over the batch; the loss is a mean": edit(
        {".mean()": ".sum()", " / len(u)": ""}
    ),
    "the loss is a mean, and its moves are not: 1 / B belongs into each of them": edit(
        {" / len(u)": ""}
    ),
    "each triple sees the rows that the one before it moved; all start from the same values": (
        _one_by_one
    ),
    "nothing is pulled towards zero": edit({PULL: "pull = 0"}),
    "the pull is twice what it should be: the derivative of reg / 2 times a square": edit(
        {PULL: "pull = 2 * reg / len(u)"}
    ),
    "y[j] moves up; what was not bought goes down": edit({"-s * xu": "s * xu"}),
    "y[j] does not move by its slope": edit({"-s * xu - pull": "-pull"}),
    "the step goes up the loss": first("lr = -lr"),
    "the loss leaves out the squares": edit({" + reg / 2 * squares": ""}),
    "the loss counts the squares with reg, not with reg / 2": edit({"reg / 2": "reg"}),
    "the loss is that after the step": returning(
        "(right(*result[1:], u, i, j, lr, reg)[0], *result[1:])"
    ),
}

TASK = checked(
    "53.4",
    "One gradient step of BPR on a batch of triples: the loss before it, and both tables.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Take rows xu, yi, yj = x[u], y[i], y[j], three tables of B rows. All that follows works "
        "on them, and adds to copies of x and y at the end.",
        "ln σ(d) is -np.logaddexp(0, -d), and never overflows; σ(-d) is 1 / (1 + np.exp(d)), which "
        "may warn and is right. Rows that repeat: np.add.at(x, u, moves) adds all of them.",
        "s = (1 / (1 + np.exp(d)))[:, None]; np.add.at(x, u, lr / B * (s * (yi - yj) - reg * xu)); "
        "the same for y at i with s * xu - reg * yi, and at j with -s * xu - reg * yj.",
    ),
    insight="B f for the moves: rows outside the batch stay. New tables cost a copy of both as "
    "well; production moves rows in place.",
    parts=("the loss", "x", "y"),
    not_finite="exp of thousands is infinite, and log of 0 too: -ln σ(d) is np.logaddexp(0, -d).",
)
