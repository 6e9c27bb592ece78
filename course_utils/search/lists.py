"""Scores become lists; lists are fused; lists are judged by grades."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_utils.errors import CourseError

NOTHING = -1
"""An empty position in a list."""


def best(scores: np.ndarray, k: int) -> np.ndarray:
    """Columns of the k best scores of each row; only what scores above 0 is found.

    Args:
        scores: shape (queries, products).

    Returns:
        Shape (queries, k), best first, equal scores by column; ``NOTHING`` where a list ends.
    """
    k = min(k, scores.shape[1])
    found = np.full((len(scores), k), NOTHING)
    for row, its in enumerate(scores):
        at = np.flatnonzero(its > 0)
        if len(at) > k:
            at = at[its[at] >= np.partition(its[at], len(at) - k)[len(at) - k]]
        at = at[np.argsort(-its[at], kind="stable")][:k]
        found[row, : len(at)] = at
    return found


def _largest(values: np.ndarray, k: int) -> np.ndarray:
    """The k largest of each row, in no order; faster than to sort whole rows."""
    return np.partition(values, values.shape[1] - k, axis=1)[:, -k:]


def fuse(
    rankings: Sequence[np.ndarray], n_products: int, k: int, weights: Sequence[float] | None = None
) -> np.ndarray:
    """Reciprocal rank fusion (Cormack, Clarke and Buettcher 2009), as scores.

    score(d) = sum over the rankings that hold d of weight / (k + position of d), positions from 1

    Args:
        rankings: arrays as ``best`` returns, one row a query.
        n_products: columns of the result.
        k: 1 or more; the larger, the less the first positions stand out.
        weights: one a ranking; without them each has 1, as in the paper.

    Returns:
        Shape (queries, n_products); 0 for what no ranking holds.
    """
    scores = np.zeros((len(rankings[0]), n_products))
    for ranking, weight in zip(rankings, weights or [1.0] * len(rankings), strict=True):
        row, position = np.nonzero(ranking != NOTHING)
        scores[row, ranking[row, position]] += weight / (k + position + 1)
    return np.round(scores, 9)


def ndcg_by_query(grades: np.ndarray, lists: np.ndarray) -> np.ndarray:
    """NDCG with graded relevance, at the length of the lists, ``[queries]``.

    A product of grade g at position i earns (2^g - 1) / log2(i + 1) (Burges et al. 2005); the
    sum is divided by that of the best list there is. An empty position earns nothing.

    Args:
        grades: 0, 1, 2 ..., shape (queries, products); each row with one above 0.
        lists: as ``best`` returns, shape (queries, k).

    Raises:
        CourseError: if a query has no product above grade 0.
    """
    k = lists.shape[1]
    worth = 1.0 / np.log2(np.arange(2, k + 2))
    top = np.sort(_largest(grades, min(k, grades.shape[1])), axis=1)[:, ::-1]
    if not (top[:, 0] > 0).all():
        bad = int(np.argmin(top[:, 0] > 0))
        raise CourseError(f"Query {bad} has no product above grade 0: leave such queries out.")
    shown = np.take_along_axis(grades, np.maximum(lists, 0), axis=1) * (lists != NOTHING)
    return ((2.0**shown - 1.0) @ worth) / ((2.0**top - 1.0) @ worth[: top.shape[1]])
