"""Task 33.7: position bias, from verdicts in both orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten

Case = tuple[list[str], list[str]]
Found = tuple[float, float, float]

_CASES: list[Case] = [
    (["A", "A", "B", "A"], ["A", "B", "A", "B"]),
    # It takes what stands first, whatever stands there.
    (["A"] * 5, ["A"] * 5),
    (["B"] * 3, ["B"] * 3),
    # It prefers the same product in both orders.
    (["A", "B", "A"], ["B", "A", "B"]),
    (["B"], ["A"]),
    (["A"], ["A"]),
    (["B", "B", "A", "A", "B", "A", "A"], ["B", "A", "A", "B", "B", "A", "B"]),
]


def right_swap(one: Any, two: Any) -> Found:
    n = len(one)
    changed = sum(a == b for a, b in zip(one, two, strict=True)) / n
    first = (one.count("A") + two.count("A")) / (2 * n)
    wins = (one.count("A") + two.count("B")) / (2 * n)
    return changed, first, wins


def _with(at: int, value: Callable[[Any, Any], float]) -> Callable[..., Any]:
    def run(one: Any, two: Any) -> Any:
        found = list(right_swap(one, two))
        found[at] = value(one, two)
        return tuple(found)

    return run


MISTAKES: dict[str, Callable[..., Any]] = {
    "letters that differ are counted as a change; the products have changed places, so the letter "
    "of the same product differs": _with(
        0, lambda a, b: sum(x != y for x, y in zip(a, b, strict=True)) / len(a)
    ),
    "changes are counted, not their share": _with(
        0, lambda a, b: float(sum(x == y for x, y in zip(a, b, strict=True)))
    ),
    "the changes are divided by all verdicts; there is one change a pair at most": _with(
        0, lambda a, b: right_swap(a, b)[0] / 2
    ),
    "only the first order is asked how often it takes A": _with(
        1, lambda a, b: a.count("A") / len(a)
    ),
    "only the first order is asked how often the first product wins": _with(
        2, lambda a, b: a.count("A") / len(a)
    ),
    "the letter A counts as the first product in both orders; in the second it stands last, as B": (
        _with(2, lambda a, b: right_swap(a, b)[1])
    ),
    "a pair counts for the first product only where both orders agree; each verdict counts half": (
        _with(
            2,
            lambda a, b: sum(x == "A" and y == "B" for x, y in zip(a, b, strict=True)) / len(a),
        )
    ),
    "both orders are laid out as if nothing had been swapped": lambda a, b: right_swap(
        a, ["AB"[x == "A"] for x in b]
    ),
}


def check_swap(answer: Any) -> None:
    compare(
        leaving(answer, ("one", "two"), _told),
        _CASES,
        right_swap,
        _read,
        _told,
        MISTAKES,
        lambda case, path: f"{_told(case)}: {_NAMES[path[0]]}",
    )


_NAMES = ("the share that changes", "the share of A", "the share that the first product wins")


def _told(case: Case) -> str:
    return call_of("swapped", case)


def _read(got: Any, case: Case) -> Found:
    got = got.tolist() if isinstance(got, np.ndarray) else got
    refuse_none(got, _told(case), "a tuple of three")
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        reject(f"{_told(case)} must be (changed, named_a, wins), got {shorten(got)}.")
    changed, first, wins = (
        as_number(one, f"{_told(case)}: {name}") for one, name in zip(got, _NAMES, strict=True)
    )
    return changed, first, wins


TASK = Task(
    id="33.7",
    prompt="Return the share of verdicts that change, the share of A, and the first one's wins.",
    check_answer=check_swap,
    hints=(
        "In the second order the first product is called B.",
        "The same letter twice: another product was preferred. The first product wins a half for A "
        "in the first order, and a half for B in the second.",
        "changed = np.mean([a == b for a, b in zip(one, two)]); named_a = (one.count('A') + "
        "two.count('A')) / (2 * len(one)); wins counts 'A' in one and 'B' in two.",
    ),
    insight="Both orders together, a judge that only names a place has half of its verdicts right.",
)
