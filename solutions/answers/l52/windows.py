"""Task 52.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import pandas as pd

from answers import Proof, Wrong, silent
from course_utils.exercises.l52 import window_slips as slips
from course_utils.exercises.l52.window_slips import MISTAKES, right_windows


def _with_pandas(rows: Any, steps: int) -> Any:
    frame = pd.DataFrame(rows, columns=["user", "time", "context", "action"])
    found = []
    for _, theirs in frame.groupby("user"):
        for _, label in theirs.iterrows():
            past = theirs[theirs["time"] < label["time"]].sort_values("time", kind="stable")
            if len(past):
                pairs = list(past[["context", "action"]].itertuples(index=False, name=None))
                found.append((pairs[-steps:], label["action"]))
    return found


def _walking(rows: Any, steps: int) -> Any:
    """Customer by customer, moment by moment."""
    found = []
    for user in dict.fromkeys(row[0] for row in rows):
        known: list[Any] = []
        for time in sorted({row[1] for row in rows if row[0] == user}):
            now = [row for row in rows if row[:2] == (user, time)]
            found += [[list(known[-steps:]), row[3]] for row in now if known]
            known += [row[2:] for row in now]
    return found


def _sorts_theirs(rows: Any, steps: int) -> Any:
    rows.sort(key=lambda row: row[1])
    return right_windows(rows, steps)


def _labels_lost(rows: Any, steps: int) -> Any:
    return [past for past, _ in right_windows(rows, steps)]


def _one_label_a_time(rows: Any, steps: int) -> Any:
    return right_windows(list({row[:2]: row for row in rows}.values()), steps)


def _no_case(rows: Any, steps: int) -> Any:
    return right_windows([(user.lower(), *rest) for user, *rest in rows], steps)


def _whole_rows(rows: Any, steps: int) -> Any:
    return slips.cut(step=lambda row: row)(rows, steps)


PROOF = Proof(
    task="52.2",
    right=[_with_pandas, _walking],
    wrong=[
        Wrong(slips.with_target, "holds the action that it asks for", "E74", silent=True),
        Wrong(slips.ties_know, "each knows the other", "E74", silent=True),
        Wrong(slips.future, "the model knows the future", "E74", silent=True),
        Wrong(slips.no_actions, "holds the contexts alone", "E71", silent=True),
        Wrong(slips.context_alone, "a step is the context alone", "E71", silent=True),
        *silent({says: gives for says, gives in list(MISTAKES.items())[3:] if "alone" not in says}),
        Wrong(_sorts_theirs, "changes `rows`"),
        Wrong(_labels_lost, "got [(('phone', 'click'),)]", silent=True),
        Wrong(
            _one_label_a_time,
            "got [((('phone', 'search'), ('phone', 'cart')), 'click')",
            silent=True,
        ),
        Wrong(_no_case, "('X', 9, 'phone', 'actX0')", silent=True),
        Wrong(_whole_rows, "('a', 10, 'phone', 'click')"),
    ],
)
