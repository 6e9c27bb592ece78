"""31.1: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import pandas as pd

from checks.l31.t1_audit import SILENT, right
from checks.proof import Proof, Wrong


def _frame(runs: Any, needed: Any) -> Any:
    table = pd.DataFrame(runs)
    first, rest = table.iloc[0], table.iloc[1:]
    wanted = 0 if first["trials"] is None or pd.isna(first["trials"]) else first["trials"]
    bad = (rest["trials"].astype(float) < wanted) | (rest["rows"] < first["rows"])
    bad |= rest["seeds"].map(sorted) != pd.Series(
        [sorted(first["seeds"])] * len(rest), rest.index, dtype=object
    )
    own = [first["name"]] if first["chosen"] == "test" else []
    return [n for n in needed if n not in set(table["name"])], own + rest["name"][bad].tolist()


def _loop(runs: Any, needed: Any) -> Any:
    winner, *rivals = runs
    unfair = []
    if winner["chosen"] == "test":
        unfair.append(winner["name"])
    for run in rivals:
        few = (
            winner["trials"] is not None
            and run["trials"] is not None
            and run["trials"] < winner["trials"]
        )
        same = sorted(run["seeds"]) == sorted(winner["seeds"])
        if few or run["rows"] < winner["rows"] or not same:
            unfair.append(run["name"])
    names = [run["name"] for run in runs]
    return [[name for name in needed if name not in names], unfair]


PROOF = Proof(
    task="31.1",
    right=[_frame, _loop],
    wrong=[
        Wrong(SILENT, "No rival is ever missing", "E16", silent=True),
        Wrong(right.in_place("runs.pop(0)"), "changes `runs`", silent=True),
        Wrong(right.returning("result[1]"), "must be two lists"),
        Wrong(right.returning("(True, False)"), "must be a list"),
    ],
)
