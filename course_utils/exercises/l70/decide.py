"""Task 70.7: launch, do not, or run longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l70.decide_slips import (
    LAUNCH,
    LONGER,
    MISTAKES,
    NO,
    Found,
    right_decide,
)
from course_utils.exercises.reading import among, as_list, refuse_none
from course_utils.exercises.theirs import shorten

CASES: list[Case] = [
    ((3.0, 9.0), {"clicks": (-1.0, 0.5, 2.0)}, 1.0),
    # A guardrail is open: money is sure.
    ((3.0, 9.0), {"clicks": (-3.0, 1.0, 2.0), "speed": (-1.0, 1.0, 5.0)}, 1.0),
    # Money is open; then it says no.
    ((0.5, 9.0), {"clicks": (-1.0, 0.5, 2.0)}, 1.0),
    ((-4.0, 0.8), {"clicks": (-1.0, 0.5, 2.0)}, 1.0),
    # A guardrail is broken for sure: money does not matter.
    ((30.0, 40.0), {"clicks": (-5.0, -3.0, 2.0), "carts": (0.0, 1.0, 2.0)}, 1.0),
    # Two are open, one is broken; the names are sorted.
    ((3.0, 9.0), {"speed": (-9.0, -6.0, 5.0), "carts": (-4.0, 1.0, 3.0),
                  "clicks": (-3.0, 1.0, 2.0)}, 1.0),
    # Several guardrails are broken, or open: all are named, sorted, and money among them.
    ((3.0, 9.0), {"speed": (-9.0, -6.0, 5.0), "carts": (-9.0, -4.0, 3.0), "late": (-8.0, -7.0, 2.0),
                  "clicks": (-3.0, 1.0, 2.0)}, 1.0),
    ((0.5, 9.0), {"speed": (-9.0, 1.0, 5.0), "late": (-3.0, 1.0, 2.0), "clicks": (-1.0, 0.5, 2.0),
                  "carts": (-4.0, 1.0, 3.0)}, 1.0),
    ((-3.0, 0.5), {"speed": (-9.0, -6.0, 5.0), "carts": (-9.0, -4.0, 3.0)}, 1.0),
    # Exactly on the bounds: money at the hurdle is not above it; a guardrail there keeps its bound.
    ((1.0, 5.0), {"clicks": (-2.0, 0.0, 2.0)}, 1.0),
    ((2.0, 5.0), {"clicks": (-2.0, 0.0, 2.0)}, 1.0),
    ((-3.0, 1.0), {"clicks": (-1.0, 0.0, 2.0)}, 1.0),
    # A loss for sure, and not known whether by more than is allowed; then exactly by as much.
    ((2.0, 5.0), {"clicks": (-6.0, -1.0, 2.0)}, 1.0),
    ((2.0, 5.0), {"clicks": (-6.0, -2.0, 2.0)}, 1.0),
    # Above 0, and below what the new ranker costs.
    ((0.2, 0.9), {"clicks": (0.0, 1.0, 2.0)}, 1.0),
    # No guardrails; a hurdle below 0: the new ranker is cheaper.
    ((0.5, 2.0), {}, 0.0),
    ((-0.5, 2.0), {}, -1.0),
    ((-4.0, -2.0), {}, -1.0),
    # An allowed loss of 0: no loss is allowed. Money is open, a guardrail as well.
    ((0.5, 9.0), {"clicks": (-0.5, 0.5, 0.0), "late": (0.1, 0.2, 0.0)}, 1.0),
    # Money says no, and a guardrail is open; and money says no, a guardrail is broken.
    ((-3.0, 0.0), {"clicks": (-3.0, 1.0, 2.0)}, 1.0),
    ((-3.0, 0.0), {"clicks": (-9.0, -4.0, 2.0)}, 1.0),
]  # fmt: skip


def _told(case: Case) -> str:
    return with_lines(effect=case[0], guards=case[1], hurdle=case[2]) + "the result"


def _read(got: Any, case: Case) -> dict[str, Any]:
    told = _told(case)
    refuse_none(got, told, "a pair")
    if not isinstance(got, tuple | list) or len(got) != 2:
        reject(f"{told} must be (decision, names), got {shorten(got)}.")
    word, names = got
    if not among(word, (LAUNCH, NO, LONGER)):
        reject(
            f"{told}: the decision must be '{LAUNCH}', '{NO}' or '{LONGER}', got {shorten(word)}."
        )
    return {"decision": word, "names": list(map(str, as_list(names, f"{told}: the names")))}


def _flat(found: Found) -> dict[str, Any]:
    return {"decision": found[0], "names": found[1]}


def _wrapped(gives: Callable[..., Found]) -> Callable[..., dict[str, Any]]:
    return lambda *case: _flat(gives(*case))


def check_decide(answer: Any) -> None:
    compare(
        answer,
        CASES,
        lambda *case: _flat(right_decide(*case)),
        _read,
        _told,
        {name: _wrapped(gives) for name, gives in MISTAKES.items()},
        lambda case, at: f"{_told(case)[: -len('the result')]}the {at[0]}",
    )


TASK = Task(
    id="70.7",
    prompt="Turn intervals, guardrails and a hurdle into launch, do not launch, or run longer.",
    check_answer=check_decide,
    hints=(
        "Three words for each metric: it passes, it says no, or its interval leaves it open.",
        "Money passes if low > hurdle, says no if high <= hurdle; a guardrail passes if low >= "
        "-allowed, says no if high < -allowed. A no comes first, then what is open.",
        "no = sorted(names that say no); open = sorted(names that are open); return no first",
    ),
    insight="The rule is written before the test; after it there is nothing left to argue about.",
)
