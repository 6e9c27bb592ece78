"""Task 53.10: the loss of a two-tower model with in-batch negatives and the logQ correction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import logsumexp

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l53.shared import hold

Array = np.ndarray


def _case(seed: int, n: int, d: int, ids: list[int], tau: float) -> Case:
    draw = np.random.default_rng(seed)
    table, q = draw.normal(size=(max(ids) + 1, d)).round(1), draw.uniform(0.01, 0.5, max(ids) + 1)
    at = np.array(ids)
    return draw.normal(size=(n, d)).round(1), table[at], at, q[at].round(2), tau


EXAMPLE: Case = (
    np.array([[3.0, 4.0], [0.0, 2.0]]),
    np.array([[1.0, 0.0], [0.0, 5.0]]),
    np.array([7, 8]),
    np.array([0.5, 0.25]),
    1.0,
)
CASES: list[Case] = [
    EXAMPLE,
    _case(1, 3, 2, [0, 1, 2], 1.0),
    _case(2, 4, 3, [0, 1, 2, 3], 0.2),
    _case(3, 5, 2, [2, 0, 2, 1, 2], 0.5),
    _case(4, 1, 2, [0], 0.1),
    _case(5, 3, 2, [1, 1, 1], 0.3),
    _case(6, 3, 4, [0, 1, 2], 0.001),
    # Two products with equal vectors are two products.
    (
        np.array([[1.0, 1.0], [2.0, 0.0]]),
        np.array([[1.0, 0.0], [1.0, 0.0]]),
        np.array([3, 4]),
        np.array([0.1, 0.4]),
        0.5,
    ),
    # A product that is drawn once in a thousand million draws.
    (
        np.array([[1.0, 1.0], [2.0, 0.0]]),
        np.array([[1.0, 0.0], [0.0, 1.0]]),
        np.array([1, 2]),
        np.array([1e-9, 0.2]),
        0.5,
    ),
    # Scores of -1,000, below what a filled-in -50 or -1,000 says, and an id twice.
    (
        np.array([[1.0, 0.0]] * 3),
        np.array([[-1.0, 0.0]] * 3),
        np.array([1, 1, 2]),
        np.array([0.1, 0.1, 0.2]),
        0.001,
    ),
]


def _unit(x: Array) -> Array:
    return np.asarray(x / np.linalg.norm(x, axis=1, keepdims=True))


def by(
    unit: Callable[[Array], Array] = _unit,
    sign: float = 1.0,
    side: str = "columns",
    own: bool = True,
    heated: bool = False,
    log: Callable[[Array], Array] = np.log,
    twins: str = "out",
    fill: float = 0.0,
    axis: int = 1,
    mean: Callable[[Array], float] = lambda terms: float(terms.mean()),
    temperature: Callable[[float], float] = lambda tau: 1 / tau,
) -> Callable[..., float]:
    """The mean loss; right as it stands."""

    def value(x: Array, y: Array, ids: Array, q: Array, tau: float) -> float:
        n = len(x)
        logits = temperature(tau) * (unit(x) @ unit(y).T)
        less = log(q)[None, :] if side == "columns" else log(q)[:, None]
        less = np.broadcast_to(less, (n, n)) * (temperature(tau) if heated else 1.0)
        logits = logits - sign * np.where(np.eye(n, dtype=bool) & (not own), 0.0, less)
        same = ids[:, None] == ids[None, :]
        if twins in ("out", "low"):
            there = -np.inf if twins == "out" else fill
            logits = np.where(same & ~np.eye(n, dtype=bool), there, logits)
        if twins == "all out":
            logits = np.where(same, -np.inf, logits)
            own_logits = temperature(tau) * (unit(x) * unit(y)).sum(axis=1) - log(q)
            return mean(logsumexp(logits, axis=1) - own_logits)
        return mean(logsumexp(logits, axis=axis) - np.diag(logits))

    return value


def _log_of_more(small: float) -> Callable[[Array], Array]:
    def value(q: Array) -> Array:
        return np.asarray(np.log(q + small))

    return value


right_logq = by()


def _by_vectors(x: Array, y: Array, ids: Array, q: Array, tau: float) -> float:
    """The same product is known by its vector, not by its id."""
    _, same = np.unique(y, axis=0, return_inverse=True)
    return right_logq(x, y, same.ravel(), q, tau)


MISTAKES: dict[str, Callable[..., float]] = {
    "nothing is corrected: log q is left out, or subtracted from rows, where it changes nothing": (
        by(sign=0.0)
    ),
    "log q is added; what is drawn often must lose": by(sign=-1.0),
    "the positive is not corrected; in the paper it is, like the rest": by(own=False),
    "q itself is subtracted, not its logarithm": by(log=lambda q: q),
    "log q is divided by the temperature too": by(heated=True),
    **{
        f"{small:g} is added to q; it is above 0 already": by(log=_log_of_more(small))
        for small in (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12)
    },
    "the same product further down in the batch counts as a negative": by(twins="in"),
    **{
        f"accidental hits have the score {fill}, and other scores may lie below it; take -np.inf": (
            by(twins="low", fill=fill)
        )
        for fill in (-50, -100, -1_000)
    },
    "equal vectors are taken for the same product; compare the ids": _by_vectors,
    "the vectors are not brought to length 1": by(unit=lambda x: x),
    "the softmax runs over customers; each customer chooses among products": by(axis=0),
    "the losses are added, not averaged": by(mean=lambda terms: float(terms.sum())),
    "the temperature multiplies; it divides": by(temperature=lambda tau: tau),
}


def check_logq(answer: Any) -> None:
    why = (
        "Is a row's own product masked with the others of its id? Leave the diagonal. And exp of a "
        "thousand is infinite: subtract each row's maximum first."
    )
    names = ("user", "item", "ids", "q", "tau")
    hold(answer, names, CASES, right_logq, MISTAKES, not_finite=why)


TASK = Task(
    id="53.10",
    prompt="Return the mean in-batch softmax loss with logQ, without accidental hits.",
    check_answer=check_logq,
    hints=(
        "A table B × B: row i is a customer, column j a product. The right one stands on the "
        "diagonal.",
        "Correct columns: logits - np.log(q) broadcasts along rows, as it should. Then -np.inf "
        "where "
        "ids are equal off the diagonal.",
        "Subtract each row's maximum, then the loss of row i is log(sum of exp) - logits[i, i]: "
        "s -= s.max(1, keepdims=True); (np.log(np.exp(s).sum(1)) - np.diag(s)).mean().",
    ),
    insight="B² d: the other rows of the batch are the negatives, and no further row is read.",
)
