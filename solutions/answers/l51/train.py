"""Task 51.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from surprise import SVD
from surprise.model_selection import cross_validate

from answers import Proof, Wrong
from course_utils.exercises.l51.shared import data_of
from course_utils.exercises.l51.train import model_of


def _train_from_factors(rows: Any, user: str, products: list[str], seed: int) -> np.ndarray:
    trainset = data_of(rows).build_full_trainset()
    model = SVD(n_epochs=200, random_state=seed)
    model.fit(trainset)
    inner = [trainset.to_inner_iid(product) for product in products]
    person = trainset.to_inner_uid(user)
    bias = trainset.global_mean + model.bu[person] + model.bi[inner]
    return bias + model.qi[inner] @ model.pu[person]


def _train_and_estimate(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    model = SVD(random_state=seed, n_epochs=200).fit(data_of(rows).build_full_trainset())
    return [
        model.estimate(model.trainset.to_inner_uid(user), model.trainset.to_inner_iid(product))
        for product in products
    ]


def _article_trains(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    model = SVD(n_epochs=200, random_state=seed)
    cross_validate(model, data_of(rows), cv=5)
    return [model.predict(user, product, clip=False).est for product in products]


def _trains(
    rows_of: Callable[[Any], Any] = list,
    change: Callable[[Any], Any] = list,
    ids: tuple[Callable[[str], Any], Callable[[str], Any]] = (str, str),
    **settings: Any,
) -> Callable[..., Any]:
    """Trains as it should but for one thing."""

    def train(rows: Any, user: str, products: list[str], seed: int) -> Any:
        model = model_of(rows_of(rows), **{"random_state": seed, **settings})
        asked = [(ids[0](user), ids[1](product)) for product in products]
        return change(np.array([model.predict(*one, clip=False).est for one in asked]))

    return train


def _wrong_each_once(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    return _train_and_estimate(rows, user, list(dict.fromkeys(products)), seed)


def _in_32_bits(rows: Any, user: str, products: list[str], seed: int) -> np.ndarray:
    return _train_from_factors(rows, user, products, seed).astype(np.float32)


def _wrong_swapped(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    model = model_of(rows, random_state=seed)
    return [model.predict(product, user, clip=False).est for product in products]


def _wrong_seed_or(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    return _train_and_estimate(rows, user, products, seed or 42)


MODELS: dict[int, SVD] = {}


def _wrong_keeps_models(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    """One model a seed, whatever the rows are later."""
    model = MODELS.setdefault(seed, model_of(rows, random_state=seed))
    return [model.predict(user, product, clip=False).est for product in products]


def _wrong_digits_as_numbers(rows: Any, user: str, products: list[str], seed: int) -> Any:
    """On both sides, so that all known ids stay known."""

    def plain(one: str) -> Any:
        return int(one) if one.isdigit() else one

    plain_rows = [(plain(u), plain(p), rating) for u, p, rating in rows]
    return _train_and_estimate(plain_rows, plain(user), [*map(plain, products)], seed)


def _wrong_shuffled(rows: Any, user: str, products: list[str], seed: int) -> list[float]:
    order = np.random.default_rng(seed).permutation(len(rows))
    return _train_and_estimate([rows[k] for k in order], user, products, seed)


PROOF = Proof(
    task="51.3",
    right=[_train_from_factors, _train_and_estimate, _in_32_bits],
    wrong=[
        Wrong(_article_trains, "has not seen all rows", "E51", silent=True),
        Wrong(_trains(random_state=None), "Two calls with seed=1 differ", "E61", silent=True),
        Wrong(_trains(random_state=0), "seed=1 and seed=2 give the same", silent=True),
        Wrong(_trains(random_state=1), "random_state=seed tells them apart", silent=True),
        Wrong(_trains(ids=(int, int)), "predict(int(user), int(product))", "E52", silent=True),
        Wrong(_trains(ids=(int, str)), "predict(int(user), product)", "E52", silent=True),
        Wrong(_trains(ids=(str, int)), "predict(user, int(product))", "E52", silent=True),
        Wrong(_trains(change=np.ones_like), "All products got the same score", silent=True),
        Wrong(_trains(change=lambda one: one.clip(1, 5)), "It was clipped", "E59", silent=True),
        Wrong(_trains(change=lambda one: one.clip(1)), "cut off at the lower end", silent=True),
        Wrong(_trains(change=lambda one: one.round(2)), "Do not round", silent=True),
        Wrong(_trains(change=lambda one: -np.sort(-one)), "their order is not", silent=True),
        Wrong(_trains(dict.fromkeys), "You leave out rows", silent=True),
        Wrong(
            _trains(lambda rows: {row[:2]: row for row in rows}.values()),
            "You leave out rows that repeat",
            silent=True,
        ),
        Wrong(
            _trains(lambda rows: list({row[:2]: row for row in rows[::-1]}.values())[::-1]),
            "a user and a product; every row counts",
            silent=True,
        ),
        Wrong(_wrong_digits_as_numbers, "seed=0: product '007' must score", silent=True),
        Wrong(_wrong_each_once, "need 81 scores, got 80", silent=True),
        Wrong(_trains(biased=False), "all else as it comes", silent=True),
        Wrong(_trains(sorted), "in another order than theirs", silent=True),
        Wrong(_wrong_swapped, "the user comes first", silent=True),
        Wrong(_wrong_seed_or, "0 is a seed like any other", silent=True),
        Wrong(_wrong_keeps_models, "4.0)], user 'u-9' and seed=1: product 'p-7'", silent=True),
        Wrong(_wrong_shuffled, "on all rows in their order", silent=True),
        Wrong(
            _trains(lambda rows: rows[: len(rows) - (len(rows) > 3)]),
            "You leave out the last row",
            silent=True,
        ),
    ],
)
