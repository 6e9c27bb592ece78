"""Task 00.1: rates from two dictionaries of counts."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import apart, rounded_to, same

Counts = dict[str, int]

CASES: list[tuple[Counts, Counts]] = [
    ({"home": 200, "cart": 0}, {"home": 10}),
    ({"home": 13_900, "search": 5_000, "cart": 1_100}, {"search": 732, "home": 1_439, "cart": 114}),
    ({"search": 40, "cart": 8}, {"cart": 8}),
    ({"home": 3}, {"home": 1, "search": 4}),
    ({"home": 10, "cart": 4}, {"home": 0, "cart": 4}),
    ({"home": 0}, {"home": 0}),
    ({}, {"home": 1}),
    # Any name, as it is spelt; shown once, or never and yet something happened; a rate above 1.
    ({"home": 1, "Mail": 4, "cart": 0}, {"home": 3, "Mail": 1, "cart": 2}),
    ({"home": 1}, {"home": 1}),
    ({"search": 3_000_000}, {"search": 1}),
]

MISSING = "A scenario that is missing in `happened` has the rate 0.0."


def right_rates(shown: Counts, happened: Counts) -> dict[str, float | None]:
    return {s: happened.get(s, 0) / n if n else None for s, n in shown.items()}


def check_rates(answer: Any) -> None:
    for shown, happened in CASES:
        call = f"rates({shown}, {happened})"
        got = answer(shown, happened)
        refuse_none(got, call, "a dictionary")
        if not isinstance(got, dict):
            reject(f"{call} must be a dictionary, got {shorten(got)}.")
        want = right_rates(shown, happened)
        for scenario in shown:
            if scenario not in got:
                reject(f"{call} has no entry for {scenario!r}, which was shown.")
        more = [one for one in got if one not in want]
        if more:
            reject(f"{call} has an entry for {more[0]!r}, which was not shown at all.")
        for scenario, rate in want.items():
            _check_rate(call, scenario, got[scenario], rate, shown, happened)


def _check_rate(
    call: str, scenario: str, got: Any, want: float | None, shown: Counts, happened: Counts
) -> None:
    if want is None:
        if got is not None:
            reject(f"{call}: {scenario!r} was shown 0 times, its rate is None, got {shorten(got)}.")
        return
    if got is None:
        reject(f"{call}: {scenario!r} was shown, so its rate is a number; got None.")
    number = as_number(got, f"The rate of {scenario!r} in {call}")
    if same(number, want):
        return
    texts = apart(want, number)
    said = f"{call}: the rate of {scenario!r} must be {texts[0]}, got {texts[1]}."
    count = happened.get(scenario, 0)
    if count and same(number, shown[scenario] / count):
        reject(f"{said} Divide what happened by how often it was shown, not the other way round.")
    if same(number, count / sum(shown.values())):
        reject(f"{said} Divide by this scenario's own count, not by the sum of all.")
    if same(number, count):
        reject(f"{said} That is the count.")
    if same(number, 100 * want):
        reject(f"{said} A rate is a share of 1, not of 100.")
    if number == 0:
        reject(
            f"{said} It is 0 only where nothing happened. (// drops the decimals, / keeps them.)"
        )
    if rounded_to([number], [want]) is not None:
        reject(f"{said} Do not round.")
    reject(said)


TASK = Task(
    id="00.1",
    prompt="Rates from two dictionaries of counts.",
    check_answer=check_rates,
    hints=(
        "Go through the scenarios of `shown`, not those of `happened`.",
        "`happened.get(scenario, 0)` is 0 where nothing happened. What about a count of 0 below "
        "the line?",
        "{scenario: happened.get(scenario, 0) / count if count else None for scenario, count in "
        "shown.items()}",
    ),
    insight="Counts tell how much was shown; rates tell how people behave.",
    forgotten={
        "KeyError: 'cart'": MISSING,
        "KeyError: 'search'": MISSING,
        "ZeroDivisionError": "A scenario that was shown 0 times has the rate None.",
    },
)
