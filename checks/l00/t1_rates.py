"""Task 00.1: rates from two dictionaries of counts."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten

right = LessonAnswer("00.1")
shown_call = in_one_line(right)

CASES: list[Case] = [
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

RATE = "happened.get(scenario, 0) / count"

SLIPS = {
    "Divide what happened by how often it was shown, not the other way round.": right.edit(
        {RATE: "count / happened.get(scenario, 1)"}
    ),
    "Divide by this scenario's own count, not by the sum of all.": right.edit(
        {RATE: "happened.get(scenario, 0) / sum(shown.values())"}
    ),
    "That is the count.": right.edit({RATE: "happened.get(scenario, 0)"}),
    "A rate is a share of 1, not of 100.": right.edit({RATE: f"100 * {RATE}"}),
    "It is 0 only where nothing happened; // drops the decimals, / keeps them.": right.edit(
        {RATE: RATE.replace("/", "//")}
    ),
}


def _read(got: Any, case: Case) -> dict[str, float | None]:
    call, shown = shown_call(case), case[0]
    refuse_none(got, call, "a dictionary")
    if not isinstance(got, dict):
        reject(f"{call} must be a dictionary, got {shorten(got)}.")
    for scenario in shown:
        if scenario not in got:
            reject(f"{call} has no entry for {scenario!r}, which was shown.")
    more = [one for one in got if one not in shown]
    if more:
        reject(f"{call} has an entry for {more[0]!r}, which was not shown at all.")
    return {scenario: _rate(call, scenario, got[scenario], shown[scenario]) for scenario in shown}


def _rate(call: str, scenario: str, got: Any, count: int) -> float | None:
    if count == 0:
        if got is not None:
            reject(f"{call}: {scenario!r} was shown 0 times, its rate is None, got {shorten(got)}.")
        return None
    if got is None:
        reject(f"{call}: {scenario!r} was shown, so its rate is a number; got None.")
    return as_number(got, f"The rate of {scenario!r} in {call}")


MISSING = "A scenario that is missing in `happened` has the rate 0.0."

TASK = checked(
    "00.1",
    "Rates from two dictionaries of counts.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Go through the scenarios of `shown`, not those of `happened`.",
        "`happened.get(scenario, 0)` is 0 where nothing happened. What about a count of 0 below "
        "the line?",
        "{scenario: happened.get(scenario, 0) / count if count else None for scenario, count in "
        "shown.items()}",
    ),
    insight="Counts tell how much was shown; rates tell how people behave.",
    shown=shown_call,
    read=_read,
    place=lambda case, at: f"{shown_call(case)}: the rate of {at[0]!r}",
    leaves=False,
    forgotten={
        "KeyError: 'cart'": MISSING,
        "KeyError: 'search'": MISSING,
        "ZeroDivisionError": "A scenario that was shown 0 times has the rate None.",
    },
)
