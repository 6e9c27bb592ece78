"""Task 41.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.special import softmax

from answers import Proof, Wrong, silent
from course_utils.exercises.l41.speed import (
    MISTAKES,
    _unsafe,
    by_time,
    by_time_less,
    right_speed,
    speed_by_time,
    speed_by_time_less,
)


def _scipy(before: Any, now: Any, values: Any, milliseconds: Any, temperature: float) -> Any:
    raw = np.array(values) * softmax(np.array(now) / np.array(before) / temperature)
    return len(raw) * raw / raw.sum()


def _logs(before: Any, now: Any, values: Any, milliseconds: Any, temperature: float) -> Any:
    ratios = [n / b / temperature for n, b in zip(now, before, strict=True)]
    raw = [v * math.exp(r - max(ratios)) for v, r in zip(values, ratios, strict=True)]
    return [len(raw) * one / math.fsum(raw) for one in raw]


def _less(of: Any) -> Any:
    """Less another number than the greatest exponent."""

    def run(before: Any, now: Any, values: Any, milliseconds: Any, temperature: float) -> Any:
        exponent = np.divide(now, before) / temperature
        with np.errstate(all="ignore"):
            raw = np.multiply(values, np.exp(exponent - of(exponent)))
            return len(raw) * raw / raw.sum()

    return run


def _in_place(before: Any, now: Any, values: Any, milliseconds: Any, temperature: float) -> Any:
    found = right_speed(before, now, values, milliseconds, temperature)
    values[0] = 1.0
    values.append(0.0)
    return found


PROOF = Proof(
    task="41.3",
    right=[_scipy, _logs, right_speed],
    wrong=[
        Wrong(by_time, "the heads' milliseconds decide", "E27", silent=True),
        Wrong(by_time_less, "a slow head learns neither", "E27", silent=True),
        Wrong(speed_by_time, "One forward computation gives", "E27", silent=True),
        Wrong(speed_by_time_less, "neither less nor more", "E27", silent=True),
        *silent(MISTAKES),
        Wrong(_unsafe, "an exponential overflows", silent=True),
        Wrong(_less(np.mean), "Subtract the greatest exponent", silent=True),
        Wrong(_less(lambda of: of[0]), "infinite over infinite is nan", silent=True),
        Wrong(lambda *case: right_speed(*case) * np.nan, "it comes from 0 / 0"),
        Wrong(_in_place, "changes `values`", silent=True),
        Wrong(lambda *case: float(right_speed(*case)[0]), "must have shape"),
    ],
)
