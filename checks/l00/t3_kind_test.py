"""00.3: right answers in other words, and wrong ones."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from checks.l00.t3_kind import Rows, right
from checks.proof import Proof, Wrong


def _with_loops(rows: Rows) -> list[bool]:
    multi_scenario = multi_task = False
    for scenario, asks in rows:
        for other, more in rows:
            multi_scenario |= scenario != other
            multi_task |= len(asks | more) > 1
    return [multi_scenario, multi_task]


def _with_counters(rows: Rows) -> tuple[bool, bool]:
    scenarios = Counter(scenario for scenario, _ in rows)
    questions = Counter(one for _, asks in rows for one in asks)
    return len(scenarios) >= 2, len(questions) >= 2


SCENARIOS, QUESTIONS = "len(scenarios) > 1", "len(questions) > 1"

PROOF = Proof(
    task="00.3",
    right=[
        _with_loops,
        _with_counters,
        lambda rows: np.array(_with_counters(rows)),
        lambda rows: pd.Series(_with_counters(rows), ["multi_scenario", "multi_task"]),
    ],
    wrong=[
        Wrong(
            right.edit({SCENARIOS: "len(rows) > 1"}), "The rows come from 1 scenario.", silent=True
        ),
        Wrong(
            right.edit({QUESTIONS: "any(len(asks) > 1 for _, asks in rows)"}),
            "nor how many rows",
            silent=True,
        ),
        Wrong(right.returning("result[::-1]"), "The rows come from 2 scenarios", silent=True),
        Wrong(
            right.edit({QUESTIONS: "len(rows[0][1]) > 1"}),
            "The questions are click, purchase",
            silent=True,
        ),
        Wrong(
            right.returning("(result[0], result[0] and result[1])"),
            "multi_task must be True",
            silent=True,
        ),
        Wrong(right.returning("(1, 1)"), "must be True or False", silent=True),
        Wrong(
            right.edit({SCENARIOS: "len(scenarios) == 2"}),
            "The rows come from 3 scenarios",
            silent=True,
        ),
        Wrong(
            right.edit({QUESTIONS: "len(questions) == 2"}),
            "The questions are x, y, z",
            silent=True,
        ),
        Wrong(
            right.edit({QUESTIONS: "len(rows[0][1] | rows[-1][1]) > 1"}),
            "('home', {'purchase'}), ('home', {'click'})]): multi_task must be True",
            silent=True,
        ),
        Wrong(  # one question of each row, the set decides which; the first row in full
            right.edit(
                {QUESTIONS: "len({next(iter(q)) for _, q in rows}) > 1 or len(rows[0][1]) > 1"}
            ),
            "it does not matter whether one row answers",
            silent=True,
        ),
        Wrong(right.returning("result[0] or result[1]"), "must be a pair"),
    ],
)
