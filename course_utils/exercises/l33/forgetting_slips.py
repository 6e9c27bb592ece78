"""Wrong answers to task 33.1 that its check names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Key = tuple[str, str]
Found = tuple[Key, float, float]


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


def in_alphabet(before: Any, after: Any) -> Found:
    return right_forgetting({key: before[key] for key in sorted(before)}, after)


def zero_is_missing(before: Any, after: Any) -> Found:
    return right_forgetting(before, {key: auc for key, auc in after.items() if auc})


def moved_alone(before: Any, after: Any) -> Found:
    changes = _changes(before, after)
    moved = {key: change for key, change in changes.items() if change} or changes
    key = min(moved, key=lambda one: moved[one])
    return key, moved[key], sum(moved.values()) / len(moved)


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
    "pairs are sorted; of equal ones the first of before counts (pandas aligns and sorts)": (
        in_alphabet
    ),
    "an AUC of 0 is left out; it is a number": zero_is_missing,
    "pairs that did not change are left out of the mean": moved_alone,
    "before and after are paired by their place; pair them by key": by_place,
    "a change that cannot be told counts as 0; leave it out": nan_as_zero,
    "what is new counts as a change from .5; it was not there before: leave it out": (
        new_from_a_guess
    ),
    "what is gone counts as a fall to .5; leave it out": gone_is_a_loss,
}
