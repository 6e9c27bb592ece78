"""ESCM2: a click chooses who is seen buying, and the body is too small to say both.

A row has d numbers x. x_0 says how far a price lies from the usual one, down or up; the more
unusual, the more clicks. q = |x_0|, standardised.

    click:     l = b_click + gamma q
    purchase:  l = a sign(q) theta . (x_1, ..., x_d-1),   |theta| = 1
    sign(q) = flip tanh(2 (q - turn)) - (1 - flip)

At unusual prices people buy for other reasons than at usual ones: with flip = 1 theta turns
round at q = ``turn``. The purchase needs a click: it is learned on clicked rows, most of them at
unusual prices, and judged on all rows, four fifths of them at usual ones. Nothing is hidden:
given x, clicked rows buy as others do.

Why it should win with a small body at a large gamma: four units cannot hold theta and its turn, so
a purchase model must choose a side. Without weights it takes the clicked rows' side. ESCM2's
click task learns |x_0| from all impressions, and 1 / pCTR weighs the clicked rows back. A
propensity by main effects, as in a weighted logistic regression, is the same for all rows,
since x_0 and -x_0 are clicked alike: its weights correct nothing.

Why it should lose with a wide body: given x nothing is biased. Shared-Bottom's body learns |x_0|
from the click, its purchase tower needs one product more, and no weight adds variance. With
flip = 0 nobody needs weights, at any width.

Boundary, predicted: the width that holds theta with both signs at both ends of x_0, 8 units.
"""

from __future__ import annotations

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.regimes.draws import chance, happens, stream

NAME = "ESCM2"

MEAN, DEVIATION = 0.798, 0.603
"""Of |x_0|, for a normal x_0."""

DIALS = {"gamma": (0.0, 3.0), "flip": (0.0, 1.0)}
"""Dial -> its least and greatest sensible value; the other dial is the network's width."""


def make(
    seed: int,
    gamma: float = 1.5,
    flip: float = 1.0,
    numbers: int = 20,
    n_train: int = 24_000,
    n_valid: int = 10_000,
    n_test: int = 8_000,
    strength: float = 2.0,
    click_base: float = -2.0,
    turn: float = 0.8,
) -> Case:
    """The case of the equation above; the purchase is judged, on all rows.

    Args:
        gamma: how strongly the click follows q.
        flip: how far theta turns: 0 not at all, 1 to its opposite.
        numbers: d.
        strength: a.
        click_base: b_click.
        turn: q from which on theta turns.
    """
    draw, n = stream(seed, "escm2"), n_train + n_valid + n_test
    x = np.round(draw.normal(size=(n, numbers)), 3)
    theta = draw.normal(size=numbers - 1)
    q = (np.abs(x[:, 0]) - MEAN) / DEVIATION
    sign = flip * np.tanh(2.0 * (q - turn)) - (1.0 - flip)
    chances = {
        "click": chance(click_base + gamma * q),
        "purchase": chance(strength * sign * (x[:, 1:] @ theta) / np.linalg.norm(theta)),
    }
    click = happens(draw, chances["click"])
    labels = {"click": click, "purchase": click & happens(draw, chances["purchase"])}
    rows = Rows(
        np.zeros((n, 0), int),
        x,
        chances,
        labels,
        masks={"purchase": click},
        judged={"click": np.zeros(n, bool), "purchase": np.ones(n, bool)},
    )
    return rows.cut(columns_of({}, [f"x{k}" for k in range(numbers)]), n_train, n_valid)
