"""STAR: each market values one taste, and half of the markets value it the other way round.

A customer belongs to a group for each of R tastes (colour, style, size ...), and so does a
product. On the ring of taste r both groups have a place, the same in all markets, and
like_r = sqrt(2) cos(place_r(customer) - place_r(product)) says how well they fit.

    l = base + a w_s . like,     chance of a click = sigmoid(l)
    w_s = sqrt(1 - common^2) own_s + common (1, ..., 1) / sqrt(R)

Market s of the 2 R markets has one taste alone in own_s, with +1 where customers click what
fits, -1 where they click what differs (a present, a change); each taste has one market of each
kind. Nothing is hidden; the market is the scenario of a row.

Why it should win at common = 0: the places are shared, and only how they count is a market's
own. STAR's product of a shared and an own matrix says just this: an own weight of 1, 0 or -1
for each input. Over all markets the mean of w_s is 0, so a network with the market as one more
column sees next to nothing until it has built products of three columns; a gate between 0 and
2 cannot turn a sign; a network a market learns places from a sixth of the rows; a crossed logistic
regression has pairs of columns and needs triples; trees cut rings of 24 groups into pieces.

Why it should lose at common = 1: all markets follow one function. A network that cannot see
the market is the right model, and six sets of own weights can only fit noise.

Boundary, predicted: where common and own part weigh the same, common = .7, most of a network's
places can be learned from the common part, and an own part on top of known places needs few
rows: the column network has caught up there.
"""

from __future__ import annotations

import numpy as np

from course_utils.columns import Split
from course_utils.comparison import (
    MEAN,
    Contender,
    network,
    network_per_task,
    plain_rivals,
)
from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.comparison.inputs import as_given
from course_utils.models import STAR
from course_utils.regimes.diagram import Diagram, Dial
from course_utils.regimes.draws import chance, happens, stream
from course_utils.regimes.rings import likeness, places

NAME = "STAR"

WHEN = """
STAR multiplies a shared weight by one of the market's own. It pays where markets follow the same
tastes with other signs and sizes, and rows are too few to learn each market alone: no column
can say *minus*. It does not pay where markets agree: then a network that is not told the market has
all rows and nothing to fit in vain. It costs one more set of weights for each market.
""".strip()

DIALS = {"common": (0.0, 1.0), "n_train": (4_000, 40_000)}
"""Dial -> its least and greatest sensible value."""


def make(
    seed: int,
    common: float = 0.0,
    n_train: int = 12_000,
    tastes: int = 3,
    groups: int = 24,
    n_valid: int = 4_000,
    n_test: int = 6_000,
    strength: float = 2.5,
    base: float = -0.5,
) -> Case:
    """The case of the equation above; 2 R markets, each with as many rows.

    Args:
        common: weight of what all markets share, 0 to 1.
        tastes: R.
        groups: of customers, and of products, for each taste.
        strength: a.
    """
    draw, n, markets = stream(seed, "star"), n_train + n_valid + n_test, 2 * tastes
    customer, product = places(draw, tastes, groups), places(draw, tastes, groups)
    own = draw.permutation(np.concatenate([np.eye(tastes), -np.eye(tastes)]))
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


GRID = {
    "learning_rate": (1e-3, 3e-3, 1e-2),
    "batch_size": (64, 256),
    "epochs": (40,),
    "patience": (5, 10),
    "dropout": (0.0,),
    "weight_decay": (0.0,),
    "embedding_l2": (0.0,),
}
"""Of every network here, with no penalty for any of them."""


def contenders(split: Split, **_: float) -> list[Contender]:
    """STAR and its rivals; a network that is told the market reads it as a column."""
    widths = {"trunk": ((32,), (64,), (64, 32)), "tower": ((),), **GRID}
    return [
        network("STAR", STAR, {"trunk": ((16,), (32,), (32, 16)), **GRID}),
        network_per_task(widths, as_given, "mixed network"),
        *plain_rivals(split, grid=widths),
    ]


DIAGRAM = Diagram(
    method="STAR",
    make=make,
    contenders=contenders,
    across=Dial("n_train", (4_000, 12_000, 30_000), "training rows"),
    up=Dial("common", (0.0, 0.35, 0.7, 1.0), "weight of what all markets share"),
    boundary=((0.0, 0.7), (40_000, 0.7)),
    wins={"n_train": 12_000, "common": 0.0},
    loses={"n_train": 12_000, "common": 1.0},
    scenario=MEAN,
)
