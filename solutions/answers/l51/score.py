"""Task 51.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from surprise import SVD

from answers import Proof, Wrong


def _score_by_trainset(algo: SVD, user: str, product: str) -> float:
    for one in (user, product):
        if not isinstance(one, str):
            raise TypeError(f"ids are strings, got {one!r}")
    users, products = algo.trainset._raw2inner_id_users, algo.trainset._raw2inner_id_items
    u, i = users[user], products[product]
    return algo.trainset.global_mean + algo.bu[u] + algo.bi[i] + float(algo.pu[u] @ algo.qi[i])


def _score_by_details(algo: SVD, user: str, product: str) -> np.float64:
    if type(user) is not str or type(product) is not str:
        raise TypeError("ids are strings")
    try:
        algo.trainset.to_inner_uid(user)
        algo.trainset.to_inner_iid(product)
    except ValueError as error:
        raise KeyError(str(error)) from None
    return np.float64(algo.predict(user, product, clip=False).est)


def _require_text(user: Any, product: Any) -> None:
    if not isinstance(user, str) or not isinstance(product, str):
        raise TypeError("ids are strings")


def _article_scores(algo: SVD, user: Any, product: Any) -> float:
    return algo.predict(user, product, clip=False).est


def _wrong_converts_ids(algo: SVD, user: Any, product: Any) -> float:
    return _score_by_details(algo, str(user), str(product))


def _wrong_rejects_int_only(algo: SVD, user: Any, product: Any) -> float:
    if type(user) is int or type(product) is int:
        raise TypeError
    return _score_by_details(algo, str(user), str(product))


def _wrong_looks_up_first(algo: SVD, user: Any, product: Any) -> float:
    if user not in algo.trainset._raw2inner_id_users and isinstance(user, str):
        raise KeyError(user)
    return _score_by_trainset(algo, user, product)


def _wrong_unknown_user_gets_mean(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    algo.trainset._raw2inner_id_items[product]
    return algo.predict(user, product, clip=False).est


def _wrong_unknown_product_unnoticed(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    algo.trainset._raw2inner_id_users[user]
    return algo.predict(user, product, clip=False).est


def _wrong_one_set_of_ids(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    known = {**algo.trainset._raw2inner_id_users, **algo.trainset._raw2inner_id_items}
    known[user], known[product]
    return algo.predict(user, product, clip=False).est


def _wrong_knows_user(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    if not algo.trainset.knows_user(user) or not algo.trainset.knows_item(product):
        raise KeyError("unknown")
    return algo.predict(user, product, clip=False).est


def _wrong_swapped(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    return algo.predict(product, user, clip=False).est


def _wrong_reads_numbers(algo: SVD, user: Any, product: Any) -> float:
    """int(" 1001"), and of digits of any script, is 1001."""
    _require_text(user, product)
    clean = [
        str(int(one)) if one.strip().isdigit() and one[0] != "0" else one
        for one in (user or "?", product)
    ]
    return float(_score_by_details(algo, clean[0], clean[1]))


def _wrong_digits_only(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    if not user.isdigit() or not product.isdigit():
        raise KeyError(product)
    return float(_score_by_details(algo, user, product))


def _wrong_user_among_products(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    known = algo.trainset._raw2inner_id_items
    known[user], known[product]
    return algo.predict(user, product, clip=False).est


def _ratings_of(algo: SVD, user: str) -> dict[str, float]:
    trainset = algo.trainset
    rated = trainset.ur[trainset.to_inner_uid(user)]
    return {trainset.to_raw_iid(item): rating for item, rating in rated}


def _wrong_rating_itself(algo: SVD, user: Any, product: Any) -> float:
    """A known rating needs no prediction, it seems."""
    predicted = float(_score_by_details(algo, user, product))
    return _ratings_of(algo, user).get(product, predicted)


def _wrong_rated_unknown(algo: SVD, user: Any, product: Any) -> float:
    predicted = float(_score_by_details(algo, user, product))
    if product in _ratings_of(algo, user):
        raise KeyError(product)
    return predicted


def _wrong_mean_for_unknown(algo: SVD, user: Any, product: Any) -> float:
    try:
        return float(_score_by_details(algo, user, product))
    except KeyError:
        return algo.trainset.global_mean


SCORES: dict[tuple[str, str], float] = {}


def _wrong_keeps_scores(algo: SVD, user: Any, product: Any) -> float:
    """One score a pair, whatever the model is later."""
    return SCORES.setdefault((user, product), float(_score_by_details(algo, user, product)))


def _wrong_zeros_added(algo: SVD, user: Any, product: Any) -> float:
    _require_text(user, product)
    known = algo.trainset._raw2inner_id_items
    return float(_score_by_details(algo, user, product if product in known else product.zfill(4)))


def _wrong_inner_ids(algo: SVD, user: Any, product: Any) -> float:
    """Where the id is unknown it is taken for an inner one."""
    _require_text(user, product)
    if user not in algo.trainset._raw2inner_id_users and user.isdigit() and int(user) < 12:
        user = algo.trainset.to_raw_uid(int(user))
    return float(_score_by_details(algo, user, product))


def _scores(change: Callable[[float], float]) -> Callable[[SVD, str, str], float]:
    """Scores as it should, then changes the score."""

    def score(algo: SVD, user: str, product: str) -> float:
        return change(float(_score_by_details(algo, user, product)))

    return score


PROOF = Proof(
    task="51.2",
    right=[_score_by_trainset, _score_by_details],
    wrong=[
        Wrong(
            _article_scores,
            "what the library says of any unseen id. An id that is not a string",
            "E52",
            silent=True,
        ),
        Wrong(_wrong_converts_ids, "must raise a TypeError; yours returned float", silent=True),
        Wrong(_wrong_rejects_int_only, "np.int64(1001), '3') must raise", silent=True),
        Wrong(_wrong_looks_up_first, "before you look them up"),
        Wrong(_wrong_unknown_user_gets_mean, "The user is unknown", "E62", silent=True),
        Wrong(_wrong_unknown_product_unnoticed, "The product is unknown", silent=True),
        Wrong(_wrong_mean_for_unknown, "218, the mean of all ratings", "E62", silent=True),
        Wrong(_wrong_knows_user, "knows_user and knows_item want inner ids"),
        Wrong(_wrong_user_among_products, "Look the user up among the users"),
        Wrong(_wrong_digits_only, "Ids may hold letters and zeros in front"),
        Wrong(_wrong_rated_unknown, "The user has rated the product"),
        Wrong(_wrong_rating_itself, "That is the rating itself", silent=True),
        Wrong(_wrong_keeps_scores, "For another model with the same ids", silent=True),
        Wrong(_wrong_one_set_of_ids, "the user as a product", silent=True),
        Wrong(
            _scores(lambda one: min(max(one, 1), 5)),
            "cut off at the end of the scale",
            "E59",
            silent=True,
        ),
        Wrong(_scores(lambda one: max(one, 1)), "cut off at the lower end", silent=True),
        Wrong(_wrong_reads_numbers, "score(algo, ' 1001', '3') must raise a KeyError", silent=True),
        Wrong(_wrong_zeros_added, "score(algo, '1001', '20') must raise", silent=True),
        Wrong(_wrong_inner_ids, "score(algo, '0', '3') must raise a KeyError", silent=True),
        Wrong(_wrong_swapped, "That is the mean of all ratings", silent=True),
        Wrong(_scores(lambda one: round(one, 1)), "Do not round", silent=True),
        Wrong(_scores(lambda one: round(one, 4)), "Do not round.", silent=True),
    ],
)
