"""Task 51.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from surprise import SVD

from answers import Proof, Wrong
from course_utils.exercises.l51.ranking import all_scored, rated_by, unrated


def _top_by_matrix(algo: SVD, user: str, n: int) -> list[str]:
    inner = algo.trainset.to_inner_uid(user)
    scores = algo.bi + algo.qi @ algo.pu[inner]
    scores[[item for item, _ in algo.trainset.ur[inner]]] = -np.inf
    best = [item for item in np.argsort(-scores) if scores[item] > -np.inf]
    return [algo.trainset.to_raw_iid(item) for item in best[:n]]


def _top_by_anti_testset(algo: SVD, user: str, n: int) -> tuple[str, ...]:
    pairs = [pair for pair in algo.trainset.build_anti_testset() if pair[0] == user]
    scored = [algo.predict(u, i, clip=False) for u, i, _ in pairs]
    return tuple(one.iid for one in sorted(scored, key=lambda one: one.est, reverse=True)[:n])


def _article_recommends(algo: SVD, user: str, n: int) -> Any:
    return algo.predict(user, n)


def _article_recommends_in_a_list(algo: SVD, user: str, n: int) -> Any:
    return [algo.predict(user, str(n))]


def _wrong_keeps_rated(algo: SVD, user: str, n: int) -> list[str]:
    return [p for _, p in sorted(all_scored(algo, user), key=lambda one: -one[0])[:n]]


def _wrong_worst_first(algo: SVD, user: str, n: int) -> list[str]:
    return [p for _, p in sorted(unrated(algo, user))[:n]]


def _wrong_cut_first(algo: SVD, user: str, n: int) -> list[str]:
    rated = rated_by(algo, user)
    return [p for p in _wrong_keeps_rated(algo, user, n) if p not in rated]


def _wrong_clip_ties(algo: SVD, user: str, n: int) -> list[str]:
    unseen = unrated(algo, user, clip=True)
    return [p for _, p in sorted(unseen, key=lambda one: -one[0])[:n]]


def _wrong_predictions(algo: SVD, user: str, n: int) -> list[Any]:
    return [algo.predict(user, product) for product in _top_by_matrix(algo, user, n)]


def _wrong_pairs(algo: SVD, user: str, n: int) -> list[Any]:
    return sorted(unrated(algo, user), reverse=True)[:n]


def _wrong_reversed(algo: SVD, user: str, n: int) -> list[str]:
    return _top_by_matrix(algo, user, n)[::-1]


def _wrong_inner_ids(algo: SVD, user: str, n: int) -> list[int]:
    return [algo.trainset.to_inner_iid(product) for product in _top_by_matrix(algo, user, n)]


def _wrong_padded(algo: SVD, user: str, n: int) -> list[str]:
    """What is rated scores -inf, and stays."""
    inner = algo.trainset.to_inner_uid(user)
    scores = algo.bi + algo.qi @ algo.pu[inner]
    scores[[item for item, _ in algo.trainset.ur[inner]]] = -np.inf
    return [algo.trainset.to_raw_iid(item) for item in np.argsort(-scores)[:n]]


def _predicts(ids: Callable[[Any, str, str], tuple[Any, Any]]) -> Callable[[SVD, str, int], Any]:
    """Asks predict for other ids, made of the trainset, the user and the product."""

    def top_n(algo: SVD, user: str, n: int) -> list[str]:
        left = [product for _, product in unrated(algo, user)]
        left.sort(key=lambda one: -algo.predict(*ids(algo.trainset, user, one), clip=False).est)
        return left[:n]

    return top_n


def _wrong_no_cut(algo: SVD, user: str, n: int) -> list[str]:
    return _top_by_matrix(algo, user, 10_000)


def _wrong_missing_id(algo: SVD, user: str, n: int) -> list[Any]:
    return [*_top_by_matrix(algo, user, n)[:-1], pd.NA]


def _wrong_popular(algo: SVD, user: str, n: int) -> list[str]:
    counts = {algo.trainset.to_raw_iid(i): len(r) for i, r in algo.trainset.ir.items()}
    return sorted((p for _, p in unrated(algo, user)), key=lambda p: -counts[p])[:n]


def _wrong_rounded(algo: SVD, user: str, n: int) -> list[str]:
    scored = [(round(score, 3), product) for score, product in unrated(algo, user)]
    return [product for _, product in sorted(scored, reverse=True)[:n]]


def _wrong_keeps_disliked(algo: SVD, user: str, n: int) -> list[str]:
    """Leaves out what was rated 4 or 5."""
    known = algo.trainset
    liked = {known.to_raw_iid(i) for i, r in known.ur[known.to_inner_uid(user)] if r >= 4}
    scored = [one for one in all_scored(algo, user) if one[1] not in liked]
    return [product for _, product in sorted(scored, reverse=True)[:n]]


def _wrong_liked_only(algo: SVD, user: str, n: int) -> list[str]:
    """Nothing that the model gives less than 3 stars."""
    scored = [one for one in unrated(algo, user) if one[0] >= 3]
    return [product for _, product in sorted(scored, reverse=True)[:n]]


def _ranks_by(score: Callable[[Any, int, int], Any]) -> Callable[[SVD, str, int], Any]:
    """Another score, of the model and two inner ids."""

    def top_n(algo: SVD, user: str, n: int) -> list[str]:
        inner = algo.trainset.to_inner_iid
        at = algo.trainset.to_inner_uid(user)
        left = [product for _, product in unrated(algo, user)]
        return sorted(left, key=lambda one: score(algo, at, inner(one)), reverse=True)[:n]

    return top_n


BEST: dict[str, list[str]] = {}


def _wrong_keeps_lists(algo: SVD, user: str, n: int) -> list[str]:
    """One list a user, whatever n is later."""
    return BEST.setdefault(user, _top_by_matrix(algo, user, n))


ORDER: dict[str, list[str]] = {}


def _wrong_keeps_order(algo: SVD, user: str, n: int) -> list[str]:
    """One order a user, whatever the model is later."""
    return ORDER.setdefault(user, _top_by_matrix(algo, user, 10_000))[:n]


def _wrong_by_score(algo: SVD, user: str, n: int) -> list[str]:
    """Score -> product: of equal scores one product is left."""
    products = dict(unrated(algo, user))
    return [products[score] for score in sorted(products, reverse=True)[:n]]


def _wrong_counts_ratings(algo: SVD, user: str, n: int) -> list[str]:
    """Cut at the products less the ratings of the user, who may have rated one twice."""
    rated = algo.trainset.ur[algo.trainset.to_inner_uid(user)]
    return _top_by_matrix(algo, user, n)[: algo.trainset.n_items - len(rated)]


def _wrong_below_one(algo: SVD, user: str, n: int) -> list[str]:
    """The order is right down to 1, not by clipping."""
    scored = [(s if s >= 1 else -len(p), p) for s, p in unrated(algo, user)]
    return [product for _, product in sorted(scored, reverse=True)[:n]]


PROOF = Proof(
    task="51.1",
    right=[_top_by_matrix, _top_by_anti_testset],
    wrong=[
        Wrong(_article_recommends, "gave one Prediction", "E53", silent=True),
        Wrong(_article_recommends_in_a_list, "about one product", "E53", silent=True),
        Wrong(_wrong_predictions, "Its field iid is the id", silent=True),
        Wrong(_wrong_pairs, "Return the ids alone", silent=True),
        Wrong(_wrong_missing_id, "it holds NAType", silent=True),
        Wrong(_wrong_keeps_rated, "raw ids compared with inner ids", "E54", silent=True),
        Wrong(_wrong_keeps_disliked, "not only what was rated high", "E54", silent=True),
        Wrong(_wrong_liked_only, "products with a low score", silent=True),
        *(
            Wrong(_ranks_by(score), says, silent=True)
            for says, score in {
                "the bias of the product belongs": lambda algo, u, i: algo.pu[u] @ algo.qi[i],
                "it is added": lambda algo, u, i: algo.pu[u] @ algo.qi[i] - algo.bi[i],
                "the angle between": lambda algo, u, i: (
                    algo.pu[u] @ algo.qi[i] / np.sqrt(algo.qi[i] @ algo.qi[i])
                ),
                "by the mean rating": lambda algo, u, i: np.mean(
                    [stars for _, stars in algo.trainset.ir[i]]
                ),
                "many are equal then": lambda algo, u, i: round(algo.estimate(u, i), 1),
            }.items()
        ),
        Wrong(_wrong_padded, "products are left: return", silent=True),
        Wrong(
            _predicts(lambda known, user, product: (known.to_inner_uid(user), product)),
            "does predict get the raw id of the user",
            "E52",
            silent=True,
        ),
        Wrong(
            _predicts(lambda known, user, product: (user, known.to_inner_iid(product))),
            "what predict says of inner ids",
            silent=True,
        ),
        Wrong(
            _predicts(lambda known, user, product: (user, str(known.to_inner_iid(product)))),
            "the inner id as text",
            "E52",
            silent=True,
        ),
        Wrong(
            lambda algo, user, n: sorted(p for _, p in unrated(algo, user))[:n],
            "stand in the order of their ids",
            silent=True,
        ),
        Wrong(_wrong_worst_first, "begins with the worst", silent=True),
        Wrong(_wrong_reversed, "the worst of them comes first", silent=True),
        Wrong(_wrong_cut_first, "cut afterwards", silent=True),
        Wrong(
            lambda algo, user, n: _top_by_matrix(algo, user, n - 1), "You cut at n - 1", silent=True
        ),
        Wrong(_wrong_rounded, "Do you round before you sort?", silent=True),
        Wrong(_wrong_keeps_lists, "'1001', 4) must hold 4 products, got 1.", silent=True),
        Wrong(_wrong_clip_ties, "clipping made them equal", "E59", silent=True),
        Wrong(_wrong_below_one, "clipping makes equal: do you use clip=False?", silent=True),
        Wrong(_wrong_keeps_order, "Keep nothing from one call to the next.", silent=True),
        Wrong(_wrong_by_score, "scores are all equal", silent=True),
        Wrong(_wrong_counts_ratings, "must hold 2 products, got 1.", silent=True),
        Wrong(
            lambda algo, user, n: _top_by_matrix(algo, user, n) or None,
            "For other inputs you return a value",
        ),
        Wrong(_wrong_inner_ids, "inner id", silent=True),
        Wrong(_wrong_no_cut, "at most", silent=True),
        Wrong(_wrong_popular, "by how many rated", silent=True),
        Wrong(
            _ranks_by(lambda algo, u, i: -abs(algo.estimate(u, i) - 3)),
            "not '2' (score",
            silent=True,
        ),
    ],
)
