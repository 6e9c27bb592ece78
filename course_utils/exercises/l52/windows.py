"""Task 52.2: windows that do not know the future."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.l52.shared import compare_named, shown_by
from course_utils.exercises.reading import as_list

Row = Any
"""``(user, time, context, action)``, as a tuple or a list."""


def _rows(*steps: tuple[int, str]) -> list[Row]:
    """Of customer a, on the phone."""
    return [("a", time, "phone", action) for time, action in steps]


CASES: list[Case] = [
    ([("a", 10, "phone", "click"), ("a", 30, "phone", "cart"), ("b", 20, "tablet", "click")], 5),
    (
        [
            ("a", 60, "phone", "purchase"),
            ("b", 40, "desktop", "search"),
            ("a", 5, "phone", "search"),
            ("a", 20, "tablet", "click"),
            ("b", 41, "desktop", "click"),
            ("a", 45, "tablet", "cart"),
        ],
        2,
    ),
    # Two at the same time: neither knows the other.
    ([*_rows((1, "search"), (7, "click"), (7, "cart")), ("a", 9, "desktop", "click")], 3),
    (_rows((3, "click"), (3, "click")), 2),
    # A row that repeats is two labels, and two steps of what comes later.
    (_rows((1, "search"), (4, "click"), (4, "click"), (9, "cart")), 4),
    ([("a", 3, "phone", "click")], 1),
    ([], 4),
    (
        [(u, t + 5 * (u == "x"), "phone", f"act{u}{t % 3}") for t in (9, 4, 1) for u in ("x", "X")],
        2,
    ),
    # Of three at the same time the given order stays, and each has its whole past.
    (_rows((2, "click"), (2, "cart"), (2, "search"), (8, "purchase")), 5),
    (_rows((1, "search"), (2, "click"), (3, "cart"), (3, "purchase")), 2),
    (_rows((1, "search"), (2, "click"), (3, "cart"), (3, "purchase")), 1),
    # As many at the same time as a sort that is not stable mixes up.
    (_rows((9, "cart"), *((5, f"{k}") for k in range(24))), 50),
    ([("ü", t, f"d{t % 2}", "click" if t % 2 else "cart") for t in (300, 5, 41, 1000)], 10),
]


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

OF_ARTICLE = {
    "the window holds the action that it asks for": "E74",
    "`t <= time` was asked where": "E74",
    "actions after the label stand in the window": "E74",
    "the window holds the contexts alone": "E71",
    "a step is the context alone": "E71",
}

_shown = shown_by("windows")


def check_windows(answer: Any) -> None:
    asked = leaving(answer, ("rows", "steps"), _shown)
    compare_named(
        asked,
        CASES,
        lambda rows, steps: _sorted(right_windows(rows, steps)),
        lambda got, case: _sorted(_plain(got, case)),
        _shown,
        {
            words: (lambda rows, steps, gives=gives: _sorted(gives(rows, steps)))
            for words, gives in MISTAKES.items()
        },
        OF_ARTICLE,
    )


def _plain(value: Any, case: Case) -> list[Any]:
    """Windows as a list of (tuple of steps, label)."""
    found = []
    for one in as_list(value, f"{_shown(case)}: the result"):
        pair = as_list(one, f"{_shown(case)}: each window")
        steps = as_list(pair[0], f"{_shown(case)}: the past of a window") if pair else []
        plain = [tuple(step) if isinstance(step, (tuple, list)) else step for step in steps]
        found.append((tuple(plain), *pair[1:]))
    return found


def _sorted(windows: list[Any]) -> list[Any]:
    """Windows in one order, since the text leaves it open."""
    return sorted(((tuple(past), *rest) for past, *rest in windows), key=repr)


TASK = Task(
    id="52.2",
    prompt="Return (past, label) of each action that has an earlier one of the same customer.",
    check_answer=check_windows,
    hints=(
        "Take each row as a label. Which rows may its past hold?",
        "Those of the same customer with a time strictly below the label's, sorted by time; of "
        "them the last `steps`. None: no window.",
        "for user, time, _, action in rows: past = [(c, a) for u, t, c, a in ordered if u == user "
        "and t < time]; if past: found.append((past[-steps:], action)).",
    ),
    insight="One rule, the largest time in a window is below that of its label, finds every leak "
    "of a window; not a scale fitted on the test, nor a file sorted by the answer.",
    errata={
        "E71": "the input holds contexts and nothing that the customer did",
        "E74": "no windows are shown, so nothing keeps the label out of them",
    },
)
