"""Estimates of examination, and rankers from clicks of five old orders, twenty shops (lesson 15).

    python benchmarks/click_orders.py

measures what is missing or stale, each shop kept in results/click_orders.json as soon as it is
done: four minutes of one core. Swaps show each page once more, or 4 or 16 times. The lesson derives
all of this, and makes five shops of the first and third part and one of the second again. A ranker
reads BM25 of titles, BM25 and LSA of texts that clicks have expanded, and the price against the
mean of its kind. Its weights come from the clicks of the second half of a log. It is judged by
NDCG at 10 and by the expected clicks of a page of the first half.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from parts import Stored
from sklearn.linear_model import LogisticRegression

from course_utils import paths, search
from course_utils.shop import Shop

SEEDS = range(20)
N, LENGTH, CUT, LEAST, PHONE = 2000, 10, search.words_and_bigrams, 0.05, 0


@dataclass(frozen=True)
class Market:
    """One shop: its catalogue, the searches of its log, log prices less the mean of their kind."""

    seed: int
    catalogue: search.Catalogue
    log: search.Searches
    price: np.ndarray

    @classmethod
    def of(cls, seed: int) -> Market:
        one = Shop(seed, n_users=N, n_products=N)
        catalogue = search.Catalogue.of(one.listings, one.queries, one.judgements)
        price = np.log(one.products.price)
        mean_of_kind = price.groupby(one.listings.kind.to_numpy()).transform("mean")
        log = search.Searches.of(one.log(200_000), catalogue)
        return cls(seed, catalogue, log, (price - mean_of_kind).to_numpy())

    def rng(self, more: int = 0) -> np.random.Generator:
        return np.random.default_rng(self.seed + more)

    @cached_property
    def read(self) -> list[np.ndarray]:
        """What the ranker reads of the texts, ``[queries, products]`` each."""
        texts, queries, log = list(self.catalogue.texts), self.catalogue.queries, self.log
        by_titles = search.bm25_scores(texts, queries, CUT, b=0.0)
        early = (log.click == 1) & (log.page < np.median(log.page))
        clicked = set(zip(log.query[early], log.product[early], strict=True))
        for query, product in sorted(clicked):
            texts[product] += " " + queries[query]
        by_words = search.bm25_scores(texts, queries, CUT, b=0.0)
        return [by_titles / 10, by_words / 10, search.lsa_scores(texts, queries, CUT, 256)]

    def numbers(self, query: np.ndarray, product: np.ndarray) -> np.ndarray:
        """Of pairs, ``[..., 4]``; the price is the last."""
        parts = [scores[query, product] for scores in self.read]
        return np.stack([*parts, self.price[product]], axis=-1)

    def orders(self) -> dict[str, search.Searches]:
        """The same pages in five orders, with the clicks that each brings."""
        log, grades = self.log, self.catalogue.grades
        grade, titles = (of[log.query, log.product] for of in (grades, self.read[0] * 10))
        luck = {which: self.rng(which).random(len(log.page)) for which in (500, 600, 700)}
        score = {
            "random": luck[700],
            "worst first": -grade + luck[500] / 1000,
            "expensive first": self.price[log.product],
            "BM25 first": titles + luck[600] / 1e6,
        }
        made = {order: log.reordered(one, self.rng()) for order, one in score.items()}
        return {"relevant first": log, **made}


def fit(x: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    """Weights of the numbers, from the differences of winners and losers."""
    sign = np.where(np.arange(len(x)) % 2, 1, -1)  # half of the pairs the other way round
    model = LogisticRegression(C=10, fit_intercept=False, solver="newton-cholesky")
    return model.fit(x * sign[:, None], sign, sample_weight=weight).coef_[0]


def compared(market: Market, log: search.Searches) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows clicked in the second half, rivals on their page, differences of numbers."""
    won, lost = log.rivals(np.median(log.page))
    x = market.numbers(log.query, log.product)
    return won, lost, x[won] - x[lost]


def theta_by_swaps(market: Market) -> dict[str, np.ndarray]:
    """Way -> examination probabilities of each device, ``[3, 10]``; one log pools the devices."""
    swaps, upper = market.log.with_swaps(16, market.rng(300))
    parts = [swaps.device == device for device in range(3)]
    of_devices = [
        search.examination_from_swaps(upper[of], swaps.position[of], swaps.click[of])
        for of in parts
    ]
    swaps, upper = market.log.with_swaps(1, market.rng(300))
    neighbours = search.examination_from_swaps(upper, swaps.position, swaps.click)
    swaps, lower = market.log.with_swaps(1, market.rng(300), with_first=True)
    first = theta_with_first(lower, swaps.position, swaps.click)
    return {
        "16 logs of swaps": np.array(of_devices),
        "one log of neighbours": np.tile(neighbours, (3, 1)),
        "one log of the first": np.tile(first, (3, 1)),
    }


def theta_with_first(lower: np.ndarray, position: np.ndarray, click: np.ndarray) -> np.ndarray:
    """Of pages on which the first and the one at ``lower`` were swapped; the first is 1."""
    below = np.bincount(lower, click * (position == lower))
    above = np.bincount(lower, click * (position == 0))
    return np.append(1.0, below[1:] / above[1:])


def harvested(log: search.Searches) -> np.ndarray:
    """Examination probabilities of phones, from all rows of a log."""
    of = log.device == PHONE
    return search.examination_by_position(log.pair[of], log.position[of], log.click[of])


def theta_errors(seed: int) -> dict[str, dict[str, float]]:
    """Order -> way -> mean distance from the true examination probabilities of phones."""
    market, found = Market.of(seed), {}
    for order in ("relevant first", "expensive first"):
        log = market.orders()[order]
        phone = log.device == PHONE
        position, click = log.position[phone], log.click[phone]
        shown = np.bincount(position)
        rate = np.bincount(position, click) / shown
        ways = {
            "click rate": rate / rate[0],
            "harvested": search.examination_by_position(log.pair[phone], position, click),
        }
        for logs in (1, 4, 16):
            swaps, upper = log.with_swaps(logs, market.rng(300))
            of = swaps.device == PHONE
            its = upper[of], swaps.position[of], swaps.click[of]
            ways[f"neighbours of {logs}"] = search.examination_from_swaps(*its)
        swaps, lower = log.with_swaps(1, market.rng(300), with_first=True)
        of = swaps.device == PHONE
        ways["first with k-th of 1"] = theta_with_first(
            lower[of], swaps.position[of], swaps.click[of]
        )
        ways["neighbours of 1, harvested"] = harvested(log.with_swaps(1, market.rng(300))[0])
        ways["first with k-th of 1, harvested"] = harvested(swaps)
        true = np.bincount(position, log.p_examine[phone]) / shown
        found[order] = {
            way: round(float(np.abs(its - true).mean()), 5) for way, its in ways.items()
        }
    return found


def ways_to_learn(
    market: Market, log: search.Searches, swapped: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Name -> weights of the ranker's numbers; ``swapped`` has θ of each device as swaps say."""
    won, lost, x = compared(market, log)
    no_price = x * np.array([1, 1, 1, 0])
    own = search.examination_by_position(log.pair, log.position, log.click)
    weights = {
        "true": log.p_examine[won],
        "harvested": own[log.position[won]],
        **{name: theta[log.device[won], log.position[won]] for name, theta in swapped.items()},
    }
    weights = {name: 1 / np.maximum(seen, LEAST) for name, seen in weights.items()}
    stood = np.eye(LENGTH)[:, 1:]
    columns = stood[log.position[won]] - stood[log.position[lost]]
    return {
        "naive": fit(x),
        "price left out": fit(no_price),
        "IPW, price left out": fit(no_price, weights["true"]),
        **{f"IPW, {name}": fit(x, weight) for name, weight in weights.items()},
        "position as a feature": fit(np.hstack([x, columns]))[: x.shape[1]],
        "skip above": fit(x[log.position[lost] < log.position[won]]),
    }


def taught_by_all(market: Market) -> dict[str, np.ndarray]:
    """Weights of the skyline, where all positions are examined, and of pairs of grades."""
    log, everywhere = market.log, np.ones(len(market.log.page))
    click = (market.rng().random(len(everywhere)) < log.p_click_if_seen).astype(float)
    seen = log.replaced(log.position, click, everywhere)
    won, lost, x = compared(market, log.replaced(log.position, everywhere, log.p_examine))
    grade = market.catalogue.grades[log.query, log.product]
    return {"skyline": fit(compared(market, seen)[2]), "grades": fit(x[grade[won] > grade[lost]])}


def judged(market: Market, weights: np.ndarray) -> list[float]:
    """NDCG at 10 of the first 50 by LSA, re-ranked; clicks a page; the weight of the price."""
    found = search.best(market.read[-1], 50)
    scores = market.numbers(np.arange(len(found))[:, None], found) @ weights
    scores[found == search.NOTHING] = -np.inf
    order = np.argsort(-scores, axis=1, kind="stable")[:, :10]
    lists = np.take_along_axis(found, order, axis=1)
    ndcg = search.ndcg_by_query(market.catalogue.grades, lists).mean()

    log = market.log
    rows = np.flatnonzero(np.bincount(log.page)[log.page] == LENGTH).reshape(-1, LENGTH)
    rows = rows[log.page[rows[:, 0]] < np.median(log.page)]
    score = market.numbers(log.query[rows], log.product[rows]) @ weights
    order = np.argsort(-score, axis=1, kind="stable")
    appeal = np.take_along_axis(log.p_click_if_seen[rows], order, 1)
    clicks = (log.p_examine[rows] * appeal).sum(1).mean()
    return [round(float(ndcg), 5), round(float(clicks), 5), round(float(weights[-1]), 4)]


def measured(seed: int) -> dict[str, dict[str, list[float]]]:
    """Order -> way to learn -> what ``judged`` gives."""
    market = Market.of(seed)
    swapped = theta_by_swaps(market)
    taught = {order: ways_to_learn(market, log, swapped) for order, log in market.orders().items()}
    taught["all examined"] = taught_by_all(market)
    return {
        order: {way: judged(market, weights) for way, weights in ways.items()}
        for order, ways in taught.items()
    }


def trusting(log: search.Searches, rng: np.random.Generator) -> search.Searches:
    """Who examines a high position trusts it, and clicks some products that do not appeal."""
    trust = 0.3 / (log.position + 1)
    p = log.p_examine * (log.p_click_if_seen + trust * (1 - log.p_click_if_seen))
    return log.replaced(log.position, (rng.random(len(p)) < p).astype(float), log.p_examine)


def cascade(log: search.Searches, rng: np.random.Generator) -> search.Searches:
    """Examined until the first click; the mean examination of each position is given along."""
    would = rng.random(len(log.page)) < log.p_click_if_seen
    order = np.lexsort((log.position, log.page))
    clicks = pd.Series(would[order]).groupby(log.page[order]).cumsum().to_numpy()
    examined = np.empty(len(order), dtype=bool)
    examined[order] = clicks - would[order] == 0
    mean = np.bincount(log.position, examined) / np.bincount(log.position)
    return log.replaced(log.position, (would & examined).astype(float), mean[log.position])


def wrong_model(seed: int) -> dict[str, dict[str, float]]:
    """Customer -> way to learn -> weight of the price; the expensive first, 16 logs of swaps."""
    market, found = Market.of(seed), {}
    pages = market.orders()["expensive first"]
    swapped, upper = pages.with_swaps(16, market.rng(300))
    for who, customer in {"PBM": None, "trust": trusting, "cascade": cascade}.items():
        log = customer(pages, market.rng(900)) if customer else pages
        swaps = customer(swapped, market.rng(901)) if customer else swapped
        parts = [swaps.device == device for device in range(3)]
        theta = [
            search.examination_from_swaps(upper[of], swaps.position[of], swaps.click[of])
            for of in parts
        ]
        ways = ways_to_learn(market, log, {"swaps": np.array(theta)})
        found[who] = {way: round(float(weights[-1]), 4) for way, weights in ways.items()}
    return found


PARTS: dict[str, Callable[[], Any] | Mapping[str, Any]] = {
    "theta": {str(seed): partial(theta_errors, seed) for seed in SEEDS},
    "shop": {str(seed): partial(measured, seed) for seed in SEEDS},
    "wrong": {str(seed): partial(wrong_model, seed) for seed in SEEDS},
}
STORED = Stored(paths.RESULTS / "click_orders.json", {"seeds": SEEDS})


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
