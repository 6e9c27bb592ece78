"""M2M: what counts in a market follows from its attributes, and there are many small markets.

A customer belongs to a group for each of three tastes (colour, style, size), and so does a
product. On the ring of taste r both groups have a place, the same in all markets, and
like_r = sqrt(2) cos(place_r(customer) - place_r(product)) says how well they fit.

    l = base + a w_s . like,     chance of a click = sigmoid(l)
    w_s = sqrt(1 - common^2) turn(use_s) e(season_s) + common (1, 1, 1) / sqrt(3)

A market s has two attributes, columns of its rows: its season says which taste counts, its use
(own, home, present) whether what fits is clicked, turn = 1, or, for presents, what differs,
turn = -1. Nothing is hidden; the market is the scenario of a row, and has some 300 rows.

Why it should win at common = 0: M2M makes the weights of a layer from the attributes, so one
attribute can pick inputs and another turn their sign; the layer below holds what all markets
share, the places. A network with attributes as columns must build products of four columns:
season, use, customer, product. The market's name says nothing that 300 rows could teach; a
crossed logistic regression has pairs; trees look at one column at a time, and none says much.

Why it should lose at common = 1: all markets follow one function. A network that sees neither
market nor attributes is the right model, and it is several times smaller.

Boundary, predicted: near common = .7, where the common part alone teaches the places, the
attributes' part needs few rows in any network. And below some rows a group nobody learns the
places; above some everybody does: the gain lies between.
"""

from __future__ import annotations

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.regimes.draws import chance, happens, stream
from course_utils.regimes.rings import likeness, places

NAME = "M2M"

DIALS = {"common": (0.0, 1.0), "n_train": (4_000, 40_000)}
"""Dial -> its least and greatest sensible value."""

TASTES, TURNS = 3, np.array([1.0, 1.0, -1.0])


def make(
    seed: int,
    common: float = 0.0,
    n_train: int = 12_000,
    markets: int = 36,
    groups: int = 18,
    n_valid: int = 3_000,
    n_test: int = 6_000,
    strength: float = 2.5,
    base: float = -0.5,
) -> Case:
    """The case of the equation above; every market has as many rows.

    Args:
        common: weight of what all markets share, 0 to 1.
        markets: a multiple of 9, so that all pairs of attributes are as frequent.
        groups: of customers, and of products, for each taste.
        strength: a.
    """
    draw, n = stream(seed, "m2m"), n_train + n_valid + n_test
    customer, product = places(draw, TASTES, groups), places(draw, TASTES, groups)
    pair = draw.permutation(np.arange(markets) % (TASTES * len(TURNS)))
    season, use = pair % TASTES, pair // TASTES
    own = np.eye(TASTES)[season] * TURNS[use][:, None]
    weights = np.sqrt(1.0 - common**2) * own + common / np.sqrt(TASTES)
    market = np.concatenate([np.arange(m) % markets for m in (n_train, n_valid, n_test)])
    wants, has = draw.integers(groups, size=(2, TASTES, n))
    taste = np.arange(TASTES)[:, None]
    like = likeness(customer[taste, wants], product[taste, has])  # [3, n]
    chances = chance(base + strength * (weights[market].T * like).sum(0))
    sizes = {"attribute season": TASTES, "attribute use": len(TURNS)}
    sizes |= {f"{side} {r}": groups for side in ("customer", "product") for r in range(TASTES)}
    rows = Rows(
        np.column_stack([season[market], use[market], wants.T, has.T]),
        np.zeros((n, 0)),
        {"click": chances},
        {"click": happens(draw, chances)},
        masks={},
        scenario=market,
    )
    return rows.cut(columns_of(sizes, scenarios=markets), n_train, n_valid)
