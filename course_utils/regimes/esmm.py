"""ESMM: what is bought after a click, where clicks are rare and likings are of pairs.

Customer groups u and products p have places on R rings; like = w . (sqrt(2) cos(place_r(u) -
place_r(p)))_r, deviation 1. Of impressions,

    click:     l = b_click + a like
    purchase:  l = b_buy + a (rho like + sqrt(1 - rho^2) habit),
    habit = (habit(u) + habit(p)) / sqrt(2),

chance of label 1 = sigmoid(l); the purchase needs a click, so its sample space is the clicked
rows, and its verdict is about all rows. Nothing is hidden: clicked and other rows with the same
columns buy alike.

Why it should win at rho = 1: there are more pairs than clicks, so neither crosses nor a smoothed
rate of any column or pair can serve; a likeness is learned from all impressions, through
embeddings that click and purchase share.

Why it should not beat Shared-Bottom: both learn from the same labels. An impression without a
click says nothing of the purchase beyond what the click's own loss says: the likelihood is a
product of the two. What differs is where the bodies part.

Why it should lose at rho = 0: the click shows nothing of the habit, a logistic regression on
clicked rows is the true model, and every error of pCTR enters pCVR through the product.

Boundary, predicted: as for Shared-Bottom, between rho .5 and .7 against the regression.
"""

from __future__ import annotations

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.regimes.draws import centred, chance, happens, stream
from course_utils.regimes.rings import likeness, places

NAME = "ESMM"

DIALS = {"rho": (0.0, 1.0), "click_base": (-4.0, 0.0)}
"""Dial -> its least and greatest sensible value."""


def make(
    seed: int,
    rho: float = 1.0,
    click_base: float = -3.0,
    groups: int = 30,
    rings: int = 2,
    n_train: int = 24_000,
    n_valid: int = 12_000,
    n_test: int = 8_000,
    strength: float = 1.2,
    buy_base: float = -1.0,
) -> Case:
    """The case of the equation above; the purchase is judged, on all rows.

    Args:
        rho: how much of the purchase is what the click shows.
        click_base: b_click; at -3 one impression in twelve is clicked.
        groups: of customers, and of products.
        rings: R.
        strength: a.
    """
    draw, n = stream(seed, "esmm"), n_train + n_valid + n_test
    of_customer, of_product = (places(draw, rings, groups) for _ in range(2))
    own = draw.normal(size=rings)
    habits = centred(draw.normal(size=(2, groups)))
    customer, product = draw.integers(groups, size=(2, n))
    like = own @ likeness(of_customer[:, customer], of_product[:, product]) / np.linalg.norm(own)
    habit = (habits[0][customer] + habits[1][product]) / np.sqrt(2.0)
    wish = rho * like + np.sqrt(1.0 - rho**2) * habit
    chances = {
        "click": chance(click_base + strength * like),
        "purchase": chance(buy_base + strength * wish),
    }
    click = happens(draw, chances["click"])
    labels = {"click": click, "purchase": click & happens(draw, chances["purchase"])}
    rows = Rows(
        np.stack([customer, product], 1),
        np.zeros((n, 0)),
        chances,
        labels,
        masks={"purchase": click},
        judged={"click": np.zeros(n, bool), "purchase": np.ones(n, bool)},
    )
    return rows.cut(columns_of({"customer": groups, "product": groups}), n_train, n_valid)
