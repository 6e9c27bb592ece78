"""Task 40.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

from answers import Proof, Wrong, silent
from course_utils.exercises.l40.cause import MISTAKES, right_causes


def _with_ifs(gains: Any) -> Any:
    found = []
    if gains["normalised"][0] > 0:
        found.append("scale")
    (low, high), (low_wide, high_wide) = gains["gradients"], gains["wider"]
    if low > 0 and (low_wide <= 0 or (low + high) / 2 >= (low_wide + high_wide) / 8):
        found.append("direction")
    elif low_wide > 0:
        found.append("capacity")
    return found


def _as_tuple(gains: Any) -> Any:
    shown = {key: min(span) > 0 for key, span in gains.items()}
    share = sum(gains["gradients"]) / sum(gains["wider"]) if shown["wider"] else 1.0
    room = "capacity" if shown["wider"] else ""
    second = "direction" if shown["gradients"] and share >= 0.25 else room
    return tuple(one for one in ("scale" if shown["normalised"] else "", second) if one)


def _reversed(gains: Any) -> Any:
    return right_causes(gains)[::-1]


def _as_text(gains: Any) -> Any:
    return " and ".join(right_causes(gains))


PROOF = Proof(
    task="40.2",
    right=[_with_ifs, _as_tuple],
    wrong=[
        *silent(MISTAKES),
        Wrong(_reversed, "The order is scale", silent=True),
        Wrong(lambda gains: right_causes(gains) or ["none"], "holds 'none'; the causes are"),
        Wrong(_as_text, "must be a list, got"),
        Wrong(lambda gains: None, "Did you forget a return?"),
    ],
)
