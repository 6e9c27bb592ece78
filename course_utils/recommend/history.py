"""Who did what when: repeats removed, the past split from what comes after, lists judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd


def latest(ratings: pd.DataFrame) -> pd.DataFrame:
    """One row for each user and product: the last by time, of equal times the last in order.

    Args:
        ratings: columns user_id, product_id, timestamp, and any others.

    Returns:
        The rows kept, by time; equal times stay in the order of the table.
    """
    by_time = ratings.sort_values("timestamp", kind="stable")
    return by_time.drop_duplicates(["user_id", "product_id"], keep="last")


def hide_last(ratings: pd.DataFrame, n: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split by time, for each user: the history, and the last ``n`` ratings, hidden.

    Args:
        ratings: columns user_id, product_id, rating, timestamp.
        n: 1 or more. Of a user with ``n`` ratings or fewer nothing is hidden.
    """
    by_time = ratings.sort_values("timestamp", kind="stable")
    users = by_time.groupby("user_id")["user_id"]
    from_the_end = users.cumcount(ascending=False)
    hidden = (from_the_end < n) & (users.transform("size") > n)
    return by_time[~hidden], by_time[hidden]


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
