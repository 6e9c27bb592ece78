"""Task 52.7's parts, and what becomes of them by one slip."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

NAMES = ("train", "valid", "test", "new")

Parts = dict[str, list[int]]


def parted(
    of: Callable[[int, str, float, float, float, set[str]], str | None],
) -> Callable[..., Parts]:
    """Row numbers of each part, from a rule for one row: its place, customer and time."""

    def split(users: Any, times: Any, valid_from: float, test_from: float, new: Any) -> Parts:
        parts: Parts = {name: [] for name in NAMES}
        for k, (user, time) in enumerate(zip(users, times, strict=True)):
            part = of(k, user, time, valid_from, test_from, set(new))
            if part:
                parts[part].append(k)
        return parts

    return split


def _right(k: int, u: str, t: float, v: float, e: float, new: set[str]) -> str | None:
    if u in new:
        return "new" if t >= e else None
    return "train" if t < v else "valid" if t < e else "test"


def _new_trains(k: int, u: str, t: float, v: float, e: float, new: set[str]) -> str:
    if u in new and t >= e:
        return "new"
    return "train" if t < v else "valid" if t < e else "test"


def _no_valid(k: int, u: str, t: float, v: float, e: float, new: set[str]) -> str | None:
    part = _right(k, u, t, v, e, new)
    return "train" if part == "valid" else part


def _valid_is_test(k: int, u: str, t: float, v: float, e: float, new: set[str]) -> str | None:
    part = _right(k, u, t, v, e, new)
    return "valid" if part == "test" else part


def _all_new(k: int, u: str, t: float, v: float, e: float, new: set[str]) -> str:
    return "new" if u in new else str(_right(k, u, t, v, e, new))


def _late(valid: bool = False, test: bool = False, of_new: bool = False) -> Callable[..., Parts]:
    """Which bounds belong to what comes before them."""

    def of(k: int, u: str, t: float, v: float, e: float, new: set[str]) -> str | None:
        if u in new:
            return "new" if t > e or (t == e and not of_new) else None
        if t < v or (t == v and valid):
            return "train"
        return "valid" if t < e or (t == e and test) else "test"

    return parted(of)


def _as_text(k: int, u: str, t: float, v: float, e: float, new: set[str]) -> str | None:
    return _right(k, u, t, v, e, {u} if any(u in one for one in new) else set())


def _contained(k: int, u: str, t: float, v: float, e: float, new: set[str]) -> str | None:
    return _right(k, u, t, v, e, {u} if any(one in u for one in new) else set())


def _whole(k: int, u: str, t: float, v: float, e: float, new: set[str]) -> str | None:
    if u in new:
        return _right(k, u, t, v, e, new)
    return "train" if t <= v - 1 else "valid" if t <= e - 1 else "test"


def _no_new(k: int, u: str, t: float, v: float, e: float, new: set[str]) -> str:
    return "train" if t < v else "valid" if t < e else "test"


def at_random(users: Any, times: Any, valid_from: float, test_from: float, new: Any) -> Parts:
    """As many rows of each part as there should be, drawn."""
    right = right_split(users, times, valid_from, test_from, new)
    order = np.random.default_rng(0).permutation(sum(map(len, right.values()))).tolist()
    parts, at = {}, 0
    for name in NAMES:
        parts[name] = sorted(order[at : at + len(right[name])])
        at += len(right[name])
    return parts


def after_sorting(users: Any, times: Any, *rest: Any) -> Parts:
    """Rows are counted in the order of time."""
    order = sorted(range(len(users)), key=lambda k: times[k])
    return right_split([users[k] for k in order], [times[k] for k in order], *rest)


def after_sorting_pairs(users: Any, times: Any, *rest: Any) -> Parts:
    """And of equal times in that of the customers, as ``sorted(zip(times, users))`` has them."""
    pairs = sorted(zip(times, users, strict=True))
    return right_split([user for _, user in pairs], [time for time, _ in pairs], *rest)


def from_one(*case: Any) -> Parts:
    return {name: [k + 1 for k in part] for name, part in right_split(*case).items()}


right_split = parted(_right)
new_trains = parted(_new_trains)
no_valid = parted(_no_valid)
valid_is_test = parted(_valid_is_test)
all_new = parted(_all_new)
late_valid = _late(valid=True)
late_test = _late(test=True)
late_new = _late(of_new=True)
no_new = parted(_no_new)
as_text = parted(_as_text)
contained = parted(_contained)
whole = parted(_whole)


def by_key(users: Any, times: Any, valid_from: float, test_from: float, new: Any) -> Parts:
    """A row is found by customer and time."""
    rows = set({(u, t): k for k, (u, t) in enumerate(zip(users, times, strict=True))}.values())
    right = right_split(users, times, valid_from, test_from, new)
    return {name: [k for k in part if k in rows] for name, part in right.items()}


SORTED = "the row numbers are counted after sorting; wanted are those of the arguments"
MISTAKES: Mapping[str, Callable[..., Parts]] = {
    "the earlier windows of the new customers train the model: then they are not new": new_trains,
    "nothing is kept for validation: when to stop, and which setting to take, is then chosen on "
    "the test": no_valid,
    "the test is used as validation": valid_is_test,
    "the earlier windows of new customers are judged too; only those from test_from on are": (
        all_new
    ),
    "a time that equals valid_from trains; from valid_from on is validation": late_valid,
    "a time that equals test_from is kept for validation; from test_from on is the test": late_test,
    "times that equal valid_from and test_from fall on the wrong side: ask for `<`": (
        _late(valid=True, test=True)
    ),
    "a new customer's window at exactly test_from is left out; from test_from on it is judged": (
        late_new
    ),
    "a time that equals a bound always falls on the wrong side: from a bound on is the next part": (
        _late(valid=True, test=True, of_new=True)
    ),
    f"{SORTED} (of pairs)": after_sorting_pairs,
    SORTED: after_sorting,
    "the new customers are treated like the others": no_new,
    "a customer counts as new whose name is a part of a new one's: compare whole names": as_text,
    "a customer counts as new whose name contains a new one's: compare whole names": contained,
    "times are taken to be whole: 4.5 is below a bound of 5, and `<= 5 - 1` loses it": whole,
    "rows are counted from 1; the first is row 0": from_one,
    "two windows of one customer at the same time are taken for one; they are two rows": by_key,
}
