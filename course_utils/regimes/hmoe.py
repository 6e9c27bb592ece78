"""HMoE: each segment of a small market's visitors follows the score of one big market.

Tastes are sums of effects of six columns of a customer and a product. J big markets follow one
taste each; K small ones have visitors of G segments, and donor_k says which big market a
segment shops like:

    big market j:     l = base + a taste_j
    small market k:   l = base + a (sqrt(1 - own^2) taste_donor_k(segment) + own mine_k)

with mine_k a taste of the small market alone. The segment, a column, changes nothing in big
markets; each big market is the donor of as many segments of a small one. Chance of a click =
sigmoid(l). Nothing is hidden; the market is the scenario of a row, and the small markets alone
are judged.

Why it should win at own = 0: the logits of the big markets are learned from many rows, and a
small market must learn only which one to borrow for which segment: a softmax over markets, linear
in the row, is HMoE's sum in the label space. A network with the market as one more column has
to build products of three columns, market, segment and another, from the few rows of small
markets; a crossed logistic regression has pairs; a network a market has few rows for all effects.

Why it should lose at own = 1: there is nothing to borrow, and crosses of market and column are
the true model, a logistic regression's. HMoE learns K more scores from few rows, through experts
that serve the big markets and weights that start at one in J + K.

Boundary, predicted: half of each at own = .7.

The rival that is made for this equation: stacking by hand. A Shared-Bottom has a task for each
big market and one for the small ones; then a logistic regression reads the big markets' logits,
each crossed with each pair of small market and segment. That is HMoE's sum, in two steps.

Found by measuring (one seed, own = 0): no win. HMoE has .743, a network with the market as a
column .727, a crossed logistic regression .688, stacking by hand .824, the best possible is .894.
Before, tastes were rings of places: there HMoE hardly left chance. At own = 1 the logistic
regression with the crosses of the market is the best, as predicted; with all crosses it has many
weights that say nothing, and is little above HMoE.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from course_utils.columns import EVERYWHERE, Split, Table
from course_utils.comparison import (
    MEAN,
    Case,
    Contender,
    Rows,
    columns_of,
    network,
    stacking,
)
from course_utils.comparison.ground import Ground
from course_utils.comparison.rivals.stacking import STRENGTHS
from course_utils.comparison.space import network_space, training
from course_utils.models import HMoE
from course_utils.regimes.draws import FAMILIES, chance, happens, stream
from course_utils.regimes.family import Dial, Family, Maker
from course_utils.regimes.tastes import added_tastes

NAME = "HMoE"

DIALS = {"own": (0.0, 1.0), "few": (100, 3_000)}
"""Dial -> its least and greatest sensible value."""

BIG = 4

COLUMNS = ("age", "income", "interest", "category", "brand", "style")


def make(
    seed: int,
    own: float = 0.0,
    few: int = 400,
    many: int = 2_500,
    big: int = BIG,
    small: int = 6,
    segments: int = 8,
    groups: int = 16,
    n_test: int = 6_000,
    strength: float = 2.5,
    base: float = -0.5,
) -> Case:
    """The case of the equation above; a third as many rows to choose by as to learn from.

    Args:
        own: weight of a small market's own taste, 0 to 1.
        few: training rows of a small market; many: of a big one.
        big: J; small: K; segments: G, a multiple of J.
        groups: values of each other column.
        strength: a.
    """
    draw, markets = stream(seed, FAMILIES["hmoe"]), np.arange(big + small)
    rows_of = np.where(markets < big, many, few)
    train, valid = np.repeat(markets, rows_of), np.repeat(markets, rows_of // 3)
    market = np.concatenate([train, valid, big + np.arange(n_test) % small])
    n = len(market)
    codes, tastes = added_tastes(draw, big + small, len(COLUMNS), groups, n)
    segment = draw.integers(segments, size=n)
    donors = np.stack([draw.permutation(np.arange(segments) % big) for _ in range(small)])
    is_small, row = market >= big, np.arange(n)
    donor = donors[np.maximum(market - big, 0), segment]  # of a big market: not used
    mine, borrowed = tastes[market, row], tastes[donor, row]
    mixed = np.sqrt(1.0 - own**2) * borrowed + own * mine
    chances = chance(base + strength * np.where(is_small, mixed, mine))
    rows = Rows(
        np.column_stack([codes, segment]),
        np.zeros((n, 0)),
        {"click": chances},
        {"click": happens(draw, chances)},
        masks={},
        scenario=market,
        judged={"click": is_small},
    )
    columns = columns_of({**dict.fromkeys(COLUMNS, groups), "segment": segments}, (), len(markets))
    return rows.cut(columns, len(train), len(valid))


def markets_as_tasks(split: Split) -> Split:
    """Each big market is a task, the small ones together are ``click``; one column more, the
    pair of small market and segment."""
    columns = split.train.columns
    segments = columns.sizes[-1] - 1
    pairs = (len(columns.scenarios) - BIG) * segments
    wider = replace(
        columns,
        vocabulary={**columns.vocabulary, "market and segment": tuple(range(pairs))},
        scenario=None,
        scenarios=(EVERYWHERE,),
    )

    def of(table: Table) -> Table:
        small, y = table.scenario >= BIG, table.labels["click"]
        pair = np.where(small, (table.scenario - BIG) * segments + table.codes[:, -1], 0)
        masks = {f"click in market {j}": table.scenario == j for j in range(BIG)} | {"click": small}
        return replace(
            table,
            columns=wider,
            codes=np.column_stack([table.codes, pair]).astype("int32"),
            scenario=np.zeros(len(table), "int32"),
            labels=dict.fromkeys(masks, y),
            masks=masks,
        )

    return Split(*(of(table) for table in (split.train, split.valid, split.test)))


def hmoe(ground: Ground, **_: float) -> Contender:
    """HMoE."""
    experts = {"experts": (2, 4, 8), "expert": ((16,), (32,), (64,), (64, 32)), "tower": ((),)}
    return network(NAME, HMoE, {**training(ground), **experts})


def stacking_of_scenarios(ground: Ground, **_: float) -> Contender:
    """The plain way to borrow scores: each big market's logit in a regression of the small ones."""
    return stacking(
        network_space(ground), STRENGTHS, markets_as_tasks, name="stacking of scenarios"
    )


METHODS: dict[str, Maker] = {NAME: hmoe, "stacking of scenarios": stacking_of_scenarios}


FAMILY = Family(
    method="HMoE",
    make=make,
    methods=METHODS,
    across=Dial("few", (400, 1_200), "training rows of a small market"),
    up=Dial("own", (0.0, 0.7, 1.0), "weight of a small market's own taste"),
    boundary=((100, 0.7), (3_000, 0.7)),
    wins=None,
    loses={"few": 400, "own": 1.0},
    scenario=MEAN,
    truth="sums of columns, own to each market",
    matches="logistic regression per scenario",
)
