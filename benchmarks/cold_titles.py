"""Products without a history: do their titles say who will buy them? (lesson 30)

    python benchmarks/cold_titles.py

measures what is missing or stale, each part kept in results/cold_titles.json as soon as it is done:
five minutes of one core. In each shop a fifth of the products is new: nobody's purchases of them
are in training, and all customers' of them are the test. A way is a matrix X of what is known of
products. One ridge regression a customer, all in one formula, with Y the customers' purchases of
the known products, each customer's mean taken away:

    score of the new products = Y (X X' + l I)^-1 X X_new' = Y X (X'X + l I)^-1 X_new'

Five l, chosen by way and dial on the tuning shops. The dial ``content`` says how much the labels,
whose words stand in titles, draw customers. ``reworded`` writes each label word of a new title in
other words of the same meaning, which stand in no training title. The films: MovieLens, films with
20 ratings or more, fifths of them new; rated or not is what is foretold.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from parts import Stored
from scipy.stats import rankdata
from sklearn.feature_extraction.text import TfidfVectorizer

from course_utils import paths
from course_utils.datasets import load
from course_utils.encoder import MINILM, STATIC, encode
from course_utils.shop import Shop
from course_utils.shop.labels import LABELS

SEEDS, TUNING_SEEDS = range(6), (100, 101)
"""Shops that judge, and shops that choose."""

DIALS = (0.0, 1.0, 2.0)
PENALTIES = (0.1, 1.0, 10.0, 100.0, 1000.0)
NEW_SHARE = 0.2
N_USERS, N_PRODUCTS = 1_000, 1_000
WAYS = ("columns", "words", "static vectors", "MiniLM", "columns and words",
        "columns and MiniLM", "columns and label words", "columns and true labels")  # fmt: skip
REWORDED = ("words", "static vectors", "MiniLM")


@cache
def shop(seed: int, content: float) -> Shop:
    return Shop(seed, n_users=N_USERS, n_products=N_PRODUCTS, content=content)


def bought(table: pd.DataFrame, users: pd.Series, products: pd.Series) -> np.ndarray:
    """1 where a customer has a product: ``[users, products]``."""
    found = np.zeros((len(users), len(products)))
    row = pd.Index(users).get_indexer(table["user_id"])
    column = pd.Index(products).get_indexer(table["product_id"])
    kept = (row >= 0) & (column >= 0)
    found[row[kept], column[kept]] = 1.0
    return found


def new_products(seed: int, n: int) -> np.ndarray:
    """Which products are new, by lot."""
    found = np.zeros(n, bool)
    found[np.random.default_rng(seed).permutation(n)[: int(NEW_SHARE * n)]] = True
    return found


def reworded(titles: pd.Series) -> pd.Series:
    """The same titles, each label in the words of people who search by need."""
    for label in LABELS:
        titles = titles.str.replace(label.en, label.need_en, case=False, regex=False)
    return titles


def named(titles: pd.Series) -> np.ndarray:
    """A lookup: which of the 24 label words a title holds."""
    holds = [titles.str.contains(rf"\b{one.en}\b", case=False) for one in LABELS]
    return np.column_stack(holds).astype(float)


def one_hot(*columns: pd.Series) -> np.ndarray:
    return np.hstack([pd.get_dummies(one).to_numpy(float) for one in columns])


def unit(x: np.ndarray) -> np.ndarray:
    """Every row of length 1, so that one range of penalties serves all."""
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)


@cache
def read(seed: int) -> Mapping[str, np.ndarray]:
    """What is read of a shop's titles, as written and reworded; no dial changes them."""
    titles = shop(seed, 0.0).listings["title_en"]
    known = ~new_products(seed, len(titles))
    found = dict(texts(titles, known))
    changed = texts(titles.where(known, reworded(titles)), known, titles)
    return found | {f"{name}, reworded": changed[name] for name in REWORDED}


def tables_of(seed: int, content: float) -> Mapping[str, np.ndarray]:
    """Way -> what it knows of every product; words are learnt from the known titles."""
    one, text = shop(seed, content), read(seed)
    listings, products = one.listings, one.products
    price = pd.qcut(products["price"], 10, labels=False)
    columns = unit(one_hot(listings["category"], listings["kind"], products["brand"], price))
    has = listings["labels"].str.get_dummies("|").to_numpy(float)
    return {
        "columns": columns,
        **text,
        "columns and words": np.hstack([columns, text["words"]]),
        "columns and MiniLM": np.hstack([columns, text["MiniLM"]]),
        "columns and label words": np.hstack([columns, named(listings["title_en"])]),
        "columns and true labels": np.hstack([columns, has]),
    }


def texts(titles: pd.Series, known: np.ndarray, learnt: pd.Series | None = None) -> Any:
    """Way of reading a title -> its numbers, in rows of length 1; vectors around their mean."""
    learnt = (titles if learnt is None else learnt)[known]
    words = TfidfVectorizer(use_idf=False, binary=True).fit(learnt)
    found = {"words": words.transform(titles).toarray()}
    for name, model in (("static vectors", STATIC), ("MiniLM", MINILM)):
        mean = encode(learnt.tolist(), model).mean(axis=0)
        found[name] = unit(encode(titles.tolist(), model) - mean)
    return found


def scores(
    y: np.ndarray, x: np.ndarray, new: np.ndarray, asked: np.ndarray, penalty: float
) -> np.ndarray:
    """``[users, new products]``: every customer's ridge regression, in one formula.

    Numbers around their mean over the known products stand for the constant term.
    """
    mean = x[~new].mean(axis=0)
    known, wanted = x[~new] - mean, asked[new] - mean
    kernel = known @ known.T + penalty * np.eye(len(known))
    return np.asarray(y @ np.linalg.solve(kernel, known @ wanted.T))


def user_auc(wanted: np.ndarray, said: np.ndarray) -> float:
    """The mean over customers of the AUC among the new products; ties count half."""
    n, ones = wanted.shape[1], wanted.sum(axis=1)
    asked = (ones > 0) & (ones < n)
    ranks = rankdata(said[asked], axis=1)
    above = (ranks * wanted[asked]).sum(axis=1) - ones[asked] * (ones[asked] + 1) / 2
    return round(float(np.mean(above / (ones[asked] * (n - ones[asked])))), 5)


def popular(y: np.ndarray, group: pd.Series, new: np.ndarray) -> np.ndarray:
    """A new product is as popular as the known ones of its group: ``[1, new]``."""
    mean = pd.Series(y.mean(axis=0)[~new]).groupby(group[~new].to_numpy()).mean()
    return group[new].map(mean).astype(float).fillna(y[:, ~new].mean()).to_numpy()[None, :]


def one_shop(seed: int, content: float, penalties: Mapping[str, float] | None = None) -> Any:
    """Way -> penalty -> AUC; with the chosen penalties also the rivals and the limit."""
    market = shop(seed, content)
    products = market.products["product_id"]
    new = new_products(seed, len(products))
    y = bought(market.purchases, market.users["user_id"], products)
    wanted, known = y[:, new], y[:, ~new] - y[:, ~new].mean(axis=1, keepdims=True)
    tables = tables_of(seed, content)
    if penalties is None:
        return {
            way: [
                user_auc(wanted, scores(known, tables[way], new, tables[way], one))
                for one in PENALTIES
            ]
            for way in WAYS
        }
    found = {
        way: user_auc(wanted, scores(known, tables[way], new, tables[way], one))
        for way, one in penalties.items()
    }
    for way in REWORDED:
        said = scores(known, tables[way], new, tables[f"{way}, reworded"], penalties[way])
        found[f"{way}, reworded"] = user_auc(wanted, said)
    ids = np.eye(len(products))
    found["ids"] = user_auc(wanted, scores(known, ids, new, ids, 1.0))
    shown = market.listings["kind"].astype(str)
    said = popular(y, shown, new).repeat(len(y), axis=0)
    found["popularity of the kind"] = user_auc(wanted, said)
    who, what = np.meshgrid(market.users["user_id"], products[new], indexing="ij")
    found["oracle"] = user_auc(
        wanted, market.affinity(who.ravel(), what.ravel()).reshape(who.shape)
    )
    return found


def dial(content: float) -> Any:
    """The chosen penalties at one dial, and what every way gives in the shops that judge."""
    tried = [one_shop(seed, content) for seed in TUNING_SEEDS]
    mean = {way: np.mean([one[way] for one in tried], axis=0) for way in WAYS}
    penalties = {way: PENALTIES[int(np.argmax(of))] for way, of in mean.items()}
    runs = [one_shop(seed, content, penalties) for seed in SEEDS]
    return {"chosen": penalties, "auc": {way: [run[way] for run in runs] for way in runs[0]}}


@cache
def film_tables() -> Any:
    """Customers' ratings as 0 and 1, and the films with 20 ratings or more."""
    stars, films = load("movielens"), load("films").dropna(subset=["title", "genres"])
    many = stars["product_id"].value_counts()
    films = films[films["product_id"].isin(many.index[many >= 20])].reset_index(drop=True)
    users = pd.Series(stars["user_id"].unique())
    return bought(stars, users, films["product_id"]), films


def films() -> Any:
    """Fifths of the films are new; the penalty is chosen on two other draws of a fifth."""
    y, table = film_tables()
    decade = table["year"] // 5
    columns = unit(
        np.hstack([table["genres"].str.get_dummies("|").to_numpy(float), one_hot(decade)])
    )

    def one_fifth(new: np.ndarray, penalties: Mapping[str, float] | None) -> Any:
        text = texts(table["title"], ~new)
        ways = {
            "columns": columns,
            "words": text["words"],
            "static vectors": text["static vectors"],
            "MiniLM": text["MiniLM"],
            "columns and words": np.hstack([columns, text["words"]]),
            "columns and MiniLM": np.hstack([columns, text["MiniLM"]]),
        }
        wanted, known = y[:, new], y[:, ~new] - y[:, ~new].mean(axis=1, keepdims=True)
        if penalties is None:
            return {
                way: [user_auc(wanted, scores(known, x, new, x, one)) for one in PENALTIES]
                for way, x in ways.items()
            }
        found = {
            way: user_auc(wanted, scores(known, x, new, x, penalties[way]))
            for way, x in ways.items()
        }
        said = popular(y, decade.astype(int).astype(str), new).repeat(len(y), axis=0)
        return found | {"popularity of the five years": user_auc(wanted, said)}

    tried = [one_fifth(new_products(seed, len(table)), None) for seed in TUNING_SEEDS]
    mean = {way: np.mean([one[way] for one in tried], axis=0) for way in tried[0]}
    penalties = {way: PENALTIES[int(np.argmax(of))] for way, of in mean.items()}
    order = np.random.default_rng(30).permutation(len(table))
    runs = []
    for fifth in np.array_split(order, 5):
        new = np.isin(np.arange(len(table)), fifth)
        runs.append(one_fifth(new, penalties))
    return {
        "films": len(table),
        "customers": len(y),
        "chosen": penalties,
        "auc": {way: [run[way] for run in runs] for way in runs[0]},
    }


def small() -> float:
    """Words in one small shop, for the test."""
    y = bought(
        shop(0, 2.0).purchases, shop(0, 2.0).users["user_id"], shop(0, 2.0).products["product_id"]
    )
    new = new_products(0, N_PRODUCTS)
    words = TfidfVectorizer(use_idf=False, binary=True)
    title = shop(0, 2.0).listings["title_en"]
    x = words.fit(title[~new]).transform(title).toarray()
    known = y[:, ~new] - y[:, ~new].mean(axis=1, keepdims=True)
    return user_auc(y[:, new], scores(known, x, new, x, 10.0))


STORED = Stored(
    paths.RESULTS / "cold_titles.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)


PARTS = {
    "small": small,
    **{f"content {content:g}": partial(dial, content) for content in DIALS},
    "films": films,
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
