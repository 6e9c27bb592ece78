"""Task 21.5: how often each scenario is drawn, at a temperature."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l21.shared import dictionary
from course_utils.exercises.reading import as_number
from course_utils.exercises.theirs import shorten

Shares = Callable[..., dict[str, tuple[float, float]]]

CASES: list[Case] = [
    ({"home": 900, "cart": 100}, 2.0),
    ({"home": 900, "cart": 100}, 1.0),
    ({"home": 900, "cart": 100}, math.inf),
    ({"home": 40_000, "search": 9_000, "cart": 160, "mail": 0}, 3.0),
    ({"mail": 0, "home": 700, "cart": 300}, math.inf),
    ({"home": 5}, 4.0),
    ({"a": 1, "b": 1, "c": 1}, 2.5),
    ({"b": 3_000_000, "a": 2}, 1.5),
    ({"a": 2_000_000_000, "b": 2_000_000_000}, 2.0),  # more than 32 bits hold
]


def by_weights(weigh: Callable[[float, float], float]) -> Shares:
    """Shares in proportion to a weight of the rows, none where there is no row."""

    def shares(rows: dict[str, int], temperature: float) -> dict[str, tuple[float, float]]:
        weight = {name: weigh(n, temperature) if n else 0.0 for name, n in rows.items()}
        total, drawn = sum(weight.values()), sum(rows.values())
        return {
            name: (weight[name] / total, weight[name] / total * drawn / n if n else 0.0)
            for name, n in rows.items()
        }

    return shares


def root(n: float, temperature: float) -> float:
    return float(n ** (1.0 / temperature))


right_shares = by_weights(root)
powers = by_weights(lambda n, t: float(np.float64(n) ** t))  # at infinity nan, as the answer's
divided = by_weights(lambda n, t: n / t if t < math.inf else 1.0)


def softmax(rows: dict[str, int], temperature: float) -> dict[str, tuple[float, float]]:
    """exp(n / T): the temperature of a softmax over counts."""
    most = max(rows.values())
    return by_weights(lambda n, t: math.exp((n - most) / t))(rows, temperature)


def empty_too(rows: dict[str, int], temperature: float) -> dict[str, tuple[float, float]]:
    """0 ** 0 is 1: a scenario without a row is drawn where the temperature is infinite."""
    weight = {name: root(n, temperature) for name, n in rows.items()}
    total, drawn = sum(weight.values()), sum(rows.values())
    return {
        name: (weight[name] / total, weight[name] / total * drawn / n if n else 0.0)
        for name, n in rows.items()
    }


def equal_with_empty(rows: dict[str, int], temperature: float) -> dict[str, tuple[float, float]]:
    """At an infinite temperature 1 / number of all scenarios, those without rows counted too."""
    if temperature < math.inf:
        return right_shares(rows, temperature)
    share, drawn = 1 / len(rows), sum(rows.values())
    return {name: (share, share * drawn / n) if n else (0.0, 0.0) for name, n in rows.items()}


def _second(change: Callable[[float, int, int], float]) -> Shares:
    """The right shares, and another second number from share, rows and all rows."""

    def shares(rows: dict[str, int], temperature: float) -> dict[str, tuple[float, float]]:
        found, drawn = right_shares(rows, temperature), sum(rows.values())
        return {
            name: (share, change(share, rows[name], drawn)) for name, (share, _) in found.items()
        }

    return shares


def not_normalised(rows: dict[str, int], temperature: float) -> dict[str, tuple[float, float]]:
    return {
        name: (root(n, temperature) if n else 0.0, right_shares(rows, temperature)[name][1])
        for name, n in rows.items()
    }


drawn_rows = _second(lambda share, n, drawn: share * drawn)
over_share = _second(lambda share, n, drawn: share / (n / drawn) ** 2 if n else 0.0)
turned_round = _second(lambda share, n, drawn: n / (share * drawn) if share else 0.0)
no_total = _second(lambda share, n, drawn: share / n if n else 0.0)
of_the_mean = _second(lambda share, n, drawn: share)

MISTAKES: dict[str, Shares] = {
    "rows are taken to the power of the temperature: it is the power 1 / temperature": powers,
    "rows are divided by the temperature, which changes no share": divided,
    "this is a softmax over the counts: weigh by rows ** (1 / temperature)": softmax,
    "a scenario without rows is drawn: 0 ** 0 is 1 in Python": empty_too,
    "scenarios without rows count at an infinite temperature: the shares of the others must sum to "
    "1": equal_with_empty,
    "the shares do not sum to 1": not_normalised,
    "the second number is how many rows are drawn: divide by the scenario's rows": drawn_rows,
    "the second number is turned round": turned_round,
    "the second number forgets how many rows are drawn in all": no_total,
    "the second number is the share once more": of_the_mean,
}


def _shown(case: Case) -> str:
    rows, temperature = case
    said = "float('inf')" if temperature == math.inf else repr(temperature)
    return f"shares({rows}, {said})"


def _read(value: Any, case: Case) -> dict[str, Any]:
    call, found = _shown(case), {}
    for name, pair in dictionary(value, case[0], call).items():
        if not isinstance(pair, tuple | list | np.ndarray) or len(pair) != 2:
            reject(f"{call}\nthe entry {name!r} must be (share, times), got {shorten(pair)}.")
        found[name] = tuple(as_number(one, f"{call}\nthe entry {name!r}") for one in pair)
    return found


def check_shares(answer: Any) -> None:
    compare(
        answer,
        CASES,
        right_shares,
        _read,
        _shown,
        MISTAKES,
        lambda case, at: f"{_shown(case)}\nthe entry {at[0]!r}",
    )


TASK = Task(
    id="21.5",
    prompt="Shares of the scenarios in a batch at a temperature, and how often a row is seen.",
    check_answer=check_shares,
    hints=(
        "Make a weight for each scenario first: rows ** (1 / temperature), and 0 where there are "
        "no rows.",
        "A share is a weight over the sum of weights. An epoch draws sum(rows) rows.",
        "times = share * sum(rows.values()) / n where n > 0, else 0.0",
    ),
    insight="A high temperature shows each row of the small scenario many times: watch it overfit.",
)
