"""Task 00.3: is it multi-scenario, is it multi-task?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten

Rows = list[tuple[str, set[str]]]

right = LessonAnswer("00.3")

ROWS: list[Rows] = [
    [("home", {"click"})],
    [("home", {"click"}), ("home", {"click"})],
    [("home", {"click"}), ("cart", {"click"})],
    [("home", {"click", "purchase"})],
    [("home", {"click"}), ("home", {"purchase"})],
    [("search", {"click"}), ("cart", {"purchase"})],
    [("a", {"x"}), ("b", {"x"}), ("a", {"x", "y"})],
    [("a", {"x"}), ("b", {"x"}), ("c", {"x"})],
    [("a", {"x", "y", "z"})],
    [("a", {"x", "y"}), ("b", {"x"}), ("c", {"z"}), ("c", {"z"})],
    [("home", {"click"}), ("home", {"purchase"}), ("home", {"click"})],
    # Whichever of the two a set gives first, it is the other row's question in one of these.
    [("home", {"click"}), ("home", {"click", "purchase"})],
    [("home", {"purchase"}), ("home", {"click", "purchase"})],
    [("home", {"click"}), ("Home", {"Click"})],
    [("cart", {"click"}), ("card", {"cancel"})],
]
CASES: list[Case] = [(rows,) for rows in ROWS]


def check_kind(answer: Any) -> None:
    for rows in ROWS:
        call = (
            f"kind({[(s, set(sorted(q))) for s, q in rows]})" if len(rows) == 1 else f"kind({rows})"
        )
        got, pair = answer(rows), "a pair (multi_scenario, multi_task)"
        refuse_none(got, call, pair)
        if isinstance(got, (np.ndarray, pd.Series)):
            got = got.tolist()
        if not isinstance(got, (tuple, list)) or len(got) != 2:
            reject(f"{call} must be {pair}, got {shorten(got)}.")
        for what, one, want in zip(("scenario", "task"), got, right(rows), strict=True):
            if not (isinstance(one, bool) or type(one).__name__ == "bool"):
                reject(f"{call}: multi_{what} must be True or False, got {shorten(one)}.")
            if bool(one) != want:
                reject(f"{call}: multi_{what} must be {want}. {_why(rows, what)}")


def _why(rows: Rows, what: str) -> str:
    if what == "scenario":
        count = len({scenario for scenario, _ in rows})
        return f"The rows come from {count} scenario{'s' if count > 1 else ''}."
    questions = sorted(set().union(*(asks for _, asks in rows)))
    return (
        f"The questions are {', '.join(questions)}; it does not matter whether one row "
        "answers all of them, nor how many rows there are."
    )


TASK = Task(
    "00.3",
    "Is it multi-scenario, is it multi-task?",
    check_kind,
    hints=(
        "Collect two sets: all scenarios, and all questions of all rows.",
        "A set comprehension for the scenarios; set().union(*sets) for the questions.",
        "return len({s for s, _ in rows}) > 1, len(set().union(*(q for _, q in rows))) > 1",
    ),
    insight="Scenarios are where rows come from; tasks are what is asked of them.",
    right=right,
    cases=CASES,
)
