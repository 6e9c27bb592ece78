"""Task 70.6: wishes of two sides, and one stock that both share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten

Wish = tuple[str, str, float]
By = dict[str, float]


def _day(seed: int, n: int, products: str) -> Case:
    draw = np.random.default_rng(seed)
    wishes = [
        (str(draw.choice(["new", "old"])), str(draw.choice(list(products))), float(m))
        for m in draw.uniform(1, 20, size=n).round(2)
    ]
    return wishes, {one: int(draw.integers(0, 4)) for one in products[:-1]}


CASES: list[Case] = [
    ([("new", "a", 5.0), ("old", "a", 5.0), ("old", "b", 2.0)], {"a": 1}),
    ([("old", "a", 5.0), ("new", "a", 5.0), ("new", "b", 2.0)], {"a": 1, "b": 1}),
    _day(1, 12, "abc"),
    _day(2, 30, "abcd"),
    # No stock at all; a product that is unlimited; a side that sells nothing.
    ([("new", "a", 3.0), ("old", "a", 4.0)], {"a": 0}),
    ([("new", "a", 3.0), ("new", "a", 4.0)], {}),
    ([], {"a": 2}),
    # A sale that brings nothing, or a loss, takes a unit as well.
    ([("old", "a", 0.0), ("new", "a", 9.0), ("new", "b", -1.5), ("old", "b", 6.0)],
     {"a": 1, "b": 1}),
    # The same product at two margins: the first wish is served, not the best.
    ([("old", "a", 1.0), ("new", "a", 8.0), ("old", "a", 2.0)], {"a": 2}),
    # The same wish again, of another customer: each counts, and takes a unit. Names that differ in
    # a capital are two products. Small margins: what is rounded is seen.
    ([("new", "a", 0.0123)] * 3
     + [("old", "A", 0.0123), ("old", "a", 0.5), ("old", "b", 0.0345)] * 2,
     {"a": 2, "A": 1}),
    # Unlimited is more than any number one might write for it.
    ([("old", "z", 1.0)] * 1200, {}),
]  # fmt: skip


def right_sell(wishes: Any, stock: Any) -> By:
    left, found = dict(stock), {"new": 0.0, "old": 0.0}
    for side, product, margin in wishes:
        if left.get(product, 1) > 0:
            found[side] += margin
            if product in left:
                left[product] -= 1
    return found


def unlimited(wishes: Any, stock: Any) -> By:
    return right_sell(wishes, {})


def each_has_all(wishes: Any, stock: Any) -> By:
    """Both sides sell from a full stock of their own."""
    found = {}
    for side in ("new", "old"):
        found[side] = right_sell([one for one in wishes if one[0] == side], stock)[side]
    return found


def halved(wishes: Any, stock: Any) -> By:
    return each_has_all(wishes, {one: units // 2 for one, units in stock.items()})


def new_first(wishes: Any, stock: Any) -> By:
    return right_sell(sorted(wishes, key=lambda one: one[0] != "new"), stock)


def highest_first(wishes: Any, stock: Any) -> By:
    return right_sell(sorted(wishes, key=lambda one: -one[2]), stock)


def from_the_end(wishes: Any, stock: Any) -> By:
    return right_sell(wishes[::-1], stock)


def unknown_is_none(wishes: Any, stock: Any) -> By:
    return right_sell(wishes, {**{one[1]: 0 for one in wishes}, **stock})


def one_more(wishes: Any, stock: Any) -> By:
    return right_sell(wishes, {one: units + 1 for one, units in stock.items()})


def nothing_of_zero(wishes: Any, stock: Any) -> By:
    """A sale that brings nothing takes no unit."""
    return right_sell([one for one in wishes if one[2] > 0], stock)


def units(wishes: Any, stock: Any) -> By:
    return right_sell([(side, product, 1.0) for side, product, _ in wishes], stock)


def one_stock(wishes: Any, stock: Any) -> By:
    """One number of units for all products together."""
    if not stock:
        return right_sell(wishes, stock)
    return right_sell(
        [(s, "all" if p in stock else p, m) for s, p, m in wishes], {"all": sum(stock.values())}
    )


def per_wish(wishes: Any, stock: Any) -> By:
    rate, asked = right_sell(wishes, stock), Counter(one[0] for one in wishes)
    return {side: rate[side] / max(asked[side], 1) for side in rate}


def each_once(wishes: Any, stock: Any) -> By:
    return right_sell(list(dict.fromkeys(wishes)), stock)


def few(units: int) -> Callable[..., By]:
    """A product without an entry has some units."""
    return lambda wishes, stock: right_sell(wishes, {**{p: units for _, p, _ in wishes}, **stock})


MISTAKES: dict[str, Callable[..., By]] = {
    "the stock is never used up": unlimited,
    "each side sells from a full stock of its own; they share one": each_has_all,
    "each side has half of the stock; they share the whole": halved,
    "the new side is served first; wishes are served in the order of the list": new_first,
    "the highest margin is served first; wishes are served in the order of the list": highest_first,
    "the last wish is served first": from_the_end,
    "a product that the stock does not name has no unit; it is unlimited": unknown_is_none,
    **{
        f"a product that the stock does not name has {units:,} units; it is unlimited": few(units)
        for units in (10, 100, 1000)
    },
    "there is one unit too many of each": one_more,
    "a sale that brings nothing, or a loss, takes no unit": nothing_of_zero,
    "a wish that comes again counts once": each_once,
    "sales are counted, not their money": units,
    "all products share one number of units": one_stock,
    "the money is divided by the side's wishes": per_wish,
}


def _told(case: Case) -> str:
    wishes, stock = case
    if len(wishes) > 100:  # one wish again and again
        return f"With\n    wishes = {wishes[:1]} * {len(wishes)}\n    stock = {stock}\nthe result"
    return with_lines(wishes=wishes, stock=stock) + "the result"


def _read(got: Any, case: Case) -> By:
    told = _told(case)
    refuse_none(got, told, "a dictionary")
    if not isinstance(got, dict) or set(got) != {"new", "old"}:
        reject(f"{told} must be a dictionary with 'new' and 'old', got {shorten(got)}.")
    return {side: as_number(one, f"{told} of {side!r}") for side, one in got.items()}


def check_sell(answer: Any) -> None:
    compare(
        leaving(answer, ("wishes", "stock"), _told),
        CASES,
        right_sell,
        _read,
        _told,
        MISTAKES,
        lambda case, at: f"{_told(case)[: -len('the result')]}the money of {at[0]!r}",
    )


TASK = Task(
    id="70.6",
    prompt="Serve the wishes of two sides from one stock, and return the money of each side.",
    check_answer=check_sell,
    hints=(
        "One loop over the wishes in their order, and a copy of the stock that shrinks.",
        "A product without an entry is unlimited; one with 0 units is sold out.",
        "left = dict(stock); if left.get(product, 1) > 0: add the margin, and take a unit if "
        "product in left",
    ),
    insight="What one side sells the other cannot: the two sides of the test are not independent.",
)
