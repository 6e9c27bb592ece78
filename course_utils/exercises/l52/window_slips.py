"""Task 52.2's windows, and what becomes of them by one slip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Row = Any
"""``(user, time, context, action)``, as a tuple or a list."""


def cut(
    before: Callable[[Row, Row], bool] = lambda old, new: old[1] < new[1],
    same: Callable[[Row, Row], bool] = lambda old, new: old[0] == new[0],
    step: Callable[[Row], Any] = lambda row: (row[2], row[3]),
    keep: Callable[[list[Any], int], list[Any]] = lambda past, steps: past[-steps:],
    empty: bool = False,
    ordered: Callable[[list[Row]], list[Row]] = lambda rows: sorted(rows, key=lambda r: r[1]),
) -> Callable[[list[Row], int], list[Any]]:
    """Windows, or what becomes of them by one slip."""

    def windows(rows: list[Row], steps: int) -> list[Any]:
        found, own = [], [[*row] for row in rows]  # two equal rows are two
        for label in own:
            past = [step(row) for row in ordered(own) if same(row, label) and before(row, label)]
            if past or empty:
                found.append((keep(past, steps), label[3]))
        return found

    return windows


right_windows = cut()
with_target = cut(before=lambda old, new: old[1] <= new[1])
no_actions = cut(step=lambda row: (row[2],))
context_alone = cut(step=lambda row: row[2])
ties_know = cut(before=lambda old, new: old is not new and old[1] <= new[1])
future = cut(before=lambda old, new: old[1] != new[1])
everybody = cut(same=lambda old, new: True)
earliest = cut(keep=lambda past, steps: past[:steps])
unlimited = cut(keep=lambda past, steps: past)
one_short = cut(keep=lambda past, steps: past[-steps + 1 :] if steps > 1 else [])
newest_first = cut(keep=lambda past, steps: past[-steps:][::-1])
with_empty = cut(empty=True)
by_text = cut(ordered=sorted)
turned_ties = cut(ordered=lambda rows: sorted(rows, key=lambda r: r[1], reverse=True)[::-1])
unstable = cut(ordered=lambda rows: [rows[k] for k in np.argsort([row[1] for row in rows])])
as_given = cut(ordered=lambda rows: rows)


def by_position(rows: list[Row], steps: int) -> list[Any]:
    """What stands above in the sorted list counts as before, at the same time too."""
    found = []
    order = sorted(range(len(rows)), key=lambda k: (rows[k][1], k))
    for k, label in enumerate(rows):
        above = order[: order.index(k)]
        past = [rows[j][2:] for j in above if rows[j][0] == label[0]]
        if past:
            found.append((past[-steps:], label[3]))
    return found


def cut_first(rows: list[Row], steps: int) -> list[Any]:
    """The latest rows above the label are taken, and those of its own time leave them."""
    order = sorted(range(len(rows)), key=lambda k: (rows[k][1], k))
    found = []
    for k, label in enumerate(rows):
        above = [rows[j] for j in order[: order.index(k)] if rows[j][0] == label[0]][-steps:]
        past = [row[2:] for row in above if row[1] < label[1]]
        if past:
            found.append((past, label[3]))
    return found


def full_only(rows: list[Row], steps: int) -> list[Any]:
    """Windows of the whole length alone."""
    return [one for one in right_windows(rows, steps) if len(one[0]) == steps]


def rows_once(rows: list[Row], steps: int) -> list[Any]:
    """Rows that repeat are taken once."""
    return right_windows(list(dict.fromkeys(rows)), steps)


def windows_once(rows: list[Row], steps: int) -> list[Any]:
    """Windows that are equal are returned once."""
    found = right_windows(rows, steps)
    return [one for k, one in enumerate(found) if one not in found[:k]]


MISTAKES = {
    "the window holds the action that it asks for, as with `t <= time`: only what is strictly "
    "earlier than the label may stand in it": with_target,
    "`t <= time` was asked where `t < time` is right: of two actions at the same time each knows "
    "the other": ties_know,
    "actions after the label stand in the window: the model knows the future": future,
    "of two actions at the same time one knows the other; only strictly earlier ones may": (
        by_position
    ),
    "the window holds the contexts alone: what the customer did is left out": no_actions,
    "a step is the context alone: what the customer did is left out of it": context_alone,
    "other customers' actions stand in the window": everybody,
    "of a long past the earliest steps are kept; keep the latest": earliest,
    "the past is never cut to `steps`": unlimited,
    "the window is one step too short": one_short,
    "the newest step stands first; the oldest must": newest_first,
    "labels without any past have a window too; leave them out": with_empty,
    "pasts shorter than `steps` have no window; they must have one": full_only,
    "rows of equal time are sorted by text, as in `sorted(rows)`; sort by row[1]": by_text,
    "the window is cut before rows of equal time are taken out, so that a label with a companion "
    "loses a step": cut_first,
    "rows of equal time are turned round: `reverse=True` keeps them, a `[::-1]` afterwards does "
    "not": turned_ties,
    "rows of equal time change places: `sort_values` and `np.argsort` keep them with "
    'kind="stable" alone; sorted() always does': unstable,
    "the rows are taken in the order in which they are given, not by time": as_given,
    "a row that repeats counts once; each row is a label and a step": rows_once,
    "windows that are equal are returned once; each row has its own": windows_once,
}
