"""The next product (lesson 71): plain rivals that `next_product.py` has not, by its own protocol.

    python benchmarks/next_product_more.py

Sales a day that are counted until the day of the list, so that a product released in October has
a history in November; the chance of five new products drawn at random; item KNN that forgets what
was bought long ago; Markov of kinds times a higher power of item KNN, for the highest of the first
grid was chosen; and, where labels are asked for, the generator with IDs from titles alone, which
tell labels. Kept in results/next_product_more.json, part by part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import next_product as base
import numpy as np
from next_product import Market
from parts import Stored
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from course_utils import paths
from course_utils.recommend.codes import ResidualCodes
from course_utils.shop import Shop


def to_date(one: Market, rows: list[tuple[int, int]], days: float) -> np.ndarray:
    """Sales a day of the last days before each row's time; few days are shrunk to the mean."""
    product, when = np.concatenate(one.bought), np.concatenate(one.times)
    order = np.argsort(when, kind="stable")
    product, when = product[order], when[order]
    scores = np.empty((len(rows), len(one.kind)))
    for row, (user, at) in enumerate(rows):
        now = one.times[user][at]
        first, last = np.searchsorted(when, [now - base.DAY * days, now])
        sold = np.bincount(product[first:last], minlength=len(one.kind))
        start = np.maximum(one.released, max(now - base.DAY * days, base.YEAR))
        on_sale = np.clip((now - start) / base.DAY, 0, None)
        scores[row] = (sold + 10 * sold.sum() / on_sale.sum()) / (on_sale + 10)
    return scores


def fading(one: Market, rows: list[tuple[int, int]], k: int, keep: float) -> np.ndarray:
    """Item KNN in which each later purchase keeps ``keep`` of what an earlier one says."""
    taken = np.zeros((len(one.bought), len(one.kind)), dtype=bool)
    for user, bought in enumerate(base.training(one)):
        taken[user, bought] = True
    now = np.zeros((len(rows), len(one.kind)))
    for row, (user, at) in enumerate(rows):
        past = one.bought[user][:at]
        np.maximum.at(now[row], past, keep ** np.arange(len(past))[::-1])
    return now @ base._likeness(taken.tobytes(), taken.shape, k) + 1e-6 * base.rates(one)


PLAIN: dict[str, tuple[Callable[..., np.ndarray], list[dict[str, float]]]] = {
    "sales to date": (to_date, [{"days": days} for days in (14, 30, 90, 366)]),
    "item KNN, fading": (fading, [{"k": 1000, "keep": keep} for keep in (0.9, 0.8, 0.65, 0.5)]),
    "Markov of kinds x item KNN, higher powers": (
        base.both, [{"power": power, "keep": keep} for keep in (0.5, 0.8) for power in (2.0, 4.0)],
    ),
}  # fmt: skip


def plain(name: str, dial: str) -> dict[str, Any]:
    """The setting with the most hits in October, in the shop that searches; then five shops."""
    score, trials = PLAIN[name]
    found = [
        [base.hits(one, score(one, one.valid, **trial))]
        for one in [base.market(base.SEARCH[0], dial)]
        for trial in trials
    ]
    best = int(np.argmax(np.mean(found, axis=1)))
    runs = []
    for seed in base.SHOPS:
        one = base.market(seed, dial)
        runs.append(base.judged(one, score(one, one.test, **trials[best])))
    return {
        "search": {"hits": found, "chosen": trials[best], "at": best},
        **{key: [run[key] for run in runs] for key in runs[0]},
    }


def at_random(dial: str) -> dict[str, Any]:
    """What five of the new products, drawn at random, catch on average."""
    found = []
    for seed in base.SHOPS:
        one = base.market(seed, dial)
        new = base.open_to(one, one.test) & ~one.known
        some = one.truth[:, ~one.known].sum(axis=1) > 0
        chance = np.minimum(1, base.TOP_NEW / np.maximum(new.sum(axis=1), 1))
        whole = (one.truth * new).sum(axis=1)
        found.append(round(float((whole * chance)[some].sum() / whole[some].sum()), 5))
    return {"new": found}


def of_titles(seed: int, dial: str) -> Market:
    """The market with IDs from the words of titles alone."""
    one = base.market(seed, dial)
    momentum, content = base.DIALS[dial]
    listings = Shop(seed, base.USERS, momentum=momentum, content=content).listings
    words = TfidfVectorizer(analyzer=str.split).fit_transform(listings["title_en"].str.lower())
    vectors = TruncatedSVD(base.NUMBERS, random_state=seed).fit_transform(words)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    codes = ResidualCodes(base.LEVELS, base.SIZE, seed).fit(vectors[one.known]).codes(vectors)
    return replace(one, content=vectors, codes=codes)


def titled(dial: str, chosen: Any) -> dict[str, Any]:
    """The generator with IDs from titles, with the setting that its other IDs chose."""
    runs = []
    for seed in base.SHOPS:
        one = of_titles(seed, dial)
        score, said = base.scorer(one, "generative, semantic IDs", chosen, seed)
        runs.append({**base.judged(one, score(one.test)), **said})
    return {"chosen": chosen, **{key: [run[key] for run in runs] for key in runs[0]}}


PARTS: dict[str, Callable[[], Any]] = {
    **{f"{dial}: {name}": partial(plain, name, dial) for dial in base.DIALS for name in PLAIN},
    **{f"{dial}: five at random": partial(at_random, dial) for dial in base.DIALS},
    "content: generative, IDs of titles": partial(
        titled,
        "content",
        base.STORED.earlier("content: generative, semantic IDs", "search", "chosen"),
    ),
}
STORED = Stored(
    paths.RESULTS / "next_product_more.json",
    {"seeds": base.SHOPS, "search": base.SEARCH},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
