"""Task 70.7: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l70.decide_slips import MISTAKES, right_decide


def _as_one_list(effect: Any, guards: Any, hurdle: Any) -> Any:
    """Money as one more guardrail, strict where the others are not."""
    no, left = [], []
    low, high = effect
    if high <= hurdle:
        no.append("money")
    elif low <= hurdle:
        left.append("money")
    for name, (lowest, highest, allowed) in guards.items():
        if highest + allowed < 0:
            no.append(name)
        elif lowest + allowed < 0:
            left.append(name)
    for word, names in (("do not launch", no), ("run longer", left)):
        if names:
            return word, sorted(names)
    return "launch", []


def _with_sets(effect: Any, guards: Any, hurdle: Any) -> Any:
    passed = {name for name, (low, _, allowed) in guards.items() if -low <= allowed}
    broken = {name for name, (_, high, allowed) in guards.items() if -high > allowed}
    if effect[0] > hurdle:
        passed.add("money")
    if not effect[1] > hurdle:
        broken.add("money")
    if broken:
        return ["do not launch", sorted(broken)]
    missing = {"money", *guards} - passed
    return ["run longer" if missing else "launch", np.array(sorted(missing))]


def _unsorted(effect: Any, guards: Any, hurdle: Any) -> Any:
    word, names = right_decide(effect, guards, hurdle)
    return word, sorted(names, reverse=True)


def _no_names(*case: Any) -> Any:
    return right_decide(*case)[0], []


def _money_unnamed(*case: Any) -> Any:
    word, names = right_decide(*case)
    return word, [name for name in names if name != "money"]


PROOF = Proof(
    task="70.7",
    right=[_as_one_list, _with_sets],
    wrong=[
        *silent(MISTAKES),
        Wrong(_unsorted, "got ['speed', 'late', 'carts'].", silent=True),
        Wrong(_no_names, "the names must be ['clicks'], got [].", silent=True),
        Wrong(_money_unnamed, "the names must be ['money'], got [].", silent=True),
        Wrong(lambda *case: right_decide(*case)[0], "must be (decision, names)"),
        Wrong(lambda *case: (right_decide(*case)[0], "money"), "the names must be a list, got str"),
        Wrong(lambda *case: (True, []), "the decision must be 'launch', 'do not launch' or"),
    ],
)
