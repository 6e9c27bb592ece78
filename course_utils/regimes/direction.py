"""Direction: three markets pull a narrow body one way, one market another.

Products have d numbers x; q_0, q_1, ... are orthonormal.

    market k of the majority (three):  l_k = a (q_0 + jitter q_k+2) . x / its length
    the minority's market:             l   = a ((1 - kin) q_1 + kin q_0) . x / its length

chance of label 1 = sigmoid(l). One body of ``width`` ReLU units serves all four, because serving
has no room for more. Judged by the worst of the four markets. Nothing is hidden.

Why an aggregator should win at width 1: the sum of losses is least where the body serves the
majority alone; a fixed weight moves it, but the loss has two separate valleys, one for each
side, and no weight has its minimum between them. MGDA and UPGrad step only where no task
gets worse, and stay between.

Why it should lose: with width >= 2, both directions fit and the sum has nothing to give up (Wu,
Zhang and Re, ICLR 2020); and as kin goes to 1 there is no conflict. The mean over markets is
lower at any width. And no method beats what needs no body: a logistic regression a market.

Boundary, predicted: width 1 against width 2, the rank of the tasks together.
"""

from __future__ import annotations

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.regimes.draws import chance, happens, stream

NAME = "Direction"

MAJORITY, MINORITY = ("market A", "market B", "market C"), "market D"

DIALS = {"kin": (0.0, 1.0)}
"""Dial -> its least and greatest sensible value; the other dial is the network's width."""


def make(
    seed: int,
    kin: float = 0.0,
    jitter: float = 0.2,
    n_train: int = 3_000,
    n_valid: int = 2_000,
    n_test: int = 8_000,
    numbers: int = 8,
    strength: float = 2.5,
) -> Case:
    """The case of the equation above.

    Args:
        kin: how much of the minority's taste is the majority's.
        jitter: how much the markets of the majority differ.
        numbers: d, 5 or more.
        strength: a.
    """
    draw, n = stream(seed, "direction"), n_train + n_valid + n_test
    x = np.round(draw.normal(size=(n, numbers)), 3)
    q = np.linalg.qr(draw.normal(size=(numbers, numbers)))[0].T
    ways = {task: q[0] + jitter * q[2 + k] for k, task in enumerate(MAJORITY)}
    ways[MINORITY] = (1.0 - kin) * q[1] + kin * q[0]
    chances = {
        task: chance(strength * (x @ way) / np.linalg.norm(way)) for task, way in ways.items()
    }
    labels = {task: happens(draw, p) for task, p in chances.items()}
    rows = Rows(np.zeros((n, 0), int), x, chances, labels, masks={})
    return rows.cut(columns_of({}, [f"x{k}" for k in range(numbers)]), n_train, n_valid)
