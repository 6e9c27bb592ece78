"""PEPNet: in each market one of several tastes counts, and gates switch off the others' columns.

A customer belongs to a group for each of R tastes (colour, style, size ...), and so does a
product. On the ring of taste r both groups have a place, the same in all markets, and
like_r = sqrt(2) cos(place_r(customer) - place_r(product)) says how well they fit.

    l = base + a sum_r g_sr like_r,     chance of a click = sigmoid(l)
    g_sr = 1 for the one taste that counts in market s, ``others`` for the rest; |g_s| = 1.

Nothing is hidden; the market is the scenario of a row.

Why it should win at others = 0: the truth is a function of (gate of the market) * (embeddings
of the row), which is PEPNet's first equation. The places are learned from the rows of all
markets, and a market must say only which columns count. A network with the market as one more
column has to build products of three columns, market, customer and product, out of sums and
ReLUs; a network a market learns the places from a twelfth of the rows; a crossed logistic
regression has pairs of columns and needs triples; trees cut rings of many groups into pieces.

Why it should lose at others = 1: all markets follow one function. A network that cannot see
the market is the right model; gates by market can only fit noise.

Boundary, predicted: the tastes that do not count have the weight R_eff = (R - 1) others^2
beside the one that does. Where both weigh the same, others = 1 / sqrt(R - 1) = .7 for R = 3,
half of what a market wants is common to all: there the gain should be gone.

Found by measuring, not predicted: at others = 1 PEPNet does not lose to a network that cannot
see the market. Its gates read the row too, and so multiply customer and product.

The argument for .7 was wrong: the market's own taste is in the mean over markets too. At .7 that
mean has 97 % of the variance, at 0 a third; half of it is common near .12.
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
from course_utils.comparison.inputs import as_given, scenario_column
from course_utils.models import PEPNet
from course_utils.regimes.diagram import Diagram, Dial
from course_utils.regimes.draws import chance, happens, stream
from course_utils.regimes.rings import likeness, places

NAME = "PEPNet"

DIALS = {"others": (0.0, 1.0), "n_train": (4_000, 40_000)}
"""Dial -> its least and greatest sensible value."""


def make(
    seed: int,
    others: float = 0.0,
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
        others: weight of a taste that is not the market's, beside 1 for the one that is.
        tastes: R.
        groups: of customers, and of products, for each taste.
        strength: a.
    """
    draw, n = stream(seed, "pepnet"), n_train + n_valid + n_test
    customer, product = places(draw, tastes, groups), places(draw, tastes, groups)
    gates = np.full((markets, tastes), float(others))
    gates[np.arange(markets), draw.permutation(np.arange(markets) % tastes)] = 1.0
    gates /= np.linalg.norm(gates, axis=1, keepdims=True)
    market = np.concatenate([np.arange(m) % markets for m in (n_train, n_valid, n_test)])
    wants, has = draw.integers(groups, size=(2, tastes, n))
    taste = np.arange(tastes)[:, None]
    like = likeness(customer[taste, wants], product[taste, has])  # [R, n]
    chances = chance(base + strength * (gates[market].T * like).sum(0))
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
    """PEPNet and its rivals; a network that is told the market reads it as a column."""
    widths = {"trunk": ((32,), (64,), (64, 32)), "tower": ((),), **GRID}
    return [
        network(
            "PEPNet",
            PEPNet,
            {"prior": (("scenario",),), "tower": ((32,), (64,), (64, 32)), **GRID},
            scenario_column,
        ),
        network_per_task(widths, as_given, "mixed network"),
        *plain_rivals(split, grid=widths),
    ]


DIAGRAM = Diagram(
    method="PEPNet",
    make=make,
    contenders=contenders,
    across=Dial("n_train", (4_000, 12_000, 30_000), "training rows"),
    up=Dial("others", (0.0, 0.35, 0.7, 1.0), "weight of the tastes that do not count"),
    boundary=((0.0, 0.7), (40_000, 0.7)),
    wins={"n_train": 12_000, "others": 0.0},
    loses={"n_train": 12_000, "others": 1.0},
    scenario=MEAN,
)
