"""MMoE: in each market another taste decides.

Three tastes f_e(x) = sum over c of effect_ec(x_c), additive in three columns of a product and its
customer, each of deviation 1; a fourth column is the market z, of six.

    frequent task e:  l_e = base + a f_e(x), in every market
    rare task k:      l_k = base + a (s f_route_k(z)(x) + sqrt(1 - s^2) (f_1 + f_2 + f_3) / sqrt(3))

with route_k a random map of markets to tastes, two markets a taste. Frequent tasks have labels on
all rows, the three rare ones on ``few``. Nothing is hidden.

Why it should win at s = 1: the frequent tasks teach the tastes, but never need the market. A
rare task must learn a product of taste and market from its few rows. That is what a gate is,
six numbers an expert; Shared-Bottom has to build the product of hidden units, whose features
no frequent task asks for. Single columns see the mean over markets; crosses of market and
column have hundreds of weights for ``few`` rows.

Why it should lose at s = 0 with many rows: the mean of tastes is additive, logistic regression is
the true model, and each gate has to learn to be constant.

Boundary, predicted: at s = .7 the part that switches weighs as much as the one that does not;
below it gates have less than half of the logit to gain and the tie with Shared-Bottom begins.

Found by measuring: stacking, which crosses the frequent tasks' logits with the market, has .819 at
s = 1, MMoE .805 (other seeds). The logits are the tastes here, so this setting is no win. And at
s = .7 only a fifth of the logit really switches: a taste has a part in common with the mean of
tastes. Half of it switches near s = .97.
"""

from __future__ import annotations

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.regimes.draws import centred, chance, happens, starved, stream

NAME = "MMoE"

TASTES = 3

FREQUENT, RARE = ("view", "click", "save"), ("cart", "purchase", "review")

COLUMNS = ("customer", "category", "brand")

DIALS = {"switch": (0.0, 1.0), "few": (200, 6_000)}
"""Dial -> its least and greatest sensible value."""


def make(
    seed: int,
    switch: float = 1.0,
    few: int = 600,
    values: int = 20,
    markets: int = 6,
    n_train: int = 12_000,
    n_valid: int = 4_000,
    n_test: int = 8_000,
    strength: float = 2.0,
    base: float = -0.5,
) -> Case:
    """The case of the equation above; the rare tasks are judged.

    Args:
        switch: s.
        few: training rows with labels of the rare tasks.
        values: of each column but the market.
        strength: a.
    """
    draw, n = stream(seed, "mmoe"), n_train + n_valid + n_test
    effects = draw.normal(size=(TASTES * len(COLUMNS), values))
    effects = centred(effects).reshape(TASTES, len(COLUMNS), values) / np.sqrt(len(COLUMNS))
    routes = [draw.permutation(np.arange(markets) % TASTES) for _ in RARE]
    codes = draw.integers(values, size=(len(COLUMNS), n))
    market = draw.integers(markets, size=n)
    tastes = sum(effects[:, c, column] for c, column in enumerate(codes))
    every = np.sqrt(1.0 - switch**2) * tastes.sum(0) / np.sqrt(TASTES)
    scores = dict(zip(FREQUENT, tastes, strict=True))
    for task, route in zip(RARE, routes, strict=True):
        scores[task] = switch * tastes[route[market], np.arange(n)] + every
    chances = {task: chance(base + strength * score) for task, score in scores.items()}
    labels = {task: happens(draw, p) for task, p in chances.items()}
    rows = Rows(
        np.stack([*codes, market], 1),
        np.zeros((n, 0)),
        chances,
        labels,
        masks=dict.fromkeys(RARE, starved(n, n_train, n_valid, few)),
        judged={task: np.full(n, task in RARE) for task in scores},
    )
    columns = columns_of({**dict.fromkeys(COLUMNS, values), "market": markets})
    return rows.cut(columns, n_train, n_valid)
