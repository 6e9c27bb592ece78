"""Task 00.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from answers import Proof, Wrong
from course_utils.exercises.l00.kind import Rows


def _kind(rows: Rows) -> tuple[bool, bool]:
    return len({s for s, _ in rows}) > 1, len(set().union(*(q for _, q in rows))) > 1


def _kind_with_loops(rows: Rows) -> list[bool]:
    multi_scenario = multi_task = False
    for scenario, asks in rows:
        for other, more in rows:
            multi_scenario |= scenario != other
            multi_task |= len(asks | more) > 1
    return [multi_scenario, multi_task]


def _kind_with_counters(rows: Rows) -> tuple[bool, bool]:
    scenarios = Counter(scenario for scenario, _ in rows)
    questions = Counter(one for _, asks in rows for one in asks)
    return len(scenarios) >= 2, len(questions) >= 2


def _one_question_of_each_row(rows: Rows) -> tuple[bool, bool]:
    """Which one, the set decides; the first row is looked at in full."""
    return _kind(rows)[0], len({next(iter(q)) for _, q in rows}) > 1 or len(rows[0][1]) > 1


PROOF = Proof(
    task="00.3",
    right=[
        _kind_with_loops,
        _kind_with_counters,
        lambda rows: np.array(_kind(rows)),
        lambda rows: pd.Series(_kind(rows), ["multi_scenario", "multi_task"]),
    ],
    wrong=[
        Wrong(
            lambda rows: (len(rows) > 1, _kind(rows)[1]),
            "The rows come from 1 scenario.",
            silent=True,
        ),
        Wrong(
            lambda rows: (_kind(rows)[0], any(len(q) > 1 for _, q in rows)),
            "nor how many rows",
            silent=True,
        ),
        Wrong(lambda rows: _kind(rows)[::-1], "The rows come from 2 scenarios", silent=True),
        Wrong(
            lambda rows: (_kind(rows)[0], len(rows[0][1]) > 1),
            "The questions are click, purchase",
            silent=True,
        ),
        Wrong(
            lambda rows: (_kind(rows)[0], _kind(rows)[0] and _kind(rows)[1]),
            "multi_task must be True",
            silent=True,
        ),
        Wrong(lambda rows: (len({s for s, _ in rows}), 1), "must be True or False", silent=True),
        Wrong(
            lambda rows: (len({s for s, _ in rows}) == 2, _kind(rows)[1]),
            "The rows come from 3 scenarios",
            silent=True,
        ),
        Wrong(
            lambda rows: (_kind(rows)[0], len(set().union(*(q for _, q in rows))) == 2),
            "The questions are x, y, z",
            silent=True,
        ),
        Wrong(
            lambda rows: (_kind(rows)[0], len(rows[0][1] | rows[-1][1]) > 1),
            "('home', {'purchase'}), ('home', {'click'})]): multi_task must be True",
            silent=True,
        ),
        Wrong(_one_question_of_each_row, "it does not matter whether one row answers", silent=True),
        Wrong(lambda rows: _kind(rows)[0] or _kind(rows)[1], "must be a pair"),
        Wrong(lambda rows: None, "Did you forget a return?"),
    ],
)
