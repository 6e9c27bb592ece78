"""Task 00.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

from answers import Proof, Wrong
from course_utils.exercises.l00.rates import Counts, right_rates


def _rates_with_a_loop(shown: Counts, happened: Counts) -> dict[str, float | None]:
    result: dict[str, float | None] = {}
    for scenario in shown:
        result[scenario] = None
        if shown[scenario] > 0:
            result[scenario] = happened[scenario] / shown[scenario] if scenario in happened else 0
    return result


def _rates_with_counter(shown: Counts, happened: Counts) -> dict[str, float | None]:
    counts = Counter({key: value for key, value in happened.items() if key in shown})
    return {key: None if value == 0 else counts[key] / value for key, value in shown.items()}


def _changed(change: Callable[[float], Any]) -> Callable[[Counts, Counts], Any]:
    def rates(shown: Counts, happened: Counts) -> dict[str, Any]:
        right = right_rates(shown, happened)
        return {key: None if value is None else change(value) for key, value in right.items()}

    return rates


PROOF = Proof(
    task="00.1",
    right=[_rates_with_a_loop, _rates_with_counter],
    wrong=[
        Wrong(
            lambda shown, happened: {
                s: n / happened.get(s, 1) if n else None for s, n in shown.items()
            },
            "not the other way round",
            silent=True,
        ),
        Wrong(
            lambda shown, happened: {
                s: happened.get(s, 0) / sum(shown.values()) if n else None for s, n in shown.items()
            },
            "not by the sum of all",
            silent=True,
        ),
        Wrong(
            lambda shown, happened: {
                s: happened.get(s, 0) if n else None for s, n in shown.items()
            },
            "That is the count",
            silent=True,
        ),
        Wrong(_changed(lambda rate: 100 * rate), "not of 100", silent=True),
        Wrong(_changed(lambda rate: round(rate, 2)), "Do not round", silent=True),
        Wrong(
            lambda shown, happened: {
                s: happened.get(s, 0) / n if n else 0.0 for s, n in shown.items()
            },
            "its rate is None",
            silent=True,
        ),
        Wrong(
            lambda shown, happened: {s: happened[s] / shown[s] for s in shown if s in happened},
            "has no entry for 'cart'",
            silent=True,
        ),
        Wrong(
            lambda shown, happened: (
                right_rates(shown, happened) | {s: 0.0 for s in happened if s not in shown}
            ),
            "was not shown at all",
            silent=True,
        ),
        Wrong(
            lambda shown, happened: list(right_rates(shown, happened).values()),
            "a dictionary, got list",
        ),
        Wrong(
            lambda shown, happened: {
                s: (happened.get(s, 0) / n or None) if n else None for s, n in shown.items()
            },
            "was shown, so its rate is a number",
            silent=True,
        ),
        Wrong(
            lambda shown, happened: {
                s: happened.get(s, 0) // n if n else None for s, n in shown.items()
            },
            "// drops the decimals",
            silent=True,
        ),
        Wrong(
            lambda shown, happened: {
                s: happened.get(s, 0) / n if n else (math.inf if happened.get(s) else None)
                for s, n in shown.items()
            },
            "was shown 0 times, its rate is None, got float inf",
            silent=True,
        ),
        Wrong(
            lambda shown, happened: {
                s: rate
                for s, rate in right_rates(shown, happened).items()
                if s in ("home", "search", "cart")
            },
            "has no entry for 'Mail'",
            silent=True,
        ),
        Wrong(_changed(lambda rate: min(rate, 1.0)), "must be 3, got 1", silent=True),
        Wrong(
            _changed(lambda rate: round(rate, 8)),
            "must be 0.000000333, got 0.000000330. Do not round.",
            silent=True,
        ),
        Wrong(lambda shown, happened: None, "Did you forget a return?"),
        Wrong(
            lambda shown, happened: {s: happened[s] / n for s, n in shown.items()},
            "missing in `happened` has the rate 0.0.",
            status="error",
        ),
        Wrong(
            lambda shown, happened: {s: happened.get(s, 0) / n for s, n in shown.items()},
            "shown 0 times has the rate None.",
            status="error",
        ),
    ],
)
