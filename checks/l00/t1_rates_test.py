"""00.1: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from collections import Counter
from typing import Any

from checks.l00.t1_rates import right
from checks.proof import Proof, Wrong

Counts = dict[str, int]


def _with_a_loop(shown: Counts, happened: Counts) -> dict[str, float | None]:
    result: dict[str, float | None] = {}
    for scenario in shown:
        result[scenario] = None
        if shown[scenario] > 0:
            result[scenario] = happened[scenario] / shown[scenario] if scenario in happened else 0
    return result


def _with_counter(shown: Counts, happened: Counts) -> dict[str, float | None]:
    counts = Counter({key: value for key, value in happened.items() if key in shown})
    return {key: None if value == 0 else counts[key] / value for key, value in shown.items()}


def _changed(rate: str) -> Any:
    """The right answer, with an expression of each rate that is one."""
    return right.returning(
        f"{{key: None if rate is None else {rate} for key, rate in result.items()}}"
    )


PROOF = Proof(
    task="00.1",
    right=[_with_a_loop, _with_counter],
    wrong=[
        Wrong(right.edit({"else None": "else 0.0"}), "its rate is None", silent=True),
        Wrong(
            right.edit({"else None": "else float('inf') if happened.get(scenario) else None"}),
            "was shown 0 times, its rate is None, got float inf",
            silent=True,
        ),
        Wrong(
            right.returning("{s: rate for s, rate in result.items() if s in happened}"),
            "has no entry for 'cart'",
            silent=True,
        ),
        Wrong(
            right.returning("result | {s: 0.0 for s in happened if s not in shown}"),
            "was not shown at all",
            silent=True,
        ),
        Wrong(
            right.returning(
                "{s: rate for s, rate in result.items() if s in ('home', 'search', 'cart')}"
            ),
            "has no entry for 'Mail'",
            silent=True,
        ),
        Wrong(_changed("rate or None"), "was shown, so its rate is a number", silent=True),
        Wrong(_changed("min(rate, 1.0)"), "must be 3, got 1", silent=True),
        Wrong(
            _changed("round(rate, 8)"),
            "must be 0.000000333, got 0.000000330. You rounded to 8 decimals.",
            silent=True,
        ),
        Wrong(right.returning("list(result.values())"), "a dictionary, got list"),
        Wrong(lambda shown, happened: None, "Did you forget a return?"),
        Wrong(
            right.edit({"happened.get(scenario, 0)": "happened[scenario]"}),
            "missing in `happened` has the rate 0.0.",
            status="error",
        ),
        Wrong(
            right.edit({" if count else None": ""}),
            "shown 0 times has the rate None.",
            status="error",
        ),
    ],
)
