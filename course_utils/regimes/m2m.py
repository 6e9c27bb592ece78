"""M2M: what counts follows from market and occasion together, and the pair is new.

Four tastes are sums of effects of six columns of a customer and a product. The occasion (a present,
a party, a move ...) is a column of eight values; the market is the scenario, of eight. On a circle
of its own each market has a place alpha, on another each occasion a place beta, evenly spaced in
random order, so that

    l = base + a w . taste,     chance of a click = sigmoid(l)
    w = sqrt(1 - common^2) u_market (x) v_occasion + common (1, 1, 1, 1) / 2,     then |w| = 1
    u_market (x) v_occasion = (cos alpha cos beta, cos alpha sin beta, sin alpha cos beta, ...)

Training rows show ``seen`` of the eight occasions of a market, and as many markets of an occasion.
Validation rows are of one more occasion for each market, test rows of the rest: pairs that no
training row holds, as where a shop brings something new to a market. Nothing else is hidden.

Why it should win at common = 0: M2M makes the weights of a layer from the vectors of market and
occasion, so a layer's weights can be w, also of a new pair, while the experts below hold what all
rows share, the tastes. Over all occasions of a market, or all markets of an occasion, the mean of
w is zero: a network with the market as one more column has to build products of three columns, of
which no two say anything; what two seem to say of the pairs seen is the opposite of what they say
of the others. A column with the pairs says nothing of a new one. A network a market has an eighth
of the rows, and no market has seen the occasion; crosses are pairs; trees look at one column at a
time.

Why it should lose at common = 1: all rows follow one sum of effects, a logistic regression's
true model; layers made for each row can only fit noise.

Boundary, predicted: at common = .7 half of the logit is a logistic regression's; what is left for
M2M is as weak as with half of the rows. With three occasions of eight seen, four weights of a
market rest on three: there nobody gains.

Found by measuring, one run each, before the pairs were new: with all 64 pairs seen, or 192, a
network with the pair as one more column leads M2M by .05 and more. Where a single attribute picks
the taste, or where importances of market and occasion multiply, so that two columns do say
something, the network with both as columns is as good or better, on new pairs too.

Found by measuring, against the prediction: a Shared-Bottom with a head for each market is as good
or better. Its trunk can hold the products of occasion and taste, and a head has only to weigh them.
With 32 markets no difference is shown (-.185 to +.322 for M2M). Without that rival this looked like
a win of .07 to .28: M2M leaves the plateau at chance in eight of ten runs, the plain network and
the deeper one in two of ten each, with forty epochs of patience in place of twelve in one of six
more. A crossed logistic regression is below chance, for the reason above.
"""

from __future__ import annotations

import numpy as np

from course_utils.comparison import (
    MEAN,
    Case,
    Contender,
    Rows,
    columns_of,
    network,
)
from course_utils.comparison.ground import Ground
from course_utils.comparison.space import training
from course_utils.models import M2M
from course_utils.regimes.draws import FAMILIES, chance, happens, stream
from course_utils.regimes.family import Dial, Family, Maker
from course_utils.regimes.rings import places
from course_utils.regimes.tastes import added_tastes

NAME = "M2M"

DIALS = {"common": (0.0, 1.0), "seen": (2, 6), "n_train": (4_000, 40_000)}
"""Dial -> its least and greatest sensible value."""

COLUMNS = ("age", "income", "interest", "category", "brand", "style")

EACH = 8
"""Markets, and occasions."""


def make(
    seed: int,
    common: float = 0.0,
    seen: float = 5,
    n_train: int = 12_000,
    groups: int = 16,
    n_valid: int = 4_000,
    n_test: int = 6_000,
    strength: float = 2.5,
    base: float = -0.5,
) -> Case:
    """The case of the equation above; every pair of a table has as many rows, but for chance.

    Args:
        common: weight of what all rows share, 0 to 1.
        seen: occasions of each market in training, of eight.
        groups: values of each other column.
        strength: a.
    """
    draw, n = stream(seed, FAMILIES["m2m"]), n_train + n_valid + n_test
    codes, tastes = added_tastes(draw, 4, len(COLUMNS), groups, n)
    # A Latin square: the k-th occasion of a market is the k-th of no other.
    square = np.add.outer(draw.permutation(EACH), draw.permutation(EACH)) % EACH
    part = np.searchsorted([seen, seen + 1], square.ravel(), side="right")
    pair = np.concatenate(
        [
            draw.choice(np.flatnonzero(part == k), m)
            for k, m in enumerate((n_train, n_valid, n_test))
        ]
    )
    market, occasion = pair // EACH, pair % EACH
    alpha, beta = (
        at[which] for at, which in zip(places(draw, 2, EACH), (market, occasion), strict=True)
    )
    u, v = (np.stack([np.cos(at), np.sin(at)]) for at in (alpha, beta))  # [2, n]
    weights = np.sqrt(1.0 - common**2) * (u[:, None] * v).reshape(4, n) + common / 2.0
    weights /= np.linalg.norm(weights, axis=0)
    chances = chance(base + strength * (weights * tastes).sum(0))
    rows = Rows(
        np.column_stack([occasion, codes]),
        np.zeros((n, 0)),
        {"click": chances},
        {"click": happens(draw, chances)},
        masks={},
        scenario=market,
    )
    columns = columns_of({"occasion": EACH, **dict.fromkeys(COLUMNS, groups)}, (), EACH)
    return rows.cut(columns, n_train, n_valid)


def m2m(ground: Ground, **_: float) -> Contender:
    """M2M, whose weights are made from the market and the occasion."""
    meta = {"user": (("occasion",),), "experts": (1, 2, 4), "width": (8, 16, 32)}
    return network(NAME, M2M, {**training(ground), **meta})


METHODS: dict[str, Maker] = {NAME: m2m}


FAMILY = Family(
    method="M2M",
    make=make,
    methods=METHODS,
    across=Dial("seen", (3, 5), "occasions of eight that a market has shown"),
    up=Dial("common", (0.0, 0.6, 1.0), "weight of what all rows share"),
    boundary=((3.0, 0.0), (3.0, 0.7), (6.0, 0.7)),
    wins={"seen": 5, "common": 0.0},
    loses={"seen": 5, "common": 1.0},
    scenario=MEAN,
    truth="sums of columns, weighed by products of market and occasion, judged on new pairs",
)
