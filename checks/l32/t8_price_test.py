"""32.8: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

from checks.l32.t8_price import right
from checks.proof import Proof, Wrong


def _steps(
    tokens_in: float,
    tokens_out: float,
    read: float,
    write: float,
    hour: float,
    hits: float,
    share: float,
) -> Any:
    reach = 1e3 * share
    computed = reach - reach * hits
    hours = computed * (tokens_in / read + tokens_out / write) / 60 / 60
    return hours * hour


def _by_token(i: float, o: float, r: float, w: float, hour: float, c: float, s: float) -> Any:
    second = hour / 3600
    per_read, per_written = second / r, second / w
    return (i * per_read + o * per_written) * s * (1 - c) * 1000


PROOF = Proof(
    task="32.8",
    right=[_steps, _by_token],
    wrong=[
        Wrong(right.returning("round(result, 3)"), "Do not round", silent=True),
        Wrong(right.returning("None"), "must be one number, got None"),
    ],
)
