"""STAR: each market values one taste, and some markets value it the other way round.

A customer belongs to a group for each of R tastes (colour, style, size ...), and so does a
product. On the ring of taste r both groups have a place, the same in all markets, and
like_r = sqrt(2) cos(place_r(customer) - place_r(product)) says how well they fit.

    l = base + a w_s . like,     chance of a click = sigmoid(l)
    w_s = sqrt(1 - common^2) own_s + common (1, ..., 1) / sqrt(R)

A market s has one taste alone in own_s, with +1 where customers click what fits, -1 where they
click what differs (a present, a change); of four markets with the same taste one is turned.
Nothing is hidden; the market is the scenario of a row.

Why it should win at common = 0: the places are shared, and only how they count is a market's
own. STAR's product of a shared and an own matrix says just this: an own weight of 1, 0 or -1
for each input. Over all markets the mean of w_s is a sixth for each taste, so a network with
the market as one more column sees little until it has built products of three columns; a gate
between 0 and 2 on embeddings alone cannot turn a sign; a network a market learns the places of
its taste from a twelfth of the rows; a crossed logistic regression has pairs of columns and
needs triples; trees cut rings of 24 groups into pieces.

Why it should lose at common = 1: all markets follow one function. A network that cannot see
the market is the right model, and twelve sets of own weights can only fit noise.

Boundary, predicted: where common and own part weigh the same, common = .7, most of a network's
places can be learned from the common part, and an own part on top of known places needs few
rows: the column network has caught up there.

Found by measuring, not predicted: with six markets of 2,000 rows, one of each kind, a network a
market is as good as STAR, since a market needs the places of one taste alone. With as many
turned markets as others, of twelve, a network a market led STAR, and one with the market as a
column stayed at chance.

The two parts are not orthogonal: a turned market's logit is smaller where ``common`` is high, so
the best AUC moves with the dial. What is said of six markets, and of as many turned ones as others,
was measured with an earlier draw of the markets.
"""

from __future__ import annotations

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.regimes.draws import chance, happens, stream
from course_utils.regimes.rings import likeness, places

NAME = "STAR"

DIALS = {"common": (0.0, 1.0), "markets": (12, 36), "n_train": (4_000, 40_000)}
"""Dial -> its least and greatest sensible value."""


def make(
    seed: int,
    common: float = 0.0,
    n_train: int = 12_000,
    markets: int = 12,
    tastes: int = 3,
    groups: int = 24,
    n_valid: int = 4_000,
    n_test: int = 6_000,
    strength: float = 2.5,
    base: float = -0.5,
) -> Case:
    """The case of the equation above; every market has as many rows.

    Args:
        common: weight of what all markets share, 0 to 1.
        markets: a multiple of 4 R.
        tastes: R.
        groups: of customers, and of products, for each taste.
        strength: a.
    """
    draw, n = stream(seed, "star"), n_train + n_valid + n_test
    customer, product = places(draw, tastes, groups), places(draw, tastes, groups)
    kinds = np.concatenate([np.eye(tastes)] * 3 + [-np.eye(tastes)])
    own = kinds[draw.permutation(np.arange(markets) % len(kinds))]
    weights = np.sqrt(1.0 - common**2) * own + common / np.sqrt(tastes)
    market = np.concatenate([np.arange(m) % markets for m in (n_train, n_valid, n_test)])
    wants, has = draw.integers(groups, size=(2, tastes, n))
    taste = np.arange(tastes)[:, None]
    like = likeness(customer[taste, wants], product[taste, has])  # [R, n]
    chances = chance(base + strength * (weights[market].T * like).sum(0))
    columns = columns_of(
        {f"{side} {r}": groups for side in ("customer", "product") for r in range(tastes)},
        scenarios=markets,
    )
    rows = Rows(
        np.concatenate([wants, has]).T,
        np.zeros((n, 0)),
        {"click": chances},
        {"click": happens(draw, chances)},
        masks={},
        scenario=market,
    )
    return rows.cut(columns, n_train, n_valid)
