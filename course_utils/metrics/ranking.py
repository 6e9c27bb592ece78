"""How good is an order? Thin, on scikit-learn where it has the metric."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats
from sklearn import metrics as sk

from course_utils.errors import CourseError
from course_utils.metrics.inputs import labels_and_scores


def auc(labels: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """Area under the ROC curve: the chance that a positive is scored above a negative.

    Args:
        labels: 0 or 1, ``[n]``, both present.
        scores: any numbers, ``[n]``; only their order matters, ties count half.
    """
    y, s = labels_and_scores(labels, scores)
    if np.unique(y).size < 2:
        raise CourseError(f"AUC needs both labels, 0 and 1; all {y.size} are {y[0]:g}.")
    return float(sk.roc_auc_score(y, s))


def user_auc(labels: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """AUC of each user, averaged over users who have both labels (GAUC with equal weights).

    Args:
        labels: 0 or 1, shape (users, products).
        scores: any numbers, the same shape; ties count half.
    """
    y, s = np.asarray(labels, dtype=float), np.asarray(scores, dtype=float)
    if y.ndim != 2 or y.shape != s.shape:
        raise CourseError(
            "Labels and scores must be two tables of the same shape (users, products): got "
            f"{y.shape} and {s.shape}."
        )
    labels_and_scores(y.ravel(), s.ravel())
    both = (y.min(axis=1) == 0) & (y.max(axis=1) == 1)
    if not both.any():
        raise CourseError("AUC needs both labels, 0 and 1; no user has both.")
    y, s = y[both], s[both]
    positives = y.sum(axis=1)
    pairs = positives * (y.shape[1] - positives)
    # The rank sum of the positives counts the negatives below each (Mann and Whitney 1947).
    rank_sum = (stats.rankdata(s, axis=1) * y).sum(axis=1)
    return float(np.mean((rank_sum - positives * (positives + 1) / 2) / pairs))


def gauc(labels: npt.ArrayLike, scores: npt.ArrayLike, groups: npt.ArrayLike) -> float:
    """Group AUC: the AUC within each group, weighted by the group's rows.

    sum_g n_g AUC_g / sum_g n_g, over groups with both labels; the others say nothing of order.
    Zhu et al., Optimized Cost per Click in Taobao Display Advertising, KDD 2017, equation 9:
    there a group is a user at one place for an ad, and weights are impressions or clicks. Here
    a group is what ``groups`` says, often the user alone, and weights are its rows.

    Args:
        labels: 0 or 1, ``[n]``.
        scores: any numbers, ``[n]``; ties count half.
        groups: the group of each row, ``[n]``: any values that can be sorted.
    """
    y, s = labels_and_scores(labels, scores)
    group = np.asarray(groups)
    if group.shape != y.shape:
        raise CourseError(f"GAUC needs a group for each row: got {group.shape} for {y.shape}.")
    order = np.lexsort((s, group))
    y, s, group = y[order], s[order], group[order]
    new_group = np.append(True, group[1:] != group[:-1])
    starts = np.flatnonzero(new_group)
    rows = np.diff(np.append(starts, len(y)))
    positives = np.add.reduceat(y, starts)
    both = (positives > 0) & (positives < rows)
    if not both.any():
        raise CourseError("GAUC needs a group with both labels, 0 and 1; none has both.")
    # Ties share the mean of their places, 1, 2, ... within the group.
    ties = np.flatnonzero(new_group | np.append(True, s[1:] != s[:-1]))
    sizes = np.diff(np.append(ties, len(y)))
    ranks = np.repeat(ties + (sizes + 1) / 2, sizes) - np.repeat(starts, rows)
    n, n_1 = rows[both], positives[both]
    # The rank sum of the positives counts the negatives below each (Mann and Whitney 1947).
    rank_sum = np.add.reduceat(y * ranks, starts)[both]
    aucs = (rank_sum - n_1 * (n_1 + 1) / 2) / (n_1 * (n - n_1))
    return float(np.average(aucs, weights=n))


Ranked = Sequence[Sequence[Hashable]]
Relevant = Sequence[Collection[Hashable]]


def hit_rate_at_k(ranked: Ranked, relevant: Relevant, k: int) -> float:
    """Share of users with at least one relevant product among their first k.

    Args:
        ranked: per user, product ids from best to worst, none twice.
        relevant: per user, the ids that count; not empty.
        k: 1 or more.
    """
    return float(np.mean([hits.any() for hits, _ in _hits(ranked, relevant, k)]))


def recall_at_k(ranked: Ranked, relevant: Relevant, k: int) -> float:
    """Share of a user's relevant products that stand among the first k, averaged over users.

    Arguments as ``hit_rate_at_k``.
    """
    return float(np.mean([hits.sum() / total for hits, total in _hits(ranked, relevant, k)]))


def ndcg_at_k(ranked: Ranked, relevant: Relevant, k: int) -> float:
    """Normalised discounted cumulative gain with binary relevance, averaged over users.

    A hit at place 1, 2, 3, ... earns 1 / log2(place + 1); the sum is divided by what the
    best possible list of k earns. Arguments as ``hit_rate_at_k``.
    """
    gains = 1.0 / np.log2(np.arange(2, k + 2))
    return float(
        np.mean(
            [
                hits @ gains[: hits.size] / gains[: min(k, total)].sum()
                for hits, total in _hits(ranked, relevant, k)
            ]
        )
    )


def _hits(ranked: Ranked, relevant: Relevant, k: int) -> list[tuple[np.ndarray, int]]:
    """Per user: which of the first k places are hits, and how many relevant ids there are."""
    if k < 1:
        raise CourseError(f"k must be 1 or more, got {k}.")
    if len(ranked) != len(relevant) or len(ranked) == 0:
        raise CourseError(
            f"One ranked list and one set of relevant ids per user: got {len(ranked)} lists "
            f"and {len(relevant)} sets."
        )
    result = []
    for user, (products, wanted) in enumerate(zip(ranked, relevant, strict=True)):
        top, wanted = list(products)[:k], set(wanted)
        if not wanted:
            raise CourseError(f"User {user} has no relevant product: leave such users out.")
        if len(set(top)) < len(top):
            raise CourseError(f"The ranked list of user {user} holds a product twice.")
        result.append((np.array([product in wanted for product in top], dtype=float), len(wanted)))
    return result
