"""Task 33.1: what the old ones lose when something is added, the worst and the mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import ask_quietly, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same

Key = tuple[str, str]
Case = tuple[dict[Key, float], dict[Key, float]]
Found = tuple[Key, float, float]

ERRATA = {"E18": '"easily extended" is judged by a mean, and the scenario that loses is not seen'}

_NAN = float("nan")

_CASES: list[Case] = [
    (
        {("click", "home"): 0.75, ("click", "mail"): 0.70},
        {("click", "home"): 0.77, ("click", "mail"): 0.69, ("save", "home"): 0.60},
    ),
    (
        {("click", "home"): 0.80, ("buy", "home"): 0.70, ("buy", "mail"): 0.62},
        {("buy", "mail"): 0.66, ("buy", "home"): 0.65, ("click", "home"): 0.70},
    ),
    # All gain: the worst is the least gain.
    ({("a", "x"): 0.60, ("b", "x"): 0.61}, {("a", "x"): 0.63, ("b", "x"): 0.62}),
    # A large gain is the greatest change, and no loss.
    ({("a", "x"): 0.50, ("a", "y"): 0.70}, {("a", "x"): 0.80, ("a", "y"): 0.68}),
    # One scenario had one label alone, before or after.
    (
        {("a", "x"): _NAN, ("a", "y"): 0.70, ("b", "y"): 0.60, ("b", "x"): 0.55},
        {("a", "x"): 0.20, ("a", "y"): 0.69, ("b", "y"): _NAN, ("b", "x"): 0.54},
    ),
    # Equal ones: the first of ``before``.
    ({("z", "x"): 0.75, ("a", "x"): 0.75}, {("a", "x"): 0.5, ("z", "x"): 0.5}),
    # A scenario was switched off: it is not there after.
    ({("a", "x"): 0.70, ("a", "y"): 0.90}, {("a", "x"): 0.71}),
    ({("a", "x"): 0.70}, {("a", "x"): 0.70, ("b", "x"): 0.10}),
    # In shares of what was there the order is another.
    ({("a", "x"): 0.90, ("a", "y"): 0.55}, {("a", "x"): 0.86, ("a", "y"): 0.52}),
]


def _changes(before: Any, after: Any) -> dict[Key, float]:
    both = {key: after[key] - old for key, old in before.items() if key in after}
    return {key: change for key, change in both.items() if not np.isnan(change)}


def right_forgetting(before: Any, after: Any) -> Found:
    changes = _changes(before, after)
    key = min(changes, key=lambda one: changes[one])
    return key, changes[key], sum(changes.values()) / len(changes)


def by_the_mean(before: Any, after: Any) -> Found:
    key, _, mean = right_forgetting(before, after)
    return key, mean, mean


def _by(change: Callable[[float, float], float], worst: Any = min) -> Callable[..., Found]:
    def run(before: Any, after: Any) -> Found:
        found = {key: change(before[key], after[key]) for key in _changes(before, after)}
        key = worst(found, key=lambda one: found[one])
        return key, found[key], sum(found.values()) / len(found)

    return run


def greatest_change(before: Any, after: Any) -> Found:
    changes = _changes(before, after)
    key = max(changes, key=lambda one: abs(changes[one]))
    return key, changes[key], sum(changes.values()) / len(changes)


def order_of_after(before: Any, after: Any) -> Found:
    return right_forgetting({key: before[key] for key in after if key in before}, after)


def by_place(before: Any, after: Any) -> Found:
    paired = dict(zip(before, after.values(), strict=False))
    return right_forgetting(before, paired)


def nan_as_zero(before: Any, after: Any) -> Found:
    both = {key: after[key] - old for key, old in before.items() if key in after}
    found = {key: 0.0 if np.isnan(one) else one for key, one in both.items()}
    key = min(found, key=lambda one: found[one])
    return key, found[key], sum(found.values()) / len(found)


def new_from_a_guess(before: Any, after: Any) -> Found:
    return right_forgetting({**{key: 0.5 for key in after if key not in before}, **before}, after)


def gone_is_a_loss(before: Any, after: Any) -> Found:
    return right_forgetting(before, {**{key: 0.5 for key in before if key not in after}, **after})


MISTAKES: dict[str, Callable[..., Any]] = {
    "the sign is turned: a loss must be below 0, after less before": _by(lambda a, b: a - b, max),
    "the best change is returned, not the worst": _by(lambda a, b: b - a, max),
    "the change that is greatest without its sign is returned: a large gain is no forgetting": (
        greatest_change
    ),
    "changes are shares of the AUC before; the text asks for differences": _by(
        lambda a, b: (b - a) / a
    ),
    "of equal ones the first of after is named; the text asks for the first of before": (
        order_of_after
    ),
    "before and after are paired by their place; pair them by key": by_place,
    "a change that cannot be told counts as 0; leave it out": nan_as_zero,
    "what is new counts as a change from .5; it was not there before: leave it out": (
        new_from_a_guess
    ),
    "what is gone counts as a fall to .5; leave it out": gone_is_a_loss,
}


def check_forgetting(answer: Any) -> None:
    gots = ask_quietly(lambda *case: _read(answer(*case), case), _CASES)
    if all(same(got, by_the_mean(*case)) for got, case in zip(gots, _CASES, strict=True)):
        key, worst, mean = right_forgetting(*_CASES[1])
        reject(
            f"{_told(_CASES[1])}the second entry must be {worst:g}, the change of {key}, got "
            f"{mean:.4g}: the mean of all. One that loses hides behind those that gain.",
            "E18",
        )
    compare(
        answer,
        _CASES,
        right_forgetting,
        _read,
        lambda case: f"{_told(case)}the result",
        MISTAKES,
    )


def _told(case: Any) -> str:
    return with_lines(before=case[0], after=case[1])


def _read(got: Any, case: Any) -> Found:
    told = _told(case)
    refuse_none(got, f"{told}the result", "a tuple of three")
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        reject(f"{told}the result must be (key, worst, mean), got {shorten(got)}.")
    key, worst, mean = got
    if key not in case[0] and key not in case[1]:
        reject(f"{told}the key must be one of {list(case[0])}, got {shorten(key)}.")
    worst, mean = (as_number(one, f"{told}worst and mean") for one in (worst, mean))
    return key, worst, mean


TASK = Task(
    id="33.1",
    prompt="Return the (task, scenario) that loses most, its change of AUC, and the mean change.",
    check_answer=check_forgetting,
    hints=(
        "Only what stands in both tables, with a number in both, can have changed.",
        "change = after[key] - before[key]; the least one is the worst, with its sign.",
        "changes = {k: after[k] - before[k] for k in before if k in after}; drop nan "
        "(change == change is False for it); key = min(changes, key=changes.get).",
    ),
    insight="An extension is judged by the worst old pair of task and scenario, then by the mean.",
    errata=ERRATA,
)
