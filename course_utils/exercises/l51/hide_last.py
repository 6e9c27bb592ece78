"""Task 51.7: hide the latest rows of each user."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from course_utils.exercises.engine import Task, Wrong, reject, shorten
from course_utils.exercises.l51.shared import ERRATA, Row, as_rows, shown_rows

Split = tuple[list[Row], list[Row]]
Case = tuple[list[Row], int]


def _drawn(seed: int, sizes: dict[str, int]) -> list[Row]:
    """Rows of so many a user, in any order; one user rates a product twice."""
    draw = np.random.default_rng(seed)
    rows: list[Row] = []
    for at, (user, size) in enumerate(sizes.items()):
        # Times of two to four digits; a user's first may be later than another's last.
        times = draw.choice(900, size=size, replace=False) + 90 + 300 * (at % 3)
        for k, time in enumerate(times):
            product = f"p{draw.integers(30) if k else 0}"
            rows.append((user, product, float(draw.integers(1, 6)), int(time)))
    twice = rows[1]
    rows.append((*twice[:2], 6 - twice[2], 2000))
    return [rows[k] for k in draw.permutation(len(rows))]


def _cases() -> list[Case]:
    """Short ones to be shown, then users with fewer rows than n, n, one more, and many."""
    sizes = {"a": 7, "007": 1, "7": 2, "00x": 3, "u9": 4, "b": 9}
    three: list[Row] = [("a", "7", 2.0, 300), ("a", "8", 5.0, 100), ("a", "9", 3.0, 200)]
    two: list[Row] = [("a", "7", 2.0, 950), ("b", "7", 4.0, 1000), ("a", "8", 5.0, 1000)]
    return [
        (three, 1),
        (three, 2),
        ([*two, ("b", "9", 1.0, 960)], 1),
        (three, 3),
        (two[:2], 1),
        (three[:1], 1),
        ([], 1),
        (_drawn(517, sizes), 1),
        (_drawn(518, sizes), 2),
        (_drawn(519, sizes), 3),
        (_drawn(520, sizes), 100),
    ]


def _split(
    rows: list[Row],
    n: int,
    *,
    by: Callable[[Row], Any] | None = lambda row: row[3],
    whose: Callable[[Row], Any] = lambda row: row[0],
    few: Callable[[int, int], int] = lambda size, n: 0,
) -> Split:
    """Hide the last n of each user; right as it stands.

    Args:
        rows: to be split.
        n: how many.
        by: what they are sorted by; None: they are not.
        whose: what makes a group.
        few: how many to hide of a group of n rows or fewer.
    """
    groups: dict[Any, list[Row]] = {}
    for row in rows if by is None else sorted(rows, key=by):
        groups.setdefault(whose(row), []).append(row)
    history: list[Row] = []
    hidden: list[Row] = []
    for group in groups.values():
        cut = len(group) - (n if len(group) > n else few(len(group), n))
        history += group[:cut]
        hidden += group[cut:]
    return history, hidden


MISTAKES: dict[str, list[Callable[[list[Row], int], Split]]] = {
    "You hide the last in the list; the list is in any order, look at the times.": [
        lambda rows, n: _split(rows, n, by=None),
        lambda rows, n: (rows[:-n], rows[-n:]),
    ],
    "You hide the earliest rows, not the latest.": [
        lambda rows, n: _split(rows, n, by=lambda row: -row[3])
    ],
    "The times are compared as text, where 950 comes after 1000.": [
        lambda rows, n: _split(rows, n, by=lambda row: str(row[3]))
    ],
    "You hide the best rated; what counts is the time.": [
        lambda rows, n: _split(rows, n, by=lambda row: row[2]),
        lambda rows, n: _split(rows, n, by=lambda row: row[2:]),
    ],
    "You hide the latest rows of each product; they are to be those of each user.": [
        lambda rows, n: _split(rows, n, whose=lambda row: row[1])
    ],
    "You hide the latest rows of all users together; they are to be those of each user.": [
        lambda rows, n: _split(rows, n, whose=lambda row: None)
    ],
    "Of a user with exactly n rows nothing is hidden either.": [
        lambda rows, n: _split(rows, n, few=lambda size, n: size if size == n else 0)
    ],
    "Of a user with n rows or fewer nothing is hidden; you hide them all.": [
        lambda rows, n: _split(rows, n, few=lambda size, n: size)
    ],
    "Of a user with n rows or fewer nothing is hidden; you leave one and hide the rest.": [
        lambda rows, n: _split(rows, n, few=lambda size, n: size - 1)
    ],
    "You hide one row of each user, whatever n is.": [lambda rows, n: _split(rows, 1)],
    "You hide one row too many.": [lambda rows, n: _split(rows, n + 1)],
    "You hide nothing.": [lambda rows, n: (rows, [])],
}


def check_hide_last(answer: Any) -> None:
    cases = _cases()
    calls = [shown_rows("hide_last", *case) for case in cases]
    gots = [_two(answer(*case), call) for case, call in zip(cases, calls, strict=True)]
    wants = [_split(*case) for case in cases]
    wrong = [k for k in range(len(cases)) if not _equal(gots[k], wants[k])]
    if not wrong:
        return
    for case, call, got in zip(cases, calls, gots, strict=True):
        _check_rows(case, call, got)
    said = _difference(calls[wrong[0]], gots[wrong[0]], wants[wrong[0]])
    if all(_equal(got[::-1], want) for got, want in zip(gots, wants, strict=True)):
        reject(f"{said} The two lists are exchanged: first the history, then the hidden rows.")
    if any(not _equal(_two(answer(*cases[k]), calls[k]), gots[k]) for k in wrong):
        reject(f"{said} Two calls with the same rows differ: you split by chance.", "E58")
    knows = _known_future(gots)
    for why, ways in MISTAKES.items():
        if any(
            all(_equal(got, way(*case)) for got, case in zip(gots, cases, strict=True))
            for way in ways
        ):
            reject(f"{said} {why}", "E58" if knows else None)
    if knows:
        reject(
            f"{said} For a user your history holds a row of time {knows[0]}, later than a hidden "
            f"one of time {knows[1]}: it knows the future.",
            "E58",
        )
    if all(_cut_at_one_time(got) for got in gots):
        reject(f"{said} You cut at one time for all; each user has latest rows of their own.")
    reject(said)


def _two(value: Any, call: str) -> Split:
    if value is None:
        reject(f"{call} returned None. Did you forget a return?")
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        reject(
            f"{call} must return two lists, the history and the hidden rows, got {shorten(value)}."
        )
    return as_rows(value[0], f"The history of {call}"), as_rows(value[1], f"The hidden of {call}")


def _equal(one: Split, other: Split) -> bool:
    return all(Counter(a) == Counter(b) for a, b in zip(one, other, strict=True))


def _check_rows(case: Case, call: str, got: Split) -> None:
    """Reject what is no division of the rows in two."""
    given, seen = Counter(case[0]), Counter(got[0]) + Counter(got[1])
    foreign = [row for row in seen if row not in given]
    if foreign:
        reject(f"{call} returns {foreign[0]}, which is none of the rows given.")
    both = set(got[0]) & set(got[1])
    if both:
        reject(
            f"{call} returns {next(row for row in got[1] if row in both)} in both lists: the "
            "history knows what is hidden.",
            "E58",
        )
    lost = given - seen
    gone = {row[0] for row in lost} - {row[0] for row in seen}
    if gone:
        reject(
            f"{call}: user {min(gone)!r} is in neither list. Of a user with n rows or fewer "
            "nothing is hidden: all of it is history."
        )
    if lost:
        reject(f"{call} must have every row in one of its two lists; {next(iter(lost))} is lost.")
    if seen - given:
        reject(f"{call} returns {next(iter(seen - given))} more often than it was given.")


def _difference(call: str, got: Split, want: Split) -> str:
    for row in want[1]:
        if row not in got[1]:
            return f"{call} must hide {row}, it is in your history."
    return f"{call} must leave {next(row for row in got[1] if row not in want[1])} in the history."


def _known_future(gots: list[Split]) -> tuple[int, int] | None:
    """A time of the history, and a hidden one before it, of the same user."""
    for history, hidden in gots:
        last: dict[str, int] = {}
        for user, _, _, time in history:
            last[user] = max(time, last.get(user, time))
        for user, _, _, time in hidden:
            if time < last.get(user, time):
                return last[user], time
    return None


def _cut_at_one_time(got: Split) -> bool:
    history, hidden = ([row[3] for row in rows] for rows in got)
    return not history or not hidden or max(history) <= min(hidden)


# ------------------------------------------------------------------- answers, right and wrong


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


def _wrong_leaves_one(rows: list[Row], n: int) -> Any:
    history, hidden = [], []
    for user in {row[0] for row in rows}:
        theirs = sorted((row for row in rows if row[0] == user), key=_time)
        cut = max(1, len(theirs) - n)
        history += theirs[:cut]
        hidden += theirs[cut:]
    return history, hidden


TASK = Task(
    id="51.7",
    prompt="Split rows in two: the history, and the n latest of each user, hidden.",
    check_answer=check_hide_last,
    hints=(
        "Gather the rows of each user, in the order of their time. Where do you cut, and for whom "
        "do you not cut?",
        "Sort all rows by row[3] and put them in a dictionary user -> list of rows. The last n of "
        "a list are rows[-n:], the others rows[:-n].",
        "For each user: if len(theirs) > n, then history += theirs[:-n] and hidden += "
        "theirs[-n:]; else history += theirs.",
    ),
    right=[_user_by_user, _with_pandas, _by_counting_later_ones],
    wrong=[
        Wrong(_wrong_by_chance, "you split by chance", "E58", silent=True),
        Wrong(_wrong_by_seeded_chance, "it knows the future", "E58", silent=True),
        Wrong(_last_of_sorted(), "You hide the last in the list", "E58", silent=True),
        Wrong(_last_of_sorted(lambda row: -row[3]), "hide the earliest", "E58", silent=True),
        Wrong(_last_of_sorted(lambda row: f"{row[3]}"), "compared as text", "E58", silent=True),
        Wrong(_last_of_sorted(lambda row: row[2]), "hide the best rated", "E58", silent=True),
        Wrong(_wrong_of_each_product, "of each product", "E58", silent=True),
        Wrong(_wrong_history_keeps_all, "in both lists", "E58", silent=True),
        Wrong(_wrong_one_date, "You cut at one time", silent=True),
        Wrong(_wrong_all_users_together, "of all users together", silent=True),
        Wrong(_last_of_sorted(_time, lambda size, n: size < n), "exactly n rows", silent=True),
        Wrong(_last_of_sorted(_time, lambda size, n: False), "you hide them all", silent=True),
        Wrong(_wrong_leaves_one, "you leave one and hide", silent=True),
        Wrong(lambda rows, n: _user_by_user(rows, 1), "whatever n is", silent=True),
        Wrong(lambda rows, n: _user_by_user(rows, n + 1), "one row too many", silent=True),
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
    insight="Whoever tests on the past trains on the future: each user's latest rows are the test.",
    errata=ERRATA,
)
