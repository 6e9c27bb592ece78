"""ESCM2: a click chooses who is seen buying, and the choice is a matter of pairs.

Customer groups u and products p have places on two rings; q = w . likeness of the pair,
deviation 1. A row has three numbers x (price, stars, delivery) that both sides see.

    click:     l = b_click + gamma q
    purchase:  l = a tanh(2 (q - turn)) (theta . x),   |theta| = 1

chance of label 1 = sigmoid(l). Those who fit a product well want the dearer, faster one, the rest
the cheaper one: theta turns its sign at q = ``turn``, as strongly as ``flip`` says. The purchase
needs a click: it is learned on clicked rows, most of which fit well, and judged on all rows, most
of which do not. Nothing is hidden: given the columns, clicked rows buy as others do.

Why it should win at a large gamma: whoever learns from clicked rows without weights learns mostly
the sign of those who fit, and no plain rival can see who fits, since pairs are many and single
columns say nothing of q. So neither crosses nor trees turn the sign, and the propensity of a
logistic regression on main effects is the same for all: its weights correct nothing. The click
task of ESCM2 learns q from all impressions, and 1 / pCTR weighs the clicked rows back.

Why it should lose: with flip = 0 the purchase is the same linear function everywhere, every
rival is right without weights, and weights only add variance. With a larger gamma no clicked
row is left of those who do not fit, and the clipped weights cannot bring them back.

Boundary, predicted: gamma where half of the clicked rows fit well, near 1.
"""

from __future__ import annotations

import numpy as np

from course_utils.regimes.case import Case, Rows, columns_of
from course_utils.regimes.draws import chance, happens, stream
from course_utils.regimes.rings import likeness, places

NAME = "ESCM2"

NUMBERS = ("price", "stars", "delivery")

DIALS = {"gamma": (0.0, 4.0), "flip": (0.0, 1.0)}
"""Dial -> its least and greatest sensible value."""


def make(
    seed: int,
    gamma: float = 1.5,
    flip: float = 1.0,
    groups: int = 40,
    rings: int = 2,
    n_train: int = 24_000,
    n_valid: int = 12_000,
    n_test: int = 8_000,
    strength: float = 2.0,
    click_base: float = -2.0,
    turn: float = 0.8,
) -> Case:
    """The case of the equation above; the purchase is judged, on all rows.

    Args:
        gamma: how strongly the click follows q.
        flip: how far theta turns: 0 not at all, 1 to its opposite.
        groups: of customers, and of products.
        strength: a.
        click_base: b_click.
        turn: q from which on a customer fits well.
    """
    draw, n = stream(seed, "escm2"), n_train + n_valid + n_test
    of_customer, of_product = (places(draw, rings, groups) for _ in range(2))
    own, theta = draw.normal(size=rings), draw.normal(size=len(NUMBERS))
    customer, product = draw.integers(groups, size=(2, n))
    x = np.round(draw.normal(size=(n, len(NUMBERS))), 3)
    fit = own @ likeness(of_customer[:, customer], of_product[:, product]) / np.linalg.norm(own)
    sign = flip * np.tanh(2.0 * (fit - turn)) - (1.0 - flip)
    chances = {
        "click": chance(click_base + gamma * fit),
        "purchase": chance(strength * sign * (x @ theta) / np.linalg.norm(theta)),
    }
    click = happens(draw, chances["click"])
    labels = {"click": click, "purchase": click & happens(draw, chances["purchase"])}
    rows = Rows(
        np.stack([customer, product], 1),
        x,
        chances,
        labels,
        masks={"purchase": click},
        judged={"click": np.zeros(n, bool), "purchase": np.ones(n, bool)},
    )
    columns = columns_of({"customer": groups, "product": groups}, NUMBERS)
    return rows.cut(columns, n_train, n_valid)
