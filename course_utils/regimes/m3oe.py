"""M3oE: a market says how tastes count, a task says which habits do, and both add up.

A customer belongs to a group for each of R tastes (colour, style, size ...), and so does a
product. On the ring of taste r both groups have a place, the same in all markets, and
like_r = sqrt(2) cos(place_r(customer) - place_r(product)) says how well they fit. Besides, each
group of a taste has habits, and so has each group of products: habit_t is the sum of six effects
in task t, of deviation 1, the same in all markets.

    l_st = base + a (sqrt(1 - h^2) w_s . like + h habit_t),     chance of label 1 = sigmoid(l_st)

w_s has one taste alone, with +1 where what fits is wanted and -1 where what differs is; of four
markets with the same taste one is turned. Tasks have labels on all rows. Nothing is hidden; the
market is the scenario of a row.

Why it should win at h = .5: D_s = w_s . like has the labels of all tasks to learn from, and its
places those of all markets; T_t = habit_t has the rows of all markets: M3oE adds an expert a
market and an expert a task, behind a layer with STAR's weights, which turn a sign. Shared-Bottom
with the market as one more column sees little of w_s until it has built products of three
columns; a network a task and market has a twelfth of the rows and a third of the labels.

Why it should lose at h = 1: a logistic regression with main effects is the true model of each task,
and nothing depends on the market.

Boundary, predicted: at h = .7 half of the logit is a logistic regression's, and the other half is
as weak for M3oE as rings of twice as many groups.

Found by measuring: no win. At h = .5 with 9,000 rows Shared-Bottom has .65, M3oE .62 (one seed).
Nor was one found where S, D_s and T_t were functions of numbers, each of its own.
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
from course_utils.models import M3oE
from course_utils.regimes.draws import FAMILIES, centred, chance, happens, stream
from course_utils.regimes.family import Dial, Family, Maker
from course_utils.regimes.rings import in_turn, pairs

NAME = "M3oE"

TASKS = ("click", "cart", "purchase")

DIALS = {"habit": (0.0, 1.0), "n_train": (4_000, 40_000)}
"""Dial -> its least and greatest sensible value."""


def make(
    seed: int,
    habit: float = 0.5,
    n_train: int = 5_000,
    markets: int = 12,
    tastes: int = 3,
    groups: int = 24,
    n_valid: int = 2_000,
    n_test: int = 4_000,
    strength: float = 2.5,
    base: float = -0.5,
) -> Case:
    """The case of the equation above; every market has as many rows.

    Args:
        habit: h, 0 to 1.
        markets: a multiple of 4 R.
        tastes: R.
        groups: of customers, and of products, for each taste.
        strength: a.
    """
    draw, n = stream(seed, FAMILIES["m3oe"]), n_train + n_valid + n_test
    codes, like = pairs(draw, tastes, groups, n)
    kinds = np.concatenate([np.eye(tastes)] * 3 + [-np.eye(tastes)])
    weights = kinds[draw.permutation(np.arange(markets) % len(kinds))]
    market, column = in_turn(markets, n_train, n_valid, n_test), np.arange(2 * tastes)
    tasted = (weights[market].T * like).sum(0)
    chances = {}
    for task in TASKS:
        effects = centred(draw.normal(size=(len(column), groups))) / np.sqrt(len(column))
        habits = effects[column, codes].sum(1)
        logits = base + strength * (np.sqrt(1.0 - habit**2) * tasted + habit * habits)
        chances[task] = chance(logits)
    rows = Rows(
        codes,
        np.zeros((n, 0)),
        chances,
        {task: happens(draw, p) for task, p in chances.items()},
        masks={},
        scenario=market,
    )
    sizes = {f"{side} {r}": groups for side in ("customer", "product") for r in range(tastes)}
    return rows.cut(columns_of(sizes, scenarios=markets), n_train, n_valid)


def m3oe(ground: Ground, **_: float) -> Contender:
    """M3oE."""
    experts = {"shared": (1, 2, 4), "width": (8, 16, 32, 64), "tower": ((),)}
    return network(NAME, M3oE, {**training(ground), **experts})


METHODS: dict[str, Maker] = {NAME: m3oe}


FAMILY = Family(
    method="M3oE",
    make=make,
    methods=METHODS,
    across=Dial("n_train", (2_500, 5_000), "training rows"),
    up=Dial("habit", (0.4, 0.7, 1.0), "weight of habits that add up"),
    boundary=((2_500, 0.7), (10_000, 0.7)),
    wins=None,
    loses={"n_train": 5_000, "habit": 1.0},
    scenario=MEAN,
    truth="sums of columns, one for each task",
    matches="logistic regression",
)
