"""Task 40.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l40.cause import MISTAKES, causes, right_cause


def _with_sets(equal: Any, normalised: Any, wider: Any, x: float) -> Any:
    first, left, after = (
        {task for task in harms if harms[task][0] > x} for harms in (equal, normalised, wider)
    )
    if first and left and not after:
        if len(wider) <= 2:
            return "room"
        return "direction" if len(left) < len(normalised) / 2 else "capacity"
    return "not cured" if first and left else "scale" if first else "no harm shown"


def _with_arrays(equal: Any, normalised: Any, wider: Any, x: float) -> Any:
    shares = [
        np.mean([low > x for low, _ in harms.values()]) for harms in (equal, normalised, wider)
    ]
    two = len(equal) < 3
    rows = [shares[0] == 0, shares[1] == 0, shares[2] > 0, two, shares[1] < 0.5, True]
    names = ["no harm shown", "scale", "not cured", "room", "direction", "capacity"]
    return np.str_(names[rows.index(True)])


def _as_list(equal: Any, normalised: Any, wider: Any, x: float) -> Any:
    return [right_cause(equal, normalised, wider, x)]


def _pops(equal: Any, normalised: Any, wider: Any, x: float) -> Any:
    found = right_cause(equal, normalised, wider, x)
    normalised.clear()
    return found


def _room_first(equal: Any, normalised: Any, wider: Any, x: float) -> str:
    """Two tasks, of which one is not cured."""
    found = right_cause(equal, normalised, wider, x)
    return "room" if found == "not cured" and len(equal) < 3 else found


def _fewer_is_scale(equal: Any, normalised: Any, wider: Any, x: float) -> str:
    """Normalising cures some tasks, not all."""
    before, after = (sum(low > x for low, _ in harms.values()) for harms in (equal, normalised))
    return "scale" if after < before else right_cause(equal, normalised, wider, x)


PROOF = Proof(
    task="40.2",
    right=[_with_sets, _with_arrays],
    wrong=[
        *silent(MISTAKES),
        Wrong(_room_first, "must be 'not cured', got 'room'", silent=True),
        Wrong(_fewer_is_scale, "must be 'direction', got 'scale'", silent=True),
        Wrong(causes(open_=lambda count, tasks: count < 3), "'direction', got 'room'", silent=True),
        Wrong(_as_list, "got list ['direction']"),
        Wrong(_pops, "changes `normalised`"),
        Wrong(lambda *case: right_cause(*case).upper(), "got str 'DIRECTION'", silent=True),
        Wrong(lambda *case: None, "got None"),
    ],
)
