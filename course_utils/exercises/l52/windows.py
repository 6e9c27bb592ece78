"""Task 52.2: windows that do not know the future."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.comparing import Case, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.l52.shared import compare_named, shown_by
from course_utils.exercises.l52.window_slips import MISTAKES, Row, right_windows
from course_utils.exercises.reading import as_list


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
