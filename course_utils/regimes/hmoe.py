"""HMoE: small markets whose customers each follow the score of the big market they come from.

A customer belongs to a group for each of J tastes, and so does a product. On the ring of taste
j both groups have a place, and like_j = sqrt(2) cos(place_j(customer) - place_j(product)) says
how well they fit. J big markets follow one taste each; K small ones have visitors:

    big market j:     l = base + a like_j
    small market k:   l = base + a (sqrt(1 - own^2) like_home + own like_(k mod J))

with home, a column, the big market that the customer comes from; in big markets it changes
nothing. Chance of a click = sigmoid(l). Nothing is hidden; the market is the scenario of a row,
and the small markets alone are judged.

Why it should win at own = 0: the logits of the big markets are learned from many rows, and a
small market must learn only which one to borrow for which home: a softmax over markets, linear
in the row, is HMoE's sum in the label space. A network with the market as one more column has
to find out that ``home`` does in small markets what the market does in big ones; a network a
market has 600 rows for all places.

Why it should lose at own = 1: no big market's logit depends on the home, and a small market
follows one taste for all; which one is a plain column's business.

Boundary, predicted: half of each at own = .7. Before measuring a doubt is due as well: weights
start at one in J + K, so every logit is small at the start, and early stopping may come first.
"""

from __future__ import annotations

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.regimes.draws import chance, happens, stream
from course_utils.regimes.rings import likeness, places

NAME = "HMoE"

DIALS = {"own": (0.0, 1.0), "few": (100, 3_000)}
"""Dial -> its least and greatest sensible value."""


def make(
    seed: int,
    own: float = 0.0,
    few: int = 600,
    many: int = 3_000,
    big: int = 3,
    small: int = 3,
    groups: int = 24,
    n_test: int = 6_000,
    strength: float = 2.5,
    base: float = -0.5,
) -> Case:
    """The case of the equation above; a third as many rows to choose by as to learn from.

    Args:
        own: weight of a small market's own taste, 0 to 1.
        few: training rows of a small market; many: of a big one.
        big: J; small: K.
        groups: of customers, and of products, for each taste.
        strength: a.
    """
    draw, markets = stream(seed, "hmoe"), np.arange(big + small)
    customer, product = places(draw, big, groups), places(draw, big, groups)
    rows_of = np.where(markets < big, many, few)
    train, valid = np.repeat(markets, rows_of), np.repeat(markets, rows_of // 3)
    market = np.concatenate([train, valid, big + np.arange(n_test) % small])
    n = len(market)
    is_small, home = market >= big, draw.integers(big, size=n)
    wants, has = draw.integers(groups, size=(2, big, n))
    taste = np.arange(big)[:, None]
    like = likeness(customer[taste, wants], product[taste, has])  # [J, n]
    mine, borrowed = like[market % big, np.arange(n)], like[home, np.arange(n)]
    mixed = np.sqrt(1.0 - own**2) * borrowed + own * mine
    chances = chance(base + strength * np.where(is_small, mixed, mine))
    sizes = {f"{side} {j}": groups for side in ("customer", "product") for j in range(big)}
    rows = Rows(
        np.column_stack([wants.T, has.T, home]),
        np.zeros((n, 0)),
        {"click": chances},
        {"click": happens(draw, chances)},
        masks={},
        scenario=market,
        judged={"click": is_small},
    )
    columns = columns_of({**sizes, "home": big}, scenarios=len(markets))
    return rows.cut(columns, len(train), len(valid))
