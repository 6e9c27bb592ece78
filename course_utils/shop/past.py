"""What a customer did before each row of the log: columns that a model may read.

A row of time t, when its list was shown, sees what happened before t and nothing else. A purchase
that comes two days after its click is known when it happens, not when its row was shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from course_utils.shop.events import click_seconds, purchase_seconds

SECONDS_A_DAY = 86_400.0


@dataclass(frozen=True)
class Happened:
    """Events of one sort, ``[m]`` each: user and product (numbers), time (unix seconds)."""

    user: np.ndarray
    product: np.ndarray
    time: np.ndarray

    def take(self, rows: np.ndarray) -> Happened:
        """Some of the events."""
        return Happened(self.user[rows], self.product[rows], self.time[rows])


def make_past(
    log: pd.DataFrame, purchases: pd.DataFrame, products: pd.DataFrame, k: int, by_category: bool
) -> pd.DataFrame:
    """The past of each row; arguments and columns: ``Shop.past``.

    Args:
        log: rows of the log, complete from its start.
        purchases: those of the year before; products: the product table.
        k, by_category: see there.
    """
    category = products["category"].cat.codes.to_numpy()
    names = list(products["category"].cat.categories)
    rows, kinds = _happened(log, purchases, pd.Index(products["product_id"]))
    n_products, n_categories = len(products), len(names)
    columns: dict[str, np.ndarray] = {}
    for kind, events in kinds.items():
        events = events.take(np.argsort(events.time, kind="stable"))
        order, start, end = _before(events.user, events.time, rows.user, rows.time)
        columns[kind] = end - start
        for what, n, of in (
            ("category", n_categories, category),
            ("product", n_products, np.arange(n_products)),
        ):
            _, first, last = _before(
                events.user * n + of[events.product],
                events.time,
                rows.user * n + of[rows.product],
                rows.time,
            )
            columns[f"{kind}_of_{what}"] = last - first
        mine = events.take(order)
        if by_category:
            counts = _counts(category[mine.product], start, end, n_categories)
            columns |= {f"{kind}_of_{name}": counts[:, at] for at, name in enumerate(names)}
        if kind != "views":
            one = kind[:-1]
            columns[f"days_since_{one}"] = _days_since(mine.time, start, end, rows.time)
            ids = products["product_id"].astype(object).to_numpy()
            columns[f"last_{kind}"] = _last(ids[mine.product], start, end, k)
    return pd.DataFrame(columns, index=log.index)


def _happened(
    log: pd.DataFrame, purchases: pd.DataFrame, product_ids: pd.Index
) -> tuple[Happened, dict[str, Happened]]:
    """The rows of the log, and the events of each kind."""
    users, _ = pd.factorize(pd.concat([log["user_id"], purchases["user_id"]], ignore_index=True))
    user, buyer = np.split(users, [len(log)])
    rows = Happened(user, product_ids.get_indexer(log["product_id"]), log["timestamp"].to_numpy())
    clicked, bought = (np.flatnonzero(log[name] == 1) for name in ("click", "purchase"))
    click_at = rows.time + click_seconds(log["position"]).to_numpy()
    delay = purchase_seconds(log["hours_to_purchase"].iloc[bought]).to_numpy()
    kinds = {
        "views": rows,
        "clicks": Happened(rows.user[clicked], rows.product[clicked], click_at[clicked]),
        "purchases": Happened(
            np.append(buyer, rows.user[bought]),
            np.append(product_ids.get_indexer(purchases["product_id"]), rows.product[bought]),
            np.append(purchases["timestamp"].to_numpy(), click_at[bought] + delay),
        ),
    }
    return rows, kinds


def _before(
    group: np.ndarray, time: np.ndarray, of_group: np.ndarray, t: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The events of a group before a time.

    Args:
        group, time: ``[m]`` of events, by time; of_group, t: ``[n]`` of rows.

    Returns:
        ``[m]``, the order of the events by group and time; in it, ``[n]`` twice, those of a row
        begin at the first number and end before the second.
    """
    order = np.argsort(group, kind="stable")
    # One number for both: the group first, then the time.
    span = int(max(time.max(initial=0), t.max(initial=0))) + 1
    key = group[order] * span + time[order]
    start = np.searchsorted(key, of_group * span)
    return order, start, np.searchsorted(key, of_group * span + t)


def _counts(category: np.ndarray, start: np.ndarray, end: np.ndarray, n: int) -> np.ndarray:
    """How many of the events from start to end are of each category, ``[rows, n]``."""
    total = np.zeros((len(category) + 1, n), dtype=np.int32)
    total[np.arange(1, len(category) + 1), category] = 1
    total = total.cumsum(axis=0, dtype=np.int32)
    return total[end] - total[start]


def _days_since(time: np.ndarray, start: np.ndarray, end: np.ndarray, t: np.ndarray) -> np.ndarray:
    """From the last event to the row, nan where there was none."""
    days = np.full(len(t), np.nan)
    some = np.flatnonzero(end > start)
    days[some] = (t[some] - time[end[some] - 1]) / SECONDS_A_DAY
    return np.round(days, 4)


def _last(ids: np.ndarray, start: np.ndarray, end: np.ndarray, k: int) -> np.ndarray:
    """The products of the last k events, the newest first; fewer where there were fewer.

    Returns:
        ``[n]`` tuples. The rows of a list have one past, so one tuple serves them all.
    """
    new = np.ones(len(end), dtype=bool)
    new[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    start, end = start[new], end[new]
    place = np.maximum(end[:, None] - 1 - np.arange(k), 0)
    known = np.minimum(end - start, k).tolist()
    rows = ids[place].tolist() if len(ids) else [()] * len(end)
    found = np.empty(len(end), dtype=object)
    found[:] = [tuple(row[:n]) for row, n in zip(rows, known, strict=True)]
    return found[np.cumsum(new) - 1]
