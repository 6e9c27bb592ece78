"""Scores become lists: what Surprise leaves to its users.

Surprise predicts one rating for one pair. A shop needs the best ``n`` products that a user
has not had, for all users, without clipping, which would tie the best at the top of the
scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
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


ALL = slice(None)
BLOCK = 1024
"""Users scored at a time where all are asked for: memory stays the same for any number."""


def score_matrix(algo: SVD, users: slice = ALL) -> np.ndarray:
    """All scores at once: mu + b_u + b_i + p_u . q_i (Koren, Bell and Volinsky 2009, eq. 4).

    Args:
        algo: a fitted Surprise ``SVD``, biased or not.
        users: which inner user ids.

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
    scores = algo.pu[users] @ algo.qi.T
    if algo.biased:
        scores += algo.trainset.global_mean + algo.bu[users, None] + algo.bi[None, :]
    return scores


def seen_mask(trainset: Trainset, users: slice = ALL) -> np.ndarray:
    """True where a user rated a product; shape (users, products), inner ids."""
    inner = range(*users.indices(trainset.n_users))
    seen = np.zeros((len(inner), trainset.n_items), dtype=bool)
    for row, user in enumerate(inner):
        seen[row, [product for product, _ in trainset.ur[user]]] = True
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
    try:
        inner = trainset.to_inner_uid(user_id)
    except ValueError:
        counts = np.array([[len(trainset.ir[item]) for item in trainset.all_items()]])
        best = rank(counts, np.zeros(counts.shape, dtype=bool), n)
        return Recommendation([trainset.to_raw_iid(i) for i in best[0]], personal=False)
    one = slice(inner, inner + 1)
    best = rank(score_matrix(algo, one), seen_mask(trainset, one), n)
    return Recommendation([trainset.to_raw_iid(i) for i in best[0] if i >= 0], personal=True)


def top_n_for_all(algo: SVD, n: int) -> dict[str, list[str]]:
    """The best ``n`` products that each user of the trainset has not rated, as raw ids.

    Args:
        algo: a fitted Surprise ``SVD``.
        n: as ``rank``.
    """
    trainset = algo.trainset
    lists: dict[str, list[str]] = {}
    for start in range(0, trainset.n_users, BLOCK):
        users = slice(start, min(start + BLOCK, trainset.n_users))
        best = rank(score_matrix(algo, users), seen_mask(trainset, users), n)
        lists |= _as_raw_ids(trainset, start, best)
    return lists


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
    return _as_raw_ids(trainset, 0, rank(scores, seen_mask(trainset), n))


def _as_raw_ids(trainset: Trainset, first_user: int, best: np.ndarray) -> dict[str, list[str]]:
    products = np.array([trainset.to_raw_iid(item) for item in range(trainset.n_items)])
    return {
        trainset.to_raw_uid(user): products[row[row >= 0]].tolist()
        for user, row in enumerate(best, start=first_user)
    }
