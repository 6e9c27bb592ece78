"""Task 13.5: helpful votes a year, with the age of the review as exposure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_list, as_number

Case = tuple[list[int], list[int], int, float]
YEAR = 365 * 86_400
NOW = 1_735_689_600


def _case(votes: list[int], years: list[float], weight: float, now: int = NOW) -> Case:
    return votes, [now - round(one * YEAR) for one in years], now, weight


CASES: list[Case] = [
    _case([6, 0], [1.0, 0.5], 2.0),
    _case([3], [0.25], 1.0),
    _case([1, 0, 40, 7, 0], [1 / 365, 2.5, 3.0, 0.8, 0.01], 1.5),
    _case([2, 2, 2], [0.1, 1.0, 4.0], 0.5),
    _case([0, 9, 1, 0, 3, 12], [0.9, 0.3, 0.6, 0.05, 1.4, 1.1], 3.0),
    _case([4, 0, 1], [0.5, 0.2, 0.7], 2.0, now=1_600_000_000),
    _case([300, 1000, 0], [2.0, 5.0, 1.0], 4.0, now=NOW + 1),
    _case([1, 0], [30.0, 20.0], 0.5),  # rates below 0.1: six decimals do not do
    _case([1, 0, 0], [1 / YEAR, 1.0, 1.0], 1.0),  # a second old
    _case([40_000, 1], [1.0, 3.0], 1.0, now=2_200_000_000),  # more than 16 and 32 bits hold
]


def _end_of_2024(votes: list[int], written: list[int], now: int, weight: float) -> np.ndarray:
    return np.asarray(_right(votes, written, NOW, weight))


def _years(written: list[int], now: int) -> np.ndarray:
    return (now - np.array(written)) / YEAR


def _rates(
    years: Callable[[np.ndarray], Any] = lambda t: t,
    prior: Callable[[np.ndarray, np.ndarray], Any] = lambda v, t: v.sum() / t.sum(),
    guess: Callable[..., Any] = lambda v, t, rate, a: (v + a) / (t + a / rate),
) -> Callable[..., np.ndarray]:
    """The rates as they should be but for one thing."""

    def rates(votes: list[int], written: list[int], now: int, weight: float) -> np.ndarray:
        v, t = np.array(votes, float), years(_years(written, now))
        return guess(v, t, prior(v, t), weight)

    return rates


_right = _rates()
raw = _rates(guess=lambda v, t, rate, a: v / t)
plain = _rates(guess=lambda v, t, rate, a: v)
mean_of_rates = _rates(prior=lambda v, t: (v / t).mean())
mean_votes = _rates(prior=lambda v, t: v.mean())
as_years = _rates(guess=lambda v, t, rate, a: (v + a * rate) / (t + a))
both = _rates(guess=lambda v, t, rate, a: (v + a) / (t + a))
only_top = _rates(guess=lambda v, t, rate, a: (v + a) / t)
times = _rates(guess=lambda v, t, rate, a: (v + a) / (t + a * rate))
in_days = _rates(years=lambda t: t * 365)
in_seconds = _rates(years=lambda t: t * YEAR)
leap = _rates(years=lambda t: t * 365 / 365.25)
clipped = _rates(years=lambda t: np.clip(t, 0, 1))
raised = _rates(years=lambda t: np.maximum(t, 1 / 8760))
whole = _rates(years=lambda t: np.maximum(np.floor(t), 1))
unweighted = _rates(guess=lambda v, t, rate, a: (v + 1) / (t + 1 / rate))
same = _rates(guess=lambda v, t, rate, a: np.full(len(v), rate))

MISTAKES: dict[str, Callable[..., np.ndarray]] = {
    "Those are the votes themselves; the age of a review changes nothing.": plain,
    "That is votes / years: nothing is shrunk, so one early vote makes a huge rate.": raw,
    "All reviews get the prior rate; their own votes change nothing.": same,
    "Your prior rate is the mean of the single rates; it is all votes divided by all years.": (
        mean_of_rates
    ),
    "Your prior rate is votes per review; it is votes per year.": mean_votes,
    "Your weight counts years; here it counts votes: add weight on top and weight / rate below.": (
        as_years
    ),
    "Below you add weight; add weight / rate, the years in which so many votes come.": both,
    "The years of the prior, weight / rate, are left out below.": only_top,
    "Below you add weight * rate; it is weight / rate.": times,
    "Your time is in days; the rate is in votes a year.": in_days,
    "Your time is in seconds; the rate is in votes a year.": in_seconds,
    "Your year has 365.25 days; here it has 365.": leap,
    "Yours takes the end of 2024 whatever now is.": _end_of_2024,
    "You raise the age of a young review; it counts as it is.": raised,
    "You cut the age at one year; older reviews had all of their years.": clipped,
    "You count whole years only; half a year is 0.5.": whole,
    "Yours takes weight 1 whatever weight is.": unweighted,
    "The rates are right but sorted, ascending; keep the order.": (
        lambda *case: np.sort(_right(*case))
    ),
    "The rates are right but sorted, descending; keep the order.": (
        lambda *case: np.sort(_right(*case))[::-1]
    ),
}


def _shown(case: Case) -> str:
    votes, written, now, weight = case
    ages = ", ".join(f"{now} - {now - one}" for one in written)
    return f"helpful_rates({votes}, [{ages}], {now}, {weight:g})"


def check_rates(answer: Any) -> None:
    compare(
        answer,
        CASES,
        _right,
        _read,
        _shown,
        MISTAKES,
        lambda case, at: f"{_shown(case)}: rate {at[0]}",
    )


def _read(value: Any, case: Case) -> list[float]:
    values = as_list(value, _shown(case))
    if len(values) != len(case[0]):
        reject(f"{_shown(case)} must have {len(case[0])} rates, got {len(values)}.")
    return [as_number(one, f"A rate of {_shown(case)}") for one in values]


TASK = Task(
    id="13.5",
    prompt="Helpful votes a year of each review, shrunk to the rate of all reviews.",
    check_answer=check_rates,
    hints=(
        "Three steps: years of each review, one rate for all reviews, then the formula.",
        "years = (now - np.array(written)) / (365 * 86_400); rate = sum(votes) / years.sum().",
        "(np.array(votes) + weight) / (years + weight / rate), as a list.",
    ),
    insight="Votes come at a rate; a young review has had little time to show its own.",
)
