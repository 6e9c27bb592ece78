"""Task 53.4: one step of BPR on a mini-batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l53.shared import hold

PARTS = ("the loss", "x", "y")


def _case(seed: int, users: int, items: int, f: int, n: int, lr: float, reg: float) -> Case:
    draw = np.random.default_rng(seed)
    i = draw.integers(items, size=n)
    j = (i + draw.integers(1, items, size=n)) % items
    x, y = draw.normal(size=(users, f)).round(1), draw.normal(size=(items, f)).round(1)
    return x, y, draw.integers(users, size=n), i, j, lr, reg


def _one(*numbers: int) -> list[np.ndarray]:
    return [np.array([one]) for one in numbers]


EXAMPLE: Case = (np.array([[1.0, 0.0]]), np.array([[1.0, 1.0], [2.0, 0.0]]), *_one(0, 0, 1), 0.5, 0)
CASES: list[Case] = [
    EXAMPLE,
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


def _sigmoid(d: np.ndarray) -> np.ndarray:
    return np.exp(-np.logaddexp(0, -d))


def by(
    slope: Callable[[np.ndarray], np.ndarray] = lambda d: _sigmoid(-d),
    mean: bool = True,
    adds: str = "all",
    pull: float = 1.0,
    down: float = 1.0,
    loss_reg: float = 0.5,
    way: float = 1.0,
    naive: bool = False,
    moves_mean: bool = True,
) -> Callable[..., Any]:
    """The loss before the step, x and y after it; right as it stands."""

    def step(x: Any, y: Any, u: Any, i: Any, j: Any, lr: float, reg: float) -> Any:
        old_x, old_y, share = x, y, 1 / len(u) if mean else 1.0
        move_share = share if moves_mean else 1.0
        x, y = x.copy(), y.copy()
        d = (old_x[u] * (old_y[i] - old_y[j])).sum(axis=1)
        s = slope(d)[:, None]
        terms = -np.log(1 / (1 + np.exp(-d))) if naive else np.logaddexp(0, -d)
        squares = sum((rows**2).sum(axis=1) for rows in (old_x[u], old_y[i], old_y[j]))
        loss = share * float((terms + loss_reg * reg * squares).sum())
        moves = [
            (x, u, s * (old_y[i] - old_y[j]) - pull * reg * old_x[u]),
            (y, i, s * old_x[u] - pull * reg * old_y[i]),
            (y, j, -down * s * old_x[u] - pull * reg * old_y[j]),
        ]
        for array, at, move in moves:
            if adds == "all":
                np.add.at(array, at, way * lr * move_share * move)
            else:
                array[at] += way * lr * move_share * move
        return loss, x, y

    return step


def _one_by_one(x: Any, y: Any, u: Any, i: Any, j: Any, lr: float, reg: float) -> Any:
    loss = right_bpr(x, y, u, i, j, lr, reg)[0]
    for at in range(len(u)):
        _, x, y = right_bpr(x, y, *(one[at : at + 1] for one in (u, i, j)), lr / len(u), reg)
    return loss, x, y


def _loss_after(*case: Any) -> Any:
    _, x, y = right_bpr(*case)
    return right_bpr(x, y, *case[2:])[0], x, y


right_bpr = by()

MISTAKES: dict[str, Callable[..., Any]] = {
    "a row that stands twice in the batch moves once: x[u] += ... keeps the last; np.add.at adds "
    "all": by(adds="last"),
    "the slope is σ(d), which is large where the order is right; it is σ(-d)": by(slope=_sigmoid),
    "the slope is left out": by(slope=np.ones_like),
    "the moves are summed over the batch; the loss is a mean": by(mean=False),
    "the loss is a mean, and its moves are not: 1 / B belongs into each of them": by(
        moves_mean=False
    ),
    "each triple sees the rows that the one before it moved; all start from the same values": (
        _one_by_one
    ),
    "nothing is pulled towards zero": by(pull=0.0),
    "the pull is twice what it should be: the derivative of reg / 2 times a square": by(pull=2.0),
    "y[j] moves up; what was not bought goes down": by(down=-1.0),
    "y[j] does not move by its slope": by(down=0.0),
    "the step goes up the loss": by(way=-1.0),
    "the loss leaves out the squares": by(loss_reg=0.0),
    "the loss counts the squares with reg, not with reg / 2": by(loss_reg=1.0),
    "the loss is that after the step": _loss_after,
}


def check_bpr(answer: Any) -> None:
    names = ("x", "y", "u", "i", "j", "lr", "reg")
    why = "exp of thousands is infinite, and log of 0 too: -ln σ(d) is np.logaddexp(0, -d)."
    hold(answer, names, CASES, right_bpr, MISTAKES, PARTS, why)


TASK = Task(
    id="53.4",
    prompt="One gradient step of BPR on a batch of triples: the loss before it, and both tables.",
    check_answer=check_bpr,
    hints=(
        "Take rows xu, yi, yj = x[u], y[i], y[j], three tables of B rows. All that follows works "
        "on "
        "them, and adds to copies of x and y at the end.",
        "ln σ(d) is -np.logaddexp(0, -d), and never overflows; σ(-d) is 1 / (1 + np.exp(d)), "
        "which may "
        "warn and is right. Rows that repeat: np.add.at(x, u, moves) adds all of them.",
        "s = (1 / (1 + np.exp(d)))[:, None]; np.add.at(x, u, lr / B * (s * (yi - yj) - reg * xu)); "
        "the same for y at i with s * xu - reg * yi, and at j with -s * xu - reg * yj.",
    ),
    insight="B f for the moves: rows outside the batch stay. New tables cost a copy of both "
    "as well; production moves rows in place.",
)
