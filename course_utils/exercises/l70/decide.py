"""Task 70.7: launch, do not, or run longer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten

Guards = Mapping[str, tuple[float, float, float]]
Found = tuple[str, list[str]]

LAUNCH, NO, LONGER = "launch", "do not launch", "run longer"

CASES: list[Case] = [
    ((3.0, 9.0), {"clicks": (-1.0, 0.5, 2.0)}, 1.0),
    ((0.5, 9.0), {"clicks": (-1.0, 0.5, 2.0)}, 1.0),
    ((-4.0, 0.8), {"clicks": (-1.0, 0.5, 2.0)}, 1.0),
    # A guardrail is broken for sure: money does not matter.
    ((30.0, 40.0), {"clicks": (-5.0, -3.0, 2.0), "carts": (0.0, 1.0, 2.0)}, 1.0),
    # A guardrail is open: money is sure.
    ((3.0, 9.0), {"clicks": (-3.0, 1.0, 2.0), "speed": (-1.0, 1.0, 5.0)}, 1.0),
    # Two are open, one is broken; the names are sorted.
    ((3.0, 9.0), {"speed": (-9.0, -6.0, 5.0), "carts": (-4.0, 1.0, 3.0),
                  "clicks": (-3.0, 1.0, 2.0)}, 1.0),
    # Exactly on the bounds: money at the hurdle is not above it; a guardrail there keeps its bound.
    ((1.0, 5.0), {"clicks": (-2.0, 0.0, 2.0)}, 1.0),
    ((2.0, 5.0), {"clicks": (-2.0, 0.0, 2.0)}, 1.0),
    ((-3.0, 1.0), {"clicks": (-1.0, 0.0, 2.0)}, 1.0),
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


Word = Callable[[float, float, float], str | None]


def _over(low: float, high: float, hurdle: float) -> str | None:
    return "ok" if low > hurdle else "no" if high <= hurdle else None


def _within(low: float, high: float, allowed: float) -> str | None:
    return "ok" if low >= -allowed else "no" if high < -allowed else None


def _by(money: Word = _over, guard: Word = _within) -> Callable[..., Found]:
    def answer(effect: Any, guards: Guards, hurdle: float) -> Found:
        said = {"money": money(effect[0], effect[1], hurdle)}
        said |= {name: guard(*of) for name, of in guards.items()}
        no = sorted(name for name, word in said.items() if word == "no")
        open_ = sorted(name for name, word in said.items() if word is None)
        return (NO, no) if no else (LONGER, open_) if open_ else (LAUNCH, [])

    return answer


right_decide = _by()


def _half_known(low: float, high: float, bound: float) -> str | None:
    return "ok" if (low + high) / 2 > bound else "no"


def money_first(effect: Any, guards: Guards, hurdle: float) -> Found:
    """Money that is sure launches, whatever the guardrails say."""
    if effect[0] > hurdle:
        return LAUNCH, []
    return right_decide(effect, guards, hurdle)


def open_first(effect: Any, guards: Guards, hurdle: float) -> Found:
    """An open metric runs longer, also where another has said no."""
    word, names = right_decide(effect, guards, hurdle)
    lenient = _by(
        lambda low, high, h: "ok" if low > h else None,
        lambda low, high, allowed: "ok" if low >= -allowed else None if high >= -allowed else "no",
    )
    other, open_ = lenient(effect, guards, hurdle)
    return (other, open_) if word == NO and other == LONGER else (word, names)


def everything_named(effect: Any, guards: Guards, hurdle: float) -> Found:
    """What is open is named beside what says no."""
    word, names = right_decide(effect, guards, hurdle)
    if word != NO:
        return word, names
    said = [n for n, (low, _, allowed) in guards.items() if low < -allowed]
    return word, sorted({*said, *(["money"] if effect[0] <= hurdle else [])})


MISTAKES: dict[str, Callable[..., Found]] = {
    "money is held against 0, not against what the new ranker must bring": _by(
        lambda low, high, hurdle: "ok" if low > 0 else "no" if high <= 0 else None
    ),
    "the middle of the interval decides": _by(
        _half_known, lambda low, high, allowed: "ok" if (low + high) / 2 >= -allowed else "no"
    ),
    "money that ends exactly at the hurdle passes; it must lie above": _by(
        lambda low, high, hurdle: "ok" if low >= hurdle else "no" if high <= hurdle else None
    ),
    "money whose upper end is the hurdle is open; it cannot pass any more": _by(
        lambda low, high, hurdle: "ok" if low > hurdle else "no" if high < hurdle else None
    ),
    "a guardrail passes if no loss is shown: its interval holds 0": _by(
        guard=lambda low, high, allowed: "ok" if high >= 0 else "no" if high < -allowed else None
    ),
    "a guardrail that ends exactly at its bound is open; it keeps it": _by(
        guard=lambda low, high, allowed: (
            "ok" if low > -allowed else "no" if high < -allowed else None
        )
    ),
    "a guardrail whose upper end is exactly at its bound is broken; it is open": _by(
        guard=lambda low, high, allowed: (
            "ok" if low >= -allowed else "no" if high <= -allowed else None
        )
    ),
    "a guardrail that is open is taken as broken": _by(
        guard=lambda low, high, allowed: "ok" if low >= -allowed else "no"
    ),
    "a guardrail allows no loss at all; what is allowed is left out": _by(
        guard=lambda low, high, allowed: "ok" if low >= 0 else "no" if high < 0 else None
    ),
    "a guardrail must be better by what it may lose: the sign is turned": _by(
        guard=lambda low, high, allowed: (
            "ok" if low >= allowed else "no" if high < allowed else None
        )
    ),
    "sure money launches, whatever a guardrail says": money_first,
    "what is open comes before what says no": open_first,
    "with a no, what is only open is named too": everything_named,
}


def _told(case: Case) -> str:
    return with_lines(effect=case[0], guards=case[1], hurdle=case[2]) + "the result"


def _read(got: Any, case: Case) -> dict[str, Any]:
    told = _told(case)
    refuse_none(got, told, "a pair")
    if not isinstance(got, tuple | list) or len(got) != 2:
        reject(f"{told} must be (decision, names), got {shorten(got)}.")
    word, names = got
    if word not in (LAUNCH, NO, LONGER):
        reject(
            f"{told}: the decision must be '{LAUNCH}', '{NO}' or '{LONGER}', got {shorten(word)}."
        )
    if not isinstance(names, tuple | list):
        reject(f"{told}: the names must be a list, got {shorten(names)}.")
    return {"decision": word, "names": ", ".join(map(str, names)) or "none"}


def _flat(found: Found) -> dict[str, Any]:
    return {"decision": found[0], "names": ", ".join(found[1]) or "none"}


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
