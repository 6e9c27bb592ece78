"""M3oE: a score for all, one for each market and one for each task, added up.

A row is a customer and a product in d numbers x, the same in all markets.

    l_st = base + a (.7 S + 1.5 D_s + .7 T_t) / norm, or with kappa
    l_st = base + a (sqrt(1 - kappa^2) (.7 S + 1.5 D_s + .7 T_t) / norm + kappa I_st)

S, D_s of market s, T_t of task t and I_st of both are functions of one kind, drawn apart: the
sum of two cosines along random directions of x, standardised; norm makes the deviation 1.
Chance of label 1 = sigmoid(l_st). Tasks have labels on all rows. Nothing is hidden.

Why it should win at kappa = 0: the equation is M3oE's own, shared experts, an expert a market
and an expert a task, added up. D_s has the rows of all tasks, T_t those of all markets. A
network a task learns D_s from a quarter of the labels; Shared-Bottom has a tower a task, but
its ten D_s must share one trunk that knows the market as a column.

Why it should lose at kappa = 1: every market and task has a function of its own, 40 of them,
and a sum of S, D_s and T_t says none.

Boundary, predicted: near kappa = .7, where I_st weighs as much as the rest.

A simplification: the class adds representations, not logits, and has a tower for each task and
market, so that it can say the part of (market, task) alone, from that market's own rows.
"""

from __future__ import annotations

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.regimes.draws import chance, happens, stream

NAME = "M3oE"

TASKS = ("click", "save", "cart", "purchase")

DIALS = {"kappa": (0.0, 1.0), "n_train": (4_000, 40_000)}
"""Dial -> its least and greatest sensible value."""

SHARES = np.array([0.7, 1.5, 0.7]) / np.linalg.norm([0.7, 1.5, 0.7])

WAVE, WAVES = 1.5, 2


def make(
    seed: int,
    kappa: float = 0.0,
    n_train: int = 8_000,
    markets: int = 10,
    numbers: int = 5,
    n_valid: int = 2_000,
    n_test: int = 4_000,
    strength: float = 2.5,
    base: float = -0.5,
) -> Case:
    """The case of the equation above; every market has as many rows.

    Args:
        kappa: weight of what is neither the market's nor the task's, but both's.
        numbers: d.
        strength: a.
    """
    draw, n = stream(seed, "m3oe"), n_train + n_valid + n_test
    market = np.concatenate([np.arange(m) % markets for m in (n_train, n_valid, n_test)])
    x = np.round(draw.normal(size=(n, numbers)), 6)

    def of_market() -> np.ndarray:
        return np.stack([_score(draw, x) for _ in range(markets)])[market, np.arange(n)]

    shared, domain = _score(draw, x), of_market()
    chances = {}
    for task in TASKS:
        parts = SHARES @ np.stack([shared, domain, _score(draw, x)])
        score = np.sqrt(1.0 - kappa**2) * parts + kappa * of_market()
        chances[task] = chance(base + strength * score)
    rows = Rows(
        np.zeros((n, 0), int),
        x,
        chances,
        {task: happens(draw, p) for task, p in chances.items()},
        masks={},
        scenario=market,
    )
    columns = columns_of({}, [f"x{j}" for j in range(numbers)], scenarios=markets)
    return rows.cut(columns, n_train, n_valid)


def _score(draw: np.random.Generator, x: np.ndarray) -> np.ndarray:
    """``[n]``: cosines along random directions, mean 0 and deviation 1."""
    directions = draw.normal(size=(x.shape[1], WAVES))
    directions /= np.linalg.norm(directions, axis=0)
    score = np.cos(WAVE * x @ directions + draw.uniform(0, 2 * np.pi, WAVES)).sum(1)
    return np.asarray((score - score.mean()) / score.std())
