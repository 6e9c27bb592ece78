"""AITM: four steps, each rarer than the one before, and a taste that changes on the way.

Customer groups u and products p have places on three rings. Step t (click, cart, order, keep)
weighs the rings by w_t, of length 1, and

    chance of step t after step t - 1 = sigmoid(base_t + a w_t . like(u, p))
    w_1 at random,  w_t = sqrt(1 - drift^2) w_t-1 + drift v_t,   v_t at random, orthogonal to w_t-1

Label t says that a row got as far as step t, over all rows: its chance is the product so far.
There are some thirty clicks for each row that is kept. Nothing is hidden.

Why it should beat single tasks: a hundred kept rows teach no likeness of pairs, thousands of
clicks do, and w_4 is close to w_1 as long as the drift is small.

Why it should not beat Shared-Bottom on the same labels: a body that many clicks taught holds all
rings, and the last tower has to weigh them from the same hundred rows, whether what it reads is
called a body or was handed on. What is handed on from step 3 is right for step 4 only if the
drift is 0, and then the body's features are as good.

Why it should lose at drift 1: the last step asks for other rings than the one before, which is
where AITM's attention looks first.

Boundary, predicted: against single tasks none below drift 1; against Shared-Bottom a tie at any.
"""

from __future__ import annotations

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.regimes.draws import chance, happens, stream
from course_utils.regimes.rings import likeness, places

NAME = "AITM"

STEPS = {"click": -2.0, "cart": -2.0, "order": -2.5, "keep": -2.0}
"""Step -> base_t."""

DIALS = {"drift": (0.0, 1.0)}
"""Dial -> its least and greatest sensible value."""


def make(
    seed: int,
    drift: float = 0.2,
    groups: int = 30,
    rings: int = 3,
    n_train: int = 24_000,
    n_valid: int = 12_000,
    n_test: int = 10_000,
    strength: float = 1.2,
) -> Case:
    """The case of the equation above; the last step is judged.

    Args:
        drift: how far the taste changes from step to step.
        groups: of customers, and of products.
        rings: 2 or more.
        strength: a.
    """
    draw, n = stream(seed, "aitm"), n_train + n_valid + n_test
    of_customer, of_product = (places(draw, rings, groups) for _ in range(2))
    customer, product = draw.integers(groups, size=(2, n))
    like = likeness(of_customer[:, customer], of_product[:, product])
    weights, so_far, arrived = _unit(draw.normal(size=rings)), np.ones(n), np.ones(n, bool)
    chances, labels = {}, {}
    for step, base in STEPS.items():
        after = chance(base + strength * (weights @ like))
        so_far, arrived = so_far * after, arrived & happens(draw, after)
        chances[step], labels[step] = so_far, arrived
        other = draw.normal(size=rings)
        other = _unit(other - (other @ weights) * weights)
        weights = np.sqrt(1.0 - drift**2) * weights + drift * other
    rows = Rows(
        np.stack([customer, product], 1),
        np.zeros((n, 0)),
        chances,
        labels,
        masks={},
        judged={step: np.full(n, step == "keep") for step in STEPS},
    )
    return rows.cut(columns_of({"customer": groups, "product": groups}), n_train, n_valid)


def _unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / np.linalg.norm(vector))
