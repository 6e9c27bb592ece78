"""Task 52.6: codes with a place for what training has not seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l52.shared import compare_named, shown_by
from course_utils.exercises.reading import as_array

CASES: list[Case] = [
    (["Oslo", "Rome", "Oslo"], ["Rome", "Paris", "Oslo"]),
    (["b", "a", "c", "a"], ["c", "a", "z", "b", "b"]),
    (["x"], ["x", "X", " x"]),
    (["a", "b", "b"], ["a", "b"]),  # the commonest is not the first
    (["10", "9", "2"], ["9", "10", "2", "7"]),
    (["Zürich", "Ålesund", "上海"], ["上海", "北京", "Zürich"]),
    (["a"], []),
    ([], ["a", "b"]),
    (["b", "a"], ["unknown", "", "a"]),
    (["b", "A", "a", "B"], ["a", "A", "B", "b"]),
    (["", "a"], ["a", ""]),
    ([f"{k:03}" for k in range(130)], ["129", "5"]),
]


def coded(
    of_unknown: Callable[[dict[str, int], str], int] = lambda code, value: 1,
    first: int = 2,
    order: Callable[[list[str]], list[str]] = lambda seen: sorted(set(seen)),
    learnt: Callable[[list[str], list[str]], list[str]] = lambda train, values: list(train),
) -> Callable[[list[str], list[str]], list[int]]:
    """Codes, or what becomes of them by one slip."""

    def codes(train: list[str], values: list[str]) -> list[int]:
        code = {one: k for k, one in enumerate(order(learnt(train, values)), first)}
        return [code[one] if one in code else of_unknown(code, one) for one in values]

    return codes


def _fails(code: dict[str, int], value: str) -> int:
    raise KeyError(value)


right_codes = coded()
article = coded(of_unknown=_fails)
as_padding = coded(of_unknown=lambda code, value: 0)
no_padding = coded(of_unknown=lambda code, value: 0, first=1)
minus_one = coded(of_unknown=lambda code, value: -1)
new_row = coded(of_unknown=lambda code, value: len(code) + 2)
last_seen = coded(of_unknown=lambda code, value: max(code.values(), default=2))
from_both = coded(learnt=lambda train, values: [*train, *values])
by_appearance = coded(order=lambda seen: list(dict.fromkeys(seen)))
by_frequency = coded(order=lambda seen: sorted(set(seen), key=lambda one: (-seen.count(one), one)))
from_zero = coded(of_unknown=lambda code, value: len(code), first=0)
repeats = coded(order=sorted)
capitals_aside = coded(order=lambda seen: sorted(set(seen), key=lambda one: (one.lower(), one)))


def _alike(bare: Callable[[str], str]) -> Callable[[list[str], list[str]], list[int]]:
    return lambda train, values: right_codes([*map(bare, train)], [*map(bare, values)])


lowered = _alike(str.lower)
stripped = _alike(str.strip)

MISTAKES = {
    "an unknown value gets 0, the code of padding: the mask will hide the step": as_padding,
    "the codes seen start at 1 and unknown values get the 0 of padding": no_padding,
    "an unknown value gets -1: an embedding has no such row": minus_one,
    "an unknown value gets a number behind the last: the embedding has no such row": new_row,
    "an unknown value gets the code of a known one": last_seen,
    "the values that are asked for were learnt too: in production they come one by one": from_both,
    "the codes follow the order of appearance; sort the values": by_appearance,
    "the codes follow how often a value occurs; sort the values themselves": by_frequency,
    "the codes start at 0, which is padding": from_zero,
    "values that repeat are counted twice": repeats,
    "Capitals count: `x` and `X` are two values.": lowered,
    "Spaces count: `x` and ` x` are two values.": stripped,
    "Capitals and spaces count.": _alike(lambda one: one.strip().lower()),
    "capitals are sorted beside small letters; `sorted` puts them first": capitals_aside,
}
_UNKNOWN = (
    "an unknown value gets",
    "unknown values get the 0 of padding",
    "the values that are asked for were learnt too",
)

_shown = shown_by("codes")


def check_codes(answer: Any) -> None:
    compare_named(
        answer,
        CASES,
        lambda train, values: np.array(right_codes(train, values), dtype=float),
        lambda got, case: as_array(got, f"{_shown(case)}: the result", (len(case[1]),)),
        _shown,
        MISTAKES,
        dict.fromkeys(_UNKNOWN, "E79"),
    )


TASK = Task(
    id="52.6",
    prompt="Return the code of each value; 1 for one that training has not seen.",
    check_answer=check_codes,
    hints=(
        "Two codes are taken: 0 is padding, 1 is unknown. The first seen value gets 2.",
        "code = {value: k for k, value in enumerate(sorted(set(train)), 2)}",
        "[code.get(value, 1) for value in values]",
    ),
    insight="A new city is a row of the embedding like another. Train it: hide a few cities now "
    "and then.",
    errata={"E79": "a city or a customer that training has not seen has no code"},
    crashes={"Paris": "E79"},
)
