"""Recommend from a fitted Surprise model: what the library leaves to its users.

Surprise predicts one rating for one pair. A shop needs the best ``n`` products that a user
has not had, for all users, without clipping, which would tie the best at the top of the
scale.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from surprise import SVD, Trainset

from course_utils.errors import CourseError


@dataclass(frozen=True)
class Recommendation:
    """A list for one user.

    Attributes:
        product_ids: raw ids, best first.
        personal: False where the user is unknown and the list is the shop's most rated.
    """

    product_ids: list[str]
    personal: bool


def score_matrix(algo: SVD) -> np.ndarray:
    """All scores at once: mu + b_u + b_i + p_u . q_i (Koren, Bell and Volinsky 2009, eq. 4).

    Args:
        algo: a fitted Surprise ``SVD``, biased or not.

    Returns:
        Shape (users, products), in the order of inner ids; equal to
        ``algo.predict(user, product, clip=False).est``.

    Raises:
        CourseError: for a model that is not a fitted ``SVD``.
    """
    if not isinstance(algo, SVD) or not hasattr(algo, "qi"):
        raise CourseError(
            "score_matrix needs a fitted surprise.SVD: call algo.fit(data.build_full_trainset())."
        )
    scores = algo.pu @ algo.qi.T
    if algo.biased:
        scores += algo.trainset.global_mean + algo.bu[:, None] + algo.bi[None, :]
    return scores


def seen_mask(trainset: Trainset) -> np.ndarray:
    """True where a user rated a product; shape (users, products), inner ids."""
    seen = np.zeros((trainset.n_users, trainset.n_items), dtype=bool)
    for user, ratings in trainset.ur.items():
        seen[user, [product for product, _ in ratings]] = True
    return seen


def rank(scores: np.ndarray, seen: np.ndarray, n: int) -> np.ndarray:
    """The best ``n`` unseen products of each user.

    Args:
        scores: shape (users, products), or (1, products) where all users share one list.
        seen: booleans, shape (users, products).
        n: how many; at least 1 and at most the number of products.

    Returns:
        Inner product ids, best first, shape (users, n); equal scores stand in the order of
        their ids. -1 where a user has seen all others.
    """
    if not 1 <= n <= seen.shape[1]:
        raise CourseError(f"n must lie between 1 and {seen.shape[1]} products, got {n}.")
    masked = np.where(seen, -np.inf, scores)
    # Sorting only what reaches the n-th best score is ten times faster than sorting all.
    enough = np.partition(masked, -n, axis=1)[:, -n]
    best = np.empty((len(masked), n), dtype=np.intp)
    for user, row in enumerate(masked):
        candidates = np.flatnonzero(row >= enough[user])
        best[user] = candidates[np.argsort(-row[candidates], kind="stable")[:n]]
    return np.where(np.isneginf(np.take_along_axis(masked, best, axis=1)), -1, best)


def top_n(algo: SVD, user_id: str, n: int) -> Recommendation:
    """The best ``n`` products that a user has not rated.

    An unknown user gets the most rated products, and ``personal`` says so.

    Raises:
        CourseError: for a user id that is not text: raw ids from a file are.
    """
    if not isinstance(user_id, str):
        raise CourseError(
            f"User ids are text: write {str(user_id)!r}, not {user_id!r}. "
            "Surprise would take the number for an unknown user."
        )
    trainset = algo.trainset
    seen = seen_mask(trainset)
    try:
        inner = trainset.to_inner_uid(user_id)
    except ValueError:
        best = rank(seen.sum(axis=0)[None, :], np.zeros((1, trainset.n_items), dtype=bool), n)
        return Recommendation([trainset.to_raw_iid(i) for i in best[0]], personal=False)
    best = rank(score_matrix(algo)[[inner]], seen[[inner]], n)
    return Recommendation([trainset.to_raw_iid(i) for i in best[0] if i >= 0], personal=True)


def hide_last(ratings: pd.DataFrame, n: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split by time, for each user: the history, and the last ``n`` ratings, hidden.

    Args:
        ratings: columns user_id, product_id, rating, timestamp.
        n: 1 or more; a user with no more than ``n`` ratings keeps no history.
    """
    by_time = ratings.sort_values("timestamp", kind="stable")
    hidden = by_time.groupby("user_id").tail(n)
    return by_time.drop(hidden.index), hidden


def popularity(trainset: Trainset) -> np.ndarray:
    """How often each product was rated, as scores: shape (users, products), equal rows."""
    return np.tile(seen_mask(trainset).sum(axis=0), (trainset.n_users, 1))


def lists_of(trainset: Trainset, scores: np.ndarray, n: int) -> dict[str, list[str]]:
    """The best ``n`` unseen products of every user, as raw ids: {user: products}.

    Args:
        trainset: whose inner ids the scores follow.
        scores: shape (users, products).
        n: as ``rank``.
    """
    best = rank(scores, seen_mask(trainset), n)
    products = np.array([trainset.to_raw_iid(item) for item in range(trainset.n_items)])
    return {
        trainset.to_raw_uid(user): products[row[row >= 0]].tolist() for user, row in enumerate(best)
    }


def judge(
    lists: Mapping[str, Sequence[str]], hidden: pd.DataFrame, metric: Callable[..., float], k: int
) -> float:
    """A ranking metric of ``course_utils.metrics`` over the users of ``hidden``.

    Args:
        lists: {user: products, best first}.
        hidden: columns user_id, product_id; what the lists should find.
        metric: for instance ``ndcg_at_k``.
        k: places that count.
    """
    wanted: Any = hidden.groupby("user_id")["product_id"].agg(set)
    return metric([lists[user] for user in wanted.index], list(wanted), k)
