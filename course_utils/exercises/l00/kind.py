"""Task 00.3: is it multi-scenario, is it multi-task?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten

Rows = list[tuple[str, set[str]]]

KINDS: list[tuple[Rows, tuple[bool, bool]]] = [
    ([("home", {"click"})], (False, False)),
    ([("home", {"click"}), ("home", {"click"})], (False, False)),
    ([("home", {"click"}), ("cart", {"click"})], (True, False)),
    ([("home", {"click", "purchase"})], (False, True)),
    ([("home", {"click"}), ("home", {"purchase"})], (False, True)),
    ([("search", {"click"}), ("cart", {"purchase"})], (True, True)),
    ([("a", {"x"}), ("b", {"x"}), ("a", {"x", "y"})], (True, True)),
    ([("a", {"x"}), ("b", {"x"}), ("c", {"x"})], (True, False)),
    ([("a", {"x", "y", "z"})], (False, True)),
    ([("a", {"x", "y"}), ("b", {"x"}), ("c", {"z"}), ("c", {"z"})], (True, True)),
    ([("home", {"click"}), ("home", {"purchase"}), ("home", {"click"})], (False, True)),
    # Whichever of the two a set gives first, it is the other row's question in one of these.
    ([("home", {"click"}), ("home", {"click", "purchase"})], (False, True)),
    ([("home", {"purchase"}), ("home", {"click", "purchase"})], (False, True)),
    ([("home", {"click"}), ("Home", {"Click"})], (True, True)),
    ([("cart", {"click"}), ("card", {"cancel"})], (True, True)),
]


def check_kind(answer: Any) -> None:
    for rows, want in KINDS:
        call = (
            f"kind({[(s, set(sorted(q))) for s, q in rows]})" if len(rows) == 1 else f"kind({rows})"
        )
        got, pair = answer(rows), "a pair (multi_scenario, multi_task)"
        refuse_none(got, call, pair)
        if isinstance(got, (np.ndarray, pd.Series)):
            got = got.tolist()
        if not isinstance(got, (tuple, list)) or len(got) != 2:
            reject(f"{call} must be {pair}, got {shorten(got)}.")
        for place, (what, one) in enumerate(zip(("scenario", "task"), got, strict=True)):
            if not (isinstance(one, bool) or type(one).__name__ == "bool"):
                reject(f"{call}: multi_{what} must be True or False, got {shorten(one)}.")
            if bool(one) != want[place]:
                _explain(call, rows, what, want[place])


def _explain(call: str, rows: Rows, what: str, want: bool) -> None:
    said = f"{call}: multi_{what} must be {want}."
    if what == "scenario":
        count = len({scenario for scenario, _ in rows})
        reject(f"{said} The rows come from {count} scenario{'s' if count > 1 else ''}.")
    questions = sorted(set().union(*(asks for _, asks in rows)))
    reject(
        f"{said} The questions are {', '.join(questions)}; it does not matter whether one row "
        "answers all of them, nor how many rows there are."
    )


TASK = Task(
    id="00.3",
    prompt="Is it multi-scenario, is it multi-task?",
    check_answer=check_kind,
    hints=(
        "Collect two sets: all scenarios, and all questions of all rows.",
        "A set comprehension for the scenarios; set().union(*sets) for the questions.",
        "return len({s for s, _ in rows}) > 1, len(set().union(*(q for _, q in rows))) > 1",
    ),
    insight="Scenarios are where rows come from; tasks are what is asked of them.",
)
