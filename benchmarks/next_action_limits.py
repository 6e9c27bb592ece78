"""The next kind of product: what could be said at best, and by two tables of counts (lesson 52).

    python benchmarks/next_action_limits.py

adds to ``next_action.py`` the visible limit, what one could say who knows how the shop draws
purchases but has of a customer only what the models read; and rivals without training, the table
of the last kind times powers of those of the kinds before, two tables and three, as many settings
for each, chosen on the validation rows. Kept in results/next_action_limits.json, part by part.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import next_action as whole
import numpy as np
from parts import Stored

from course_utils import paths
from course_utils.behaviour import features, limits, sequences
from course_utils.shop import Shop

ENDS = (0.01, 4.0)
"""Of the dial."""

WEIGHTS = (0.3, 0.6, 1.0)
"""What the table of the kind before the last may weigh beside that of the last."""

THREE = ((0.3, 0.1), (0.6, 0.3), (1.0, 0.6))
"""The same of three tables: of the kind before the last, and of the one before that."""

TASTES = 1500
"""Customers whose tastes stand for anybody's."""


def before_last(history: np.ndarray) -> np.ndarray:
    """The kind bought before the last, from 0 on; -1 where there is none."""
    at = (history > 0).sum(axis=1) - 2
    return np.where(at < 0, 0, history[np.arange(len(history)), at]) - 1


def two_tables(one: whole.Kinds) -> tuple[dict[str, float], dict[str, float]]:
    """p(k | last) (p(k | before it) / p(k))^w, made to sum to 1; and what was chosen."""
    (train, y), valid, test = one.train, one.valid, one.test
    share = (np.bincount(y, minlength=one.n) + 1.0) / (len(y) + one.n)
    second = before_last(train) >= 0

    def said(history: np.ndarray, strength: float, weight: float) -> np.ndarray:
        first = features.markov_table(whole.latest(train), y, one.n, strength)
        before = features.markov_table(before_last(train)[second], y[second], one.n, strength)
        there = (before_last(history) >= 0)[:, None]
        lift = np.where(there, before[before_last(history)] / share, 1.0)
        p = first[whole.latest(history)] * lift**weight
        return np.asarray(p / p.sum(axis=1, keepdims=True))

    tried = list(product(whole.STRENGTHS, WEIGHTS))
    losses = [whole.of_kinds(said(valid[0], *how), valid[1])["log loss"] for how in tried]
    best = tried[int(np.argmin(losses))]
    return whole.of_kinds(said(test[0], *best), test[1]), dict(
        zip(("strength", "weight"), best, strict=True)
    )


def earlier(history: np.ndarray, back: int) -> np.ndarray:
    """The kind bought so many purchases before the last, from 0 on; -1 where there is none."""
    at = (history > 0).sum(axis=1) - 1 - back
    return np.where(at < 0, 0, history[np.arange(len(history)), at]) - 1


def three_tables(seed: int, momentum: float) -> dict[str, Any]:
    """Two tables times (p(k | second before the last) / p(k))^w, as ``two_tables`` chooses."""
    one = whole.Kinds(seed, momentum)
    (train, y), valid, test = one.train, one.valid, one.test
    share = (np.bincount(y, minlength=one.n) + 1.0) / (len(y) + one.n)

    def said(history: np.ndarray, strength: float, weights: tuple[float, float]) -> np.ndarray:
        p = features.markov_table(whole.latest(train), y, one.n, strength)[whole.latest(history)]
        for back, weight in enumerate(weights, start=1):
            before, known = earlier(history, back), earlier(train, back)
            has = known >= 0
            table = features.markov_table(known[has], y[has], one.n, strength)
            p = p * np.where((before >= 0)[:, None], table[before] / share, 1.0) ** weight
        return np.asarray(p / p.sum(axis=1, keepdims=True))

    tried = list(product(whole.STRENGTHS, THREE))
    losses = [whole.of_kinds(said(valid[0], *how), valid[1])["log loss"] for how in tried]
    strength, weights = tried[int(np.argmin(losses))]
    return {
        "three tables": whole.of_kinds(said(test[0], strength, weights), test[1]),
        "chosen": {"strength": strength, "weights": list(weights)},
    }


def with_kinds(seed: int, momentum: float, customers: int = whole.CUSTOMERS) -> dict[str, Any]:
    """Both on one shop with the dial at ``momentum``."""
    one = whole.Kinds(seed, momentum, customers)
    test, y = one.test
    result: dict[str, Any] = {}
    result["two tables"], result["chosen"] = two_tables(one)
    more = Shop(seed, customers + TASTES, whole.PRODUCTS, momentum=momentum)
    # What leaves a window as it moves on is kept: up to three purchases that no model reads.
    p = limits.visible_limit(more, test, sequences.TEST, TASTES, whole.HISTORY)
    result["visible limit"] = whole.of_kinds(p, y)
    return result


PARTS: dict[str, Callable[[], Any]] = {
    f"kinds {dial:g} {seed}": partial(with_kinds, seed, dial)
    for dial in ENDS
    for seed in whole.SHOPS
}
PARTS |= {
    f"three {dial:g} {seed}": partial(three_tables, seed, dial)
    for dial in ENDS
    for seed in whole.SHOPS
}

STORED = Stored(
    paths.RESULTS / "next_action_limits.json",
    {"seeds": whole.SHOPS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
