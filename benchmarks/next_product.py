"""The next product: a tiny generative recommender beside its plain rivals (lesson 71).

    python benchmarks/next_product.py

Customers of a shop buy one product after another. Purchases until the end of September train,
those of October stop and choose, of November and December one purchase a customer judges: the
chance, by the shop's truth, that the next purchase is among the ten first. What is not on sale
yet, and what the customer has bought, is left out for everybody. Three shops of 600 customers and
1,000 products: nothing turned; what was bought last pulls (``momentum``); labels match customers
(``content``). Every contender has four trials, chosen on the purchases of October in another shop,
and every network keeps the epoch of its least loss on a tenth of October's purchases. Kept in
results/next_product.json, part by part.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import pandas as pd
from parts import Stored
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from course_utils import paths
from course_utils.backend import keras, tf
from course_utils.behaviour.attention import CausalBlock
from course_utils.recommend.codes import ResidualCodes
from course_utils.shop import Shop

DIALS = {"nothing turned": (0.01, 0.0), "momentum": (3.0, 0.0), "content": (0.01, 2.0)}
"""Momentum and content of the shop: 0.01 and not 0, so that purchases are drawn one by one."""

SHOPS, SEARCH = range(5), (100,)
USERS, TOP, TOP_NEW = 600, 10, 5
YEAR, DAY = 1_704_067_200, 86_400
TRAIN_END, VALID_END = (YEAR + DAY * day for day in (274, 305))
STEPS, EPOCHS, PATIENCE, BATCH = 64, 30, 4, 64
LEVELS, SIZE, NUMBERS = 3, 32, 32


@dataclass(frozen=True)
class Market:
    """A shop as its recommenders see it, and the truth that judges them.

    bought: of each customer the products, the oldest first; times: when. kind: of each product;
    content: title and path in the catalogue as 32 numbers; released: when; known: before October.
    rows of a part: customer and how many purchases stand before the target.
    """

    bought: list[np.ndarray]
    times: list[np.ndarray]
    kind: np.ndarray
    content: np.ndarray
    released: np.ndarray
    known: np.ndarray
    valid: list[tuple[int, int]]
    test: list[tuple[int, int]]
    truth: np.ndarray
    codes: np.ndarray


def content_of(listings: pd.DataFrame, seed: int) -> np.ndarray:
    """A product's content: words of its title, and its path in the catalogue, which counts twice.

    Titles alone name kinds too, but most of their words are colours, labels and brands: ids from
    them hold two products of one kind together hardly more often than chance.
    """
    path = ("department", "category", "kind")
    texts = [
        [*title.lower().split(), *2 * [f"{key}={one}" for key, one in zip(path, at, strict=True)]]
        for title, *at in listings[["title_en", *path]].itertuples(index=False)
    ]
    words = TfidfVectorizer(analyzer=list).fit_transform(texts)
    vectors = TruncatedSVD(NUMBERS, random_state=seed).fit_transform(words)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@cache
def market(seed: int, dial: str) -> Market:
    """A shop, its split and the chance of each product to be the next of each test row."""
    shop = Shop(seed, USERS, momentum=DIALS[dial][0], content=DIALS[dial][1])
    ids = shop.products["product_id"].to_numpy()
    place = pd.Series(np.arange(len(ids)), index=ids)
    sold = shop.purchases.assign(product=place[shop.purchases["product_id"]].to_numpy())
    groups = [(user, one) for user, one in sold.groupby("user_id", sort=True)]
    bought = [one["product"].to_numpy() for _, one in groups]
    times = [one["timestamp"].to_numpy() for _, one in groups]
    listings = shop.listings.set_index("product_id").loc[ids]
    kind = pd.factorize(listings["kind"], sort=True)[0]
    content = content_of(listings, seed)
    released = YEAR + DAY * shop.products["release_day"].to_numpy()
    known = released < TRAIN_END
    rng = np.random.default_rng(seed)
    valid, test = [], []
    for user, when in enumerate(times):
        first, after = np.searchsorted(when, [TRAIN_END, VALID_END])
        valid += [(user, at) for at in range(max(first, 1), after)]
        if 1 <= after < len(when):
            test.append((user, int(rng.integers(after, len(when)))))
    truth = shop.next_purchase(
        [groups[user][0] for user, _ in test],
        [list(ids[bought[user][:at]]) for user, at in test],
        [int(times[user][at]) for user, at in test],
    )
    codes = ResidualCodes(LEVELS, SIZE, seed).fit(content[known]).codes(content)
    return Market(bought, times, kind, content, released, known, valid, test, truth, codes)


def open_to(one: Market, rows: list[tuple[int, int]]) -> np.ndarray:
    """Which products each row may be shown: on sale, and not bought by the customer."""
    free = one.released <= np.array([one.times[user][at] for user, at in rows])[:, None]
    for row, (user, at) in enumerate(rows):
        free[row, one.bought[user][:at]] = False
    return free


def tops(scores: np.ndarray, free: np.ndarray, n: int) -> np.ndarray:
    """Which products stand among the n first of each row, ``[rows, products]``; ties by place."""
    order = np.argsort(-np.where(free, scores, -np.inf), axis=1, kind="stable")[:, :n]
    first = np.zeros(free.shape, dtype=bool)
    np.put_along_axis(first, order, True, axis=1)
    return first & free


def judged(one: Market, scores: np.ndarray) -> dict[str, float]:
    """By the truth: the chance of a hit among ten, and what the five first new products catch."""
    free = open_to(one, one.test)
    new = free & ~one.known
    some = one.truth[:, ~one.known].sum(axis=1) > 0
    caught = (one.truth * tops(scores, new, TOP_NEW)).sum(axis=1)[some]
    return {
        "hit": round(float((one.truth * tops(scores, free, TOP)).sum(axis=1).mean()), 5),
        "new": round(float(caught.sum() / (one.truth * new).sum(axis=1)[some].sum()), 5),
    }


def hits(one: Market, scores: np.ndarray) -> float:
    """The share of October's purchases that were among the ten first: no truth is read."""
    target = np.array([one.bought[user][at] for user, at in one.valid])
    first = tops(scores, open_to(one, one.valid), TOP)
    return round(float(first[np.arange(len(target)), target].mean()), 5)


# Plain rivals: each takes a market, the rows to score and the setting of a trial.


def training(one: Market) -> list[np.ndarray]:
    """Of each customer the purchases before October."""
    return [
        bought[: np.searchsorted(when, TRAIN_END)]
        for bought, when in zip(one.bought, one.times, strict=True)
    ]


def rates(one: Market, days: float = 274.0) -> np.ndarray:
    """Purchases a day on sale, of the last days before October; few days are shrunk to the mean."""
    start = TRAIN_END - DAY * days
    count = np.zeros(len(one.kind))
    for bought, when in zip(one.bought, one.times, strict=True):
        np.add.at(count, bought[(when >= start) & (when < TRAIN_END)], 1)
    on_sale = np.clip((TRAIN_END - np.maximum(one.released, start)) / DAY, 0, None)
    mean = count.sum() / on_sale.sum()
    return (count + 10 * mean) / (on_sale + 10)


def popularity(one: Market, rows: list[tuple[int, int]], days: float) -> np.ndarray:
    return np.tile(rates(one, days), (len(rows), 1))


def neighbours(one: Market, rows: list[tuple[int, int]], k: int) -> np.ndarray:
    """Item KNN: likeness by the customers of October's eve, summed over all that was bought."""
    taken = np.zeros((len(one.bought), len(one.kind)), dtype=bool)
    for user, bought in enumerate(training(one)):
        taken[user, bought] = True
    now = np.zeros((len(rows), len(one.kind)))
    for row, (user, at) in enumerate(rows):
        now[row, one.bought[user][:at]] = 1
    # The score of a customer with one product only is that product's row of likenesses.
    likeness = _likeness(taken.tobytes(), taken.shape, k)
    return now @ likeness + 1e-6 * rates(one)


@cache
def _likeness(taken: bytes, shape: tuple[int, int], k: int) -> np.ndarray:
    """Likeness of each pair, k nearest of the scored product: rows are bought, columns scored."""
    seen = np.frombuffer(taken, dtype=bool).reshape(shape)
    columns = seen.astype(float)
    both = columns.T @ columns
    count = np.maximum(both.diagonal(), 1)
    alike = both / np.sqrt(count[:, None] * count)
    np.fill_diagonal(alike, 0)
    order = np.argsort(-alike, axis=0, kind="stable")[k:]
    np.put_along_axis(alike, order, 0, axis=0)
    return alike


def recent(kinds: np.ndarray, keep: float, n: int) -> np.ndarray:
    """What is left of each kind bought, each later purchase keeping ``keep`` of it, ``[n]``."""
    left = np.zeros(n)
    for back, one in enumerate(kinds[::-1][:8]):
        left[one] += keep**back
    return left


def follows(
    one: Market, rows: list[tuple[int, int]], group: np.ndarray, keep: float, prior: float
) -> np.ndarray:
    """Chance of each group to be next, ``[rows, groups]``: counted after each group, shrunk."""
    n = int(group.max()) + 1
    table = np.zeros((n, n))
    for bought in training(one):
        kinds = group[bought]
        left = np.zeros(n)
        for before, after in pairwise(kinds):
            left = keep * left
            left[before] += 1
            table[:, after] += left
    share = table.sum(axis=0) + 1
    share /= share.sum()
    after = (table + prior * share) / (table.sum(axis=1, keepdims=True) + prior)
    weight = np.array([recent(group[one.bought[user][:at]], keep, n) for user, at in rows])
    return weight @ after / weight.sum(axis=1, keepdims=True)


def markov(one: Market, rows: list[tuple[int, int]], keep: float, prior: float) -> np.ndarray:
    """Which product follows which: first-order, or the last eight with fading weights."""
    return follows(one, rows, np.arange(len(one.kind)), keep, prior) + 1e-9 * rates(one)


def by_kind(one: Market, rows: list[tuple[int, int]], keep: float, prior: float) -> np.ndarray:
    """Which kind follows which, and in a kind the products by their rates."""
    rate = rates(one)
    inside = rate / np.bincount(one.kind, rate, int(one.kind.max()) + 1)[one.kind]
    return follows(one, rows, one.kind, keep, prior)[:, one.kind] * inside


def profile(one: Market, rows: list[tuple[int, int]], power: float) -> np.ndarray:
    """Rates times the fit of a product's content to the mean of what the customer bought."""
    mean = np.array([one.content[one.bought[user][:at]].mean(axis=0) for user, at in rows])
    mean /= np.linalg.norm(mean, axis=1, keepdims=True)
    return np.log(rates(one)) + power * mean @ one.content.T


def both(one: Market, rows: list[tuple[int, int]], power: float, keep: float) -> np.ndarray:
    """The kind that follows, times a power of item KNN; new products get their kind's mean."""
    near = neighbours(one, rows, 1000)
    near = near / near.mean(axis=1, keepdims=True)
    new = ~one.known
    for kind in np.unique(one.kind[new]):
        old = one.known & (one.kind == kind)
        near[:, new & (one.kind == kind)] = (
            near[:, old].mean(axis=1, keepdims=True) if old.any() else 1.0
        )
    return np.log(by_kind(one, rows, keep, 30.0)) + power * np.log(near + 1e-3)


# Networks: the same reader of what was bought, and three ways to name what comes next.


class Reader(keras.Model):
    """One causal block over what was bought (SASRec's); the subclasses name and score products."""

    def __init__(self, one: Market, width: int) -> None:
        super().__init__()
        self.width = width
        self.block = CausalBlock(width)
        start = keras.initializers.RandomNormal(stddev=0.05)
        self.places = self.add_weight(shape=(STEPS, width), initializer=start)
        self.known = tf.constant(np.flatnonzero(one.known))
        self.place = tf.constant(np.cumsum(one.known) - 1)

    def read(self, history: Any) -> Any:
        there = history >= 0
        return self.block(self.vectors(tf.maximum(history, 0)) + self.places, there)


class Dense(Reader):
    """One vector a product, from its id, or from its id and its content; inner products."""

    def __init__(self, one: Market, width: int, content: bool) -> None:
        super().__init__(one, width)
        start = keras.initializers.RandomNormal(stddev=0.05)
        n = len(one.kind)
        self.ids = self.add_weight(shape=(n, width), initializer="zeros" if content else start)
        self.bias = self.add_weight(shape=(n,), initializer="zeros")
        self.content = tf.constant(one.content, dtype=tf.float32) if content else None
        if content:
            self.read_in = self.add_weight(shape=(NUMBERS, width), initializer="glorot_uniform")
            self.read_out = self.add_weight(shape=(NUMBERS, width), initializer="glorot_uniform")

    def vectors(self, products: Any) -> Any:
        found = tf.gather(self.ids, products)
        if self.content is not None:
            found += tf.gather(self.content, products) @ self.read_in
        return found

    def scores(self, hidden: Any, products: Any) -> Any:
        table = tf.gather(self.ids, products)
        if self.content is not None:
            table += tf.gather(self.content, products) @ self.read_out
        return hidden @ tf.transpose(table) + tf.gather(self.bias, products)

    def loss_of(self, hidden: Any, target: Any) -> Any:
        return tf.nn.sparse_softmax_cross_entropy_with_logits(
            tf.gather(self.place, target), self.scores(hidden, self.known)
        )

    def all_scores(self, hidden: Any) -> np.ndarray:
        return self.scores(hidden, tf.range(self.bias.shape[0])).numpy()


class Generative(Reader):
    """A product is a row of codes; the next one is written code by code.

    Every legal id is scored, so no search can miss one. Products of one id share its chance by
    their rates.
    """

    def __init__(self, one: Market, width: int, codes: np.ndarray) -> None:
        super().__init__(one, width)
        self.codes = tf.constant(codes)
        start = keras.initializers.RandomNormal(stddev=0.05)
        self.tables = [
            self.add_weight(shape=(SIZE, width), initializer=start) for _ in range(LEVELS)
        ]
        self.written = [
            self.add_weight(shape=(SIZE, width), initializer=start) for _ in range(LEVELS - 1)
        ]
        self.inner = [keras.layers.Dense(width) for _ in range(LEVELS)]
        self.heads = [keras.layers.Dense(SIZE) for _ in range(LEVELS)]
        rate = rates(one)
        ids = pd.Series([tuple(row) for row in codes])
        self.share = rate / pd.Series(rate).groupby(ids).transform("sum").to_numpy()
        prefix = codes[:, 0] * SIZE + codes[:, 1]
        self.prefixes, self.prefix_of = np.unique(prefix, return_inverse=True)

    def vectors(self, products: Any) -> Any:
        codes = tf.gather(self.codes, products)
        return sum(tf.gather(table, codes[..., at]) for at, table in enumerate(self.tables))

    def logits(self, hidden: Any, level: int, *before: Any) -> Any:
        inner = self.inner[level](hidden)
        for table, code in zip(self.written, before, strict=False):
            inner += tf.gather(table, code)
        return tf.nn.log_softmax(self.heads[level](tf.nn.relu(inner)))

    def loss_of(self, hidden: Any, target: Any) -> Any:
        codes = tf.gather(self.codes, target)
        return -sum(
            tf.gather(
                self.logits(hidden, level, *(codes[..., at] for at in range(level))),
                codes[..., level],
                batch_dims=len(hidden.shape) - 1,
            )
            for level in range(LEVELS)
        )

    def all_scores(self, hidden: Any) -> np.ndarray:
        codes = self.codes.numpy()
        first = self.logits(hidden, 0).numpy()
        wide = hidden[:, None, :]
        second = self.logits(wide, 1, tf.range(SIZE)[None]).numpy()
        one, two = divmod(self.prefixes, SIZE)
        third = self.logits(wide, 2, tf.constant(one)[None], tf.constant(two)[None]).numpy()
        return (
            first[:, codes[:, 0]]
            + second[:, codes[:, 0], codes[:, 1]]
            + third[:, self.prefix_of, codes[:, 2]]
            + np.log(self.share)
        )


def bought_codes(one: Market, seed: int) -> np.ndarray:
    """Ids from who bought a product, not from its title; new products get their kind's mean."""
    taken = np.zeros((len(one.bought), len(one.kind)))
    for user, bought in enumerate(training(one)):
        taken[user, bought] = 1
    taken /= np.sqrt(np.maximum(taken.sum(axis=0), 1))
    vectors = TruncatedSVD(NUMBERS, random_state=seed).fit_transform(taken.T)
    for kind in np.unique(one.kind[~one.known]):
        old = one.known & (one.kind == kind)
        vectors[~one.known & (one.kind == kind)] = vectors[old if old.any() else one.known].mean(
            axis=0
        )
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return ResidualCodes(LEVELS, SIZE, seed).fit(vectors[one.known]).codes(vectors)


def windows(one: Market, rows: list[tuple[int, int]]) -> np.ndarray:
    """What each row's customer bought before, the latest on the right, -1 where there is none."""
    history = np.full((len(rows), STEPS), -1)
    for row, (user, at) in enumerate(rows):
        past = one.bought[user][max(at - STEPS, 0) : at]
        history[row, STEPS - len(past) :] = past
    return history


def fitted(one: Market, network: Reader, rate: float, seed: int) -> tuple[Reader, int]:
    """The network at the epoch of its least loss in October, and that epoch, from 1."""
    past = [bought[-STEPS - 1 :] for bought in training(one)]
    history = np.full((len(past), STEPS), -1)
    target = np.full((len(past), STEPS), -1)
    for row, bought in enumerate(past):
        if len(bought) > 1:
            history[row, STEPS + 1 - len(bought) :] = bought[:-1]
            target[row, STEPS + 1 - len(bought) :] = bought[1:]
    rows = [row for row in one.valid if one.known[one.bought[row[0]][row[1]]]][::10]
    valid, wanted = (
        tf.constant(windows(one, rows)),
        tf.constant([one.bought[u][at] for u, at in rows]),
    )
    adam = keras.optimizers.Adam(rate)

    @tf.function(reduce_retracing=True)
    def step(x: Any, y: Any) -> None:
        with tf.GradientTape() as tape:
            there = tf.cast(y >= 0, tf.float32)
            losses = network.loss_of(network.read(x), tf.maximum(y, 0)) * there
            loss = tf.reduce_sum(losses) / tf.reduce_sum(there)
        adam.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)

    @tf.function
    def loss_in_october() -> Any:
        return tf.reduce_mean(network.loss_of(network.read(valid)[:, -1], wanted))

    loss_in_october()
    adam.build(network.trainable_variables)
    rng = np.random.default_rng(seed)
    best, kept, epoch = np.inf, [], 0
    for number in range(1, EPOCHS + 1):
        order = rng.permutation(len(past))
        for at in range(0, len(order), BATCH):
            chosen = order[at : at + BATCH]
            step(tf.constant(history[chosen]), tf.constant(target[chosen]))
        loss = float(loss_in_october())
        if loss < best:
            best, kept, epoch = loss, network.get_weights(), number
        if number - epoch >= PATIENCE:
            break
    network.set_weights(kept)
    return network, epoch


def _size(network: Reader) -> int:
    return int(sum(np.prod(one.shape) for one in network.trainable_variables))


NETWORKS: dict[str, Callable[[Market, int, int], Reader]] = {
    "SASRec, IDs": lambda one, width, seed: Dense(one, width, content=False),
    "SASRec, IDs and content": lambda one, width, seed: Dense(one, width, content=True),
    "generative, semantic IDs": lambda one, width, seed: Generative(one, width, one.codes),
    "generative, shuffled IDs": lambda one, width, seed: Generative(
        one, width, one.codes[np.random.default_rng(seed).permutation(len(one.codes))]
    ),
    "generative, IDs of who bought": lambda one, width, seed: Generative(
        one, width, bought_codes(one, seed)
    ),
}
PLAIN: dict[str, tuple[Callable[..., np.ndarray], list[dict[str, float]]]] = {
    "popularity": (popularity, [{"days": days} for days in (14, 30, 90, 274)]),
    "item KNN": (neighbours, [{"k": k} for k in (20, 100, 300, 1000)]),
    "Markov, products": (
        markov, [{"keep": keep, "prior": prior} for keep in (0.0, 0.5) for prior in (3.0, 30.0)],
    ),
    "Markov, kinds": (
        by_kind, [{"keep": keep, "prior": prior} for keep in (0.0, 0.5) for prior in (10.0, 100.0)],
    ),
    "content profile": (profile, [{"power": power} for power in (1.0, 2.0, 4.0, 8.0)]),
    "Markov of kinds x item KNN": (
        both, [{"power": power, "keep": keep} for keep in (0.0, 0.5) for power in (0.5, 1.0)],
    ),
}  # fmt: skip
TRIALS: dict[str, list[dict[str, float]]] = {
    **{name: trials for name, (_, trials) in PLAIN.items()},
    **{
        name: [
            {"width": width, "rate": rate}
            for width, rate in ((32, 0.003), (32, 0.01), (32, 0.03), (64, 0.01))
        ]
        for name in NETWORKS
    },
}


def scorer(
    one: Market, name: str, trial: dict[str, float], seed: int
) -> tuple[Callable[[list[tuple[int, int]]], np.ndarray], dict[str, Any]]:
    """What scores rows, and what there is to say of its training."""
    if name in PLAIN:
        return lambda rows: PLAIN[name][0](one, rows, **trial), {}
    keras.utils.set_random_seed(seed)
    network, epoch = fitted(
        one, NETWORKS[name](one, int(trial["width"]), seed), trial["rate"], seed
    )

    def scores(rows: list[tuple[int, int]]) -> np.ndarray:
        pieces = []
        for at in range(0, len(rows), 500):
            hidden = network.read(tf.constant(windows(one, rows[at : at + 500])))[:, -1]
            pieces.append(network.all_scores(hidden))
        return np.concatenate(pieces)

    return scores, {"epoch": epoch, "parameters": _size(network)}


def searched(name: str, dial: str) -> dict[str, Any]:
    """The trial with the most hits in October, in the shop that searches."""
    markets = {seed: market(seed, dial) for seed in SEARCH}
    found = [
        [hits(one, scorer(one, name, trial, seed)[0](one.valid)) for seed, one in markets.items()]
        for trial in TRIALS[name]
    ]
    best = int(np.argmax(np.mean(found, axis=1)))
    return {"hits": found, "chosen": TRIALS[name][best], "at": best}


def tested(name: str, dial: str, chosen: dict[str, float], seed: int) -> dict[str, Any]:
    """A contender, with its chosen setting, in one shop."""
    one = market(seed, dial)
    score, said = scorer(one, name, chosen, seed)
    return {**judged(one, score(one.test)), **said}


def limit(dial: str, seed: int) -> dict[str, Any]:
    """The order of the truth, and facts of the shop."""
    one = market(seed, dial)
    ids = pd.Series([tuple(row) for row in one.codes])
    share = one.truth[:, ~one.known].sum() / len(one.truth)
    return {
        **judged(one, one.truth),
        "purchases": int(sum(map(len, training(one)))),
        "test": len(one.test),
        "new products": int((~one.known).sum()),
        "share of new": round(float(share), 5),
        "ids": int(ids.nunique()),
        "alone": round(float((~ids.duplicated(keep=False)).mean()), 4),
    }


def part(name: str, dial: str) -> dict[str, Any]:
    """A contender under a dial: its search, then five shops."""
    search = searched(name, dial)
    runs = [tested(name, dial, search["chosen"], seed) for seed in SHOPS]
    return {"search": search, **{key: [run[key] for run in runs] for key in runs[0]}}


def truths(dial: str) -> dict[str, Any]:
    runs = [limit(dial, seed) for seed in SHOPS]
    return {key: [run[key] for run in runs] for key in runs[0]}


LEFT_OUT = {
    "nothing turned: generative, shuffled IDs",
    "content: generative, shuffled IDs",
    "content: generative, IDs of who bought",
    "content: SASRec, IDs",
    "nothing turned: SASRec, IDs",
}
"""Not measured, for want of time."""

PARTS: dict[str, Callable[[], Any]] = {
    f"{dial}: {name}": partial(part, name, dial) if name != "oracle" else partial(truths, dial)
    for names in (("oracle", *PLAIN), tuple(NETWORKS))
    for dial in ("momentum", "content", "nothing turned")
    for name in names
    if f"{dial}: {name}" not in LEFT_OUT
}
STORED = Stored(
    paths.RESULTS / "next_product.json",
    {"seeds": SHOPS, "search": SEARCH},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
