"""Task 41.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.exercises.l41.guardrails import MISTAKES, fixed_order, right_guardrails


def _loop(multipliers: Any, losses: Any, bounds: Any, speed: float) -> Any:
    raw = []
    for one, loss, bound in zip(multipliers, losses, bounds, strict=True):
        raw.append(min(max(one * math.exp(min(speed * (loss - bound), 99)), 0.001), 1000.0))
    raw.append(1.0)
    return [one * len(raw) / sum(raw) for one in raw]


def _too_large(multipliers: Any, losses: Any, bounds: Any, speed: float) -> Any:
    raw = [
        min(max(one * math.exp(speed * (loss - bound)), 0.001), 1000.0)
        for one, loss, bound in zip(multipliers, losses, bounds, strict=True)
    ]
    return [one * (len(raw) + 1) / (sum(raw) + 1) for one in [*raw, 1.0]]


def _logs(multipliers: Any, losses: Any, bounds: Any, speed: float) -> Any:
    log = np.log(np.array(multipliers, float)) + speed * (np.array(losses) - np.array(bounds))
    log = np.append(np.clip(log, np.log(1e-3), np.log(1e3)), 0.0)
    share = np.exp(log - log.max())
    return len(log) * share / share.sum()


def _all_to_the_main(multipliers: Any, losses: Any, bounds: Any, speed: float) -> Any:
    return np.append(np.zeros(len(multipliers)), len(multipliers) + 1.0)


def _appends(multipliers: Any, losses: Any, bounds: Any, speed: float) -> Any:
    found = right_guardrails(multipliers, losses, bounds, speed)
    multipliers.append(1.0)
    return found


PROOF = Proof(
    task="41.4",
    right=[_loop, _logs, right_guardrails],
    wrong=[
        Wrong(fixed_order, "only set protects nobody", "E29", silent=True),
        *silent(MISTAKES),
        Wrong(_all_to_the_main, "must be", silent=True),
        Wrong(_too_large, "OverflowError", status="error"),
        Wrong(_appends, "changes `multipliers`", silent=True),
        Wrong(lambda *case: right_guardrails(*case)[:-1], "must have shape"),
    ],
)
