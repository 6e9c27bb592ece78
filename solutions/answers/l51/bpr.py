"""Task 51.7: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l51.bpr_mistakes import MISTAKES


def _number_by_number(triples: Any, x: Any, y: Any, lr: float, reg: float) -> Any:
    """Factor by factor, as on a whiteboard."""
    for u, i, j in triples:
        d = sum(x[u, f] * (y[i, f] - y[j, f]) for f in range(x.shape[1]))
        s = 1 / (1 + math.exp(d))
        for f in range(x.shape[1]):
            xu, yi, yj = x[u, f], y[i, f], y[j, f]
            x[u, f] += lr * (s * (yi - yj) - reg * xu)
            y[i, f] += lr * (s * xu - reg * yi)
            y[j, f] += lr * (-s * xu - reg * yj)
    return [x.tolist(), y]


def _by_differences(triples: Any, x: Any, y: Any, lr: float, reg: float) -> Any:
    """Without a derivative: the loss of a triple, a little to each side."""

    def loss(xu: Any, yi: Any, yj: Any) -> float:
        d = xu @ (yi - yj)
        return float(np.logaddexp(0, -d) + reg / 2 * (xu @ xu + yi @ yi + yj @ yj))

    for u, i, j in triples:
        rows = [x[u].copy(), y[i].copy(), y[j].copy()]
        moves = []
        for at, row in enumerate(rows):
            move = np.zeros(len(row))
            for f in range(len(row)):
                up, down = [one.copy() for one in rows], [one.copy() for one in rows]
                up[at][f] += 1e-4
                down[at][f] -= 1e-4
                move[f] = -lr * (loss(*up) - loss(*down)) / 2e-4
            moves.append(move)
        x[u] += moves[0]
        y[i] += moves[1]
        y[j] += moves[2]
    return x, y


def _both_at_once(triples: Any, x: Any, y: Any, lr: float, reg: float) -> Any:
    """One assignment, so nothing is moved before it is used."""
    for u, i, j in triples:
        p, q, r = x[u], y[i], y[j]
        s = 1 - 1 / (1 + np.exp(-(p @ q - p @ r)))
        x[u], y[i], y[j] = (
            p + lr * (s * (q - r) - reg * p),
            q + lr * (s * p - reg * q),
            r - lr * (s * p + reg * r),
        )
    return x, y


def _pair(flat: Any, x: Any, y: Any) -> Any:
    return flat[: x.size].reshape(x.shape), flat[x.size :].reshape(y.shape)


def _answer_of(mistake: Any) -> Any:
    """A mistake that the check knows, as an answer."""
    return lambda triples, x, y, lr, reg: _pair(mistake(triples, x, y, lr, reg), x, y)


def _wrong_without_a_copy(triples: Any, x: Any, y: Any, lr: float, reg: float) -> Any:
    for u, i, j in triples:
        old = x[u]
        s = 1 / (1 + np.exp(old @ (y[i] - y[j])))
        x[u] += lr * (s * (y[i] - y[j]) - reg * x[u])
        y[i] += lr * (s * old - reg * y[i])
        y[j] += lr * (-s * old - reg * y[j])
    return x, y


def _wrong_rounded(triples: Any, x: Any, y: Any, lr: float, reg: float) -> Any:
    return tuple(np.round(one, 3) for one in _both_at_once(triples, x, y, lr, reg))


PROOF = Proof(
    task="51.7",
    right=[_number_by_number, _by_differences, _both_at_once],
    wrong=[
        Wrong(_wrong_without_a_copy, "moved by the new x[u]", silent=True),
        *silent({says: _answer_of(one) for says, one in MISTAKES.items()}),
        Wrong(_wrong_rounded, "You rounded to 3 decimals", silent=True),
        Wrong(lambda t, x, y, lr, reg: _both_at_once(t, x, y, lr, reg)[::-1], "exchanged"),
        Wrong(lambda *case: _both_at_once(*case)[0], "must return two arrays"),
        Wrong(
            lambda t, x, y, lr, reg: tuple(one.T for one in _both_at_once(t, x, y, lr, reg)),
            "must keep its shape",
        ),
        Wrong(lambda t, x, y, lr, reg: print(end=""), "the two arrays x and y"),
    ],
)
