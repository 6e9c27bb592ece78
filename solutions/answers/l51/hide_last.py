"""Task 51.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong
from course_utils.exercises.l51.shared import Row


def _user_by_user(rows: list[Row], n: int) -> Any:
    history, hidden = [], []
    for user in {row[0] for row in rows}:
        theirs = sorted((row for row in rows if row[0] == user), key=lambda row: -row[3])
        if len(theirs) <= n:
            history.extend(theirs)
        else:
            hidden.extend(theirs[:n])
            history.extend(theirs[n:])
    return history, hidden


def _with_pandas(rows: list[Row], n: int) -> Any:
    frame = pd.DataFrame(rows, columns=["user", "product", "rating", "time"])
    by_user = frame.groupby("user")["time"]
    hide = (by_user.rank(ascending=False) <= n) & (by_user.transform("size") > n)
    return [frame[~hide].values.tolist(), frame[hide].to_numpy()]


def _by_counting_later_ones(rows: list[Row], n: int) -> Any:
    sizes = Counter(row[0] for row in rows)

    def is_hidden(row: Row) -> bool:
        later = sum(one[0] == row[0] and one[3] > row[3] for one in rows)
        return sizes[row[0]] > n > later

    return {row for row in rows if not is_hidden(row)}, {row for row in rows if is_hidden(row)}


def _last_of_sorted(
    order: Callable[[Row], Any] | None = None, few: Callable[[int, int], bool] | None = None
) -> Callable[[list[Row], int], Any]:
    """The last n of each user in another order, or with other users left alone."""

    def hide_last(rows: list[Row], n: int) -> Any:
        rows = sorted(rows, key=order) if order else rows
        history, hidden = [], []
        for user in dict.fromkeys(row[0] for row in rows):
            theirs = [row for row in rows if row[0] == user]
            alone = few(len(theirs), n) if few else len(theirs) <= n
            history += theirs if alone else theirs[:-n]
            hidden += [] if alone else theirs[-n:]
        return history, hidden

    return hide_last


def _time(row: Row) -> int:
    return row[3]


def _wrong_by_chance(rows: list[Row], n: int) -> Any:
    history, hidden = [], []
    for user in {row[0] for row in rows}:
        theirs = [row for row in rows if row[0] == user]
        order = np.random.permutation(len(theirs))
        cut = len(theirs) - n if len(theirs) > n else len(theirs)
        history += [theirs[k] for k in order[:cut]]
        hidden += [theirs[k] for k in order[cut:]]
    return history, hidden


def _wrong_by_seeded_chance(rows: list[Row], n: int) -> Any:
    order = np.random.default_rng(0).permutation(len(rows))
    shuffled = [rows[k] for k in order]
    return _last_of_sorted()(shuffled, n)


def _wrong_one_date(rows: list[Row], n: int) -> Any:
    if not rows:
        return [], []
    date = np.quantile([row[3] for row in rows], 0.8)
    return [row for row in rows if row[3] < date], [row for row in rows if row[3] >= date]


def _wrong_all_users_together(rows: list[Row], n: int) -> Any:
    ordered = sorted(rows, key=_time)
    return (ordered[:-n], ordered[-n:]) if len(rows) > n else (ordered, [])


def _wrong_of_each_product(rows: list[Row], n: int) -> Any:
    turned = [(product, user, rating, time) for user, product, rating, time in rows]
    split = _user_by_user(turned, n)
    return [[(b, a, rating, time) for a, b, rating, time in part] for part in split]


def _wrong_history_keeps_all(rows: list[Row], n: int) -> Any:
    return rows, _user_by_user(rows, n)[1]


def _wrong_small_users_lost(rows: list[Row], n: int) -> Any:
    sizes = Counter(row[0] for row in rows)
    return _user_by_user([row for row in rows if sizes[row[0]] > n], n)


def _wrong_repeats_lost(rows: list[Row], n: int) -> Any:
    return _user_by_user(list({row[:2]: row for row in sorted(rows, key=_time)}.values()), n)


def _wrong_hidden_for_anybody(rows: list[Row], n: int) -> Any:
    """Looks the hidden times up, whoever's they are."""
    frame = pd.DataFrame(rows, columns=["user", "product", "rating", "time"])
    times = {row[3] for row in _user_by_user(rows, n)[1]}
    late = frame["time"].isin(times)
    return frame[~late].values.tolist(), frame[late].values.tolist()


def _wrong_bare_ids(rows: list[Row], n: int) -> Any:
    """Users whose ids differ in capitals or spaces become one."""
    key = {row: row[0].strip().lower() for row in rows}
    parts = _user_by_user([(key[row], str(at), 0.0, row[3]) for at, row in enumerate(rows)], n)
    return [[rows[int(row[1])] for row in part] for part in parts]


SPLITS: dict[int, Any] = {}


def _wrong_keeps_splits(rows: list[Row], n: int) -> Any:
    """One split for each n, whatever the rows are later."""
    return SPLITS.setdefault(n, _user_by_user(rows, n))


def _wrong_leaves_one(rows: list[Row], n: int) -> Any:
    history, hidden = [], []
    for user in {row[0] for row in rows}:
        theirs = sorted((row for row in rows if row[0] == user), key=_time)
        cut = max(1, len(theirs) - n)
        history += theirs[:cut]
        hidden += theirs[cut:]
    return history, hidden


def _wrong_by_user_and_product(rows: list[Row], n: int) -> Any:
    parts = _user_by_user([(f"{row[0]}\n{row[1]}", *row[1:]) for row in rows], n)
    return [[(row[0].split("\n")[0], *row[1:]) for row in part] for part in parts]


def _wrong_product_and_time(rows: list[Row], n: int) -> Any:
    """The history leaves out what is hidden, whoever's it is."""
    hidden = _user_by_user(rows, n)[1]
    gone = {(row[1], row[3]) for row in hidden}
    return [row for row in rows if (row[1], row[3]) not in gone], hidden


def _wrong_counts_products(rows: list[Row], n: int) -> Any:
    """A user is left alone who rated n products or fewer, how often ever."""
    few = {row[0] for row in rows if len({one[1] for one in rows if one[0] == row[0]}) <= n}
    history, hidden = _user_by_user([row for row in rows if row[0] not in few], n)
    return [*history, *(row for row in rows if row[0] in few)], hidden


PROOF = Proof(
    task="51.4",
    right=[_user_by_user, _with_pandas, _by_counting_later_ones],
    wrong=[
        Wrong(_wrong_by_chance, "you split by chance", "E58", silent=True),
        Wrong(_wrong_by_seeded_chance, "it knows the future", "E58", silent=True),
        Wrong(_last_of_sorted(), "You hide the last in the list", "E58", silent=True),
        Wrong(_last_of_sorted(lambda row: -row[3]), "hide the earliest", "E58", silent=True),
        Wrong(_last_of_sorted(lambda row: f"{row[3]}"), "compared as text", "E58", silent=True),
        Wrong(_last_of_sorted(lambda row: row[2]), "hide the best rated", "E58", silent=True),
        Wrong(_wrong_of_each_product, "of each product", "E58", silent=True),
        Wrong(_wrong_by_user_and_product, "of each user and product", "E58", silent=True),
        Wrong(_wrong_product_and_time, "('b', '8', 4.0, 300) is lost", silent=True),
        Wrong(_wrong_counts_products, "here you count their products", silent=True),
        Wrong(_wrong_history_keeps_all, "in both lists", "E58", silent=True),
        Wrong(_wrong_one_date, "You cut at one time", silent=True),
        Wrong(_wrong_all_users_together, "of all users together", silent=True),
        Wrong(_last_of_sorted(_time, lambda size, n: size < n), "exactly n rows", silent=True),
        Wrong(_last_of_sorted(_time, lambda size, n: False), "you hide them all", silent=True),
        Wrong(_wrong_hidden_for_anybody, "look at user and time", silent=True),
        Wrong(_wrong_bare_ids, "in capitals or in spaces", silent=True),
        Wrong(_wrong_keeps_splits, "none of the rows given", silent=True),
        Wrong(_wrong_leaves_one, "you leave one and hide", silent=True),
        Wrong(lambda rows, n: _user_by_user(rows, 1), "whatever n is", silent=True),
        Wrong(lambda rows, n: _user_by_user(rows, n + 1), "one row too many", silent=True),
        Wrong(
            lambda rows, n: _user_by_user(rows, n - 1) if n > 1 else (rows, []),
            "one row too few",
            silent=True,
        ),
        Wrong(lambda rows, n: (rows, []), "You hide nothing", silent=True),
        Wrong(lambda rows, n: _user_by_user(rows, n)[::-1], "are exchanged", silent=True),
        Wrong(_wrong_small_users_lost, "is in neither list", silent=True),
        Wrong(_wrong_repeats_lost, "is lost", silent=True),
        Wrong(lambda rows, n: _user_by_user(rows, n)[1], "must return two lists"),
        Wrong(
            lambda rows, n: tuple([row[:2] for row in part] for part in _user_by_user(rows, n)),
            "as they were given",
        ),
    ],
)
