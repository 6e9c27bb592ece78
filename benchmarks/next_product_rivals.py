"""The next product (lesson 71): the linear model, the factors and the count over codes that
`next_product.py` and `next_product_more.py` have not, by their protocol.

    python benchmarks/next_product_rivals.py

EASE (Steck 2019), also with older purchases fading as in item KNN; lesson 51's ALS, with each
customer's factors solved anew from what stands before the target; and the tables that count which
*first code* follows which, so that the generator has a rival that reads what it reads: alone, and
times item KNN. And the generator again, with four settings beyond the edges at which its first
search ended and five times the epochs. Kept in results/next_product_rivals.json, part by part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any
from unittest import mock

import next_product as base
import numpy as np
from next_product import Market
from parts import Stored

from course_utils import paths
from course_utils.recommend.implicit import ImplicitALS


def taken(one: Market) -> np.ndarray:
    """Who had bought what before October, ``[users, products]``."""
    found = np.zeros((len(one.bought), len(one.kind)), dtype=bool)
    for user, bought in enumerate(base.training(one)):
        found[user, bought] = True
    return found


def before(one: Market, rows: list[tuple[int, int]], keep: float) -> np.ndarray:
    """What each row's customer had bought, each later purchase keeping ``keep`` of it."""
    now = np.zeros((len(rows), len(one.kind)))
    for row, (user, at) in enumerate(rows):
        past = one.bought[user][:at]
        np.maximum.at(now[row], past, keep ** np.arange(len(past))[::-1])
    return now


@cache
def _weights(seen: bytes, shape: tuple[int, int], penalty: float) -> np.ndarray:
    matrix = np.frombuffer(seen, dtype=bool).reshape(shape).astype(float)
    inverse = np.linalg.inv(matrix.T @ matrix + penalty * np.eye(shape[1]))
    weights = -inverse / inverse.diagonal()
    np.fill_diagonal(weights, 0)
    return weights


def ease(one: Market, rows: list[tuple[int, int]], penalty: float, keep: float = 1.0) -> np.ndarray:
    """The ridge regression of each product on all others: one inverse of a matrix."""
    seen = taken(one)
    weights = _weights(seen.tobytes(), seen.shape, penalty)
    return before(one, rows, keep) @ weights + 1e-6 * base.rates(one)


def als(
    one: Market, rows: list[tuple[int, int]], n_factors: int, alpha: float, reg: float
) -> np.ndarray:
    """Lesson 51's factors of the purchases before October; customers are solved anew."""
    found = ImplicitALS(n_factors, alpha, reg).fit(taken(one))
    people = found.solve(found.products, before(one, rows, 1.0))
    return people @ found.products.T + 1e-6 * base.rates(one)


def _first(one: Market) -> Market:
    """The market whose kinds are the first codes of the generator's IDs."""
    return replace(one, kind=one.codes[:, 0])


def by_code(one: Market, rows: list[tuple[int, int]], keep: float, prior: float) -> np.ndarray:
    return base.by_kind(_first(one), rows, keep, prior)


def code_and_knn(one: Market, rows: list[tuple[int, int]], power: float, keep: float) -> np.ndarray:
    return base.both(_first(one), rows, power, keep)


PLAIN: dict[str, tuple[Callable[..., np.ndarray], list[dict[str, float]]]] = {
    "EASE": (ease, [{"penalty": penalty} for penalty in (30, 100, 300, 1000)]),
    "EASE, fading": (ease, [{"penalty": 300, "keep": keep} for keep in (0.9, 0.8, 0.65, 0.5)]),
    "ALS": (
        als,
        [
            {"n_factors": factors, "alpha": alpha, "reg": reg}
            for factors, alpha, reg in ((8, 2, 10), (16, 2, 10), (32, 2, 10), (16, 5, 30))
        ],
    ),
    "Markov, first code": (by_code, base.PLAIN["Markov, kinds"][1]),
    "Markov of first code x item KNN": (code_and_knn, base.PLAIN["Markov of kinds x item KNN"][1]),
}  # fmt: skip


def part(name: str, dial: str) -> dict[str, Any]:
    """The setting with the most hits in October, in the shop that searches; then five shops."""
    score, trials = PLAIN[name]
    search = base.market(base.SEARCH[0], dial)
    found = [base.hits(search, score(search, search.valid, **trial)) for trial in trials]
    best = int(np.argmax(found))
    runs = []
    for seed in base.SHOPS:
        one = base.market(seed, dial)
        runs.append(base.judged(one, score(one, one.test, **trials[best])))
    return {
        "search": {"hits": found, "chosen": trials[best], "at": best},
        **{key: [run[key] for run in runs] for key in runs[0]},
    }


BEYOND: dict[str, tuple[tuple[int, float], ...]] = {
    "nothing turned": ((32, 0.003), (32, 0.001), (64, 0.003), (64, 0.001)),
    "momentum": ((32, 0.03), (32, 0.06), (64, 0.03), (128, 0.03)),
    "content": ((64, 0.01), (64, 0.003), (128, 0.01), (128, 0.003)),
}
"""Widths and rates of the generator's second search; the first of each is what the first chose."""


def beyond(dial: str) -> dict[str, Any]:
    """The generator with settings beyond the edges of its first search, and epochs enough."""
    name = "generative, semantic IDs"
    trials: list[dict[str, float]] = [
        {"width": width, "rate": rate} for width, rate in BEYOND[dial]
    ]
    with mock.patch.multiple("next_product", EPOCHS=150, PATIENCE=8):
        search = base.market(base.SEARCH[0], dial)
        found = [
            base.hits(search, base.scorer(search, name, trial, base.SEARCH[0])[0](search.valid))
            for trial in trials
        ]
        best = int(np.argmax(found))
        runs = [base.tested(name, dial, trials[best], seed) for seed in base.SHOPS]
    return {
        "search": {"hits": found, "chosen": trials[best], "at": best},
        **{key: [run[key] for run in runs] for key in runs[0]},
    }


PARTS: dict[str, Callable[[], Any]] = {
    **{f"{dial}: {name}": partial(part, name, dial) for dial in base.DIALS for name in PLAIN},
    **{f"{dial}: generative, beyond the edges": partial(beyond, dial) for dial in base.DIALS},
}
STORED = Stored(
    paths.RESULTS / "next_product_rivals.json",
    {"seeds": base.SHOPS, "search": base.SEARCH},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
