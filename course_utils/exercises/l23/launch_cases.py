"""What task 23.6 asks of an answer: results of models and a budget."""

from __future__ import annotations

from typing import Any

Results = list[dict[str, Any]]


def _one(name: str, cost: float, calibration: float, *auc: float) -> dict[str, Any]:
    return {"name": name, "cost": cost, "calibration": calibration, "auc": list(auc)}


CASES: list[tuple[Any, ...]] = [
    ([_one("wide", 3, 1.0, 0.75, 0.8, 0.7), _one("narrow", 1, 1.0, 0.74, 0.8, 0.71)], 5),
    (
        [
            _one("teacher", 9, 1.0, 0.84, 0.82, 0.85),
            _one("student", 2, 1.0, 0.80, 0.79, 0.81),
            _one("distilled", 2.5, 0.98, 0.83, 0.815, 0.845),
            _one("logistic", 1, 1.02, 0.79, 0.78, 0.81),
        ],
        5,
    ),
    (
        [
            _one("logistic", 1, 1.0, 0.70, 0.72, 0.71),
            _one("distilled", 2, 1.3, 0.80, 0.82, 0.81),
            _one("student", 3, 1.05, 0.74, 0.75, 0.75),
        ],
        3,
    ),
    (
        [
            _one("small", 1, 1.0, 0.70, 0.60, 0.80, 0.75),
            _one("shared", 4, 1.0, 0.72, 0.62, 0.82, 0.77),
            _one("distilled", 5, 1.0, 0.721, 0.619, 0.822, 0.769),
        ],
        5,
    ),
    ([_one("teacher", 9, 1.0, 0.8, 0.81, 0.82), _one("flat", 1, 0.5, 0.9, 0.9, 0.9)], 5),
    (
        [
            _one("c", 3, 1.1, 0.75, 0.75, 0.76),
            _one("a", 1, 0.9, 0.70, 0.71, 0.71),
            _one("b", 2, 1.0, 0.78, 0.77, 0.79),
        ],
        3,
    ),
    (
        [
            _one("a", 1, 1.0, 0.70, 0.80, 0.60),
            _one("b", 2, 1.0, 0.74, 0.75, 0.66),
            _one("d", 4, 1.0, 0.76, 0.81, 0.67),
        ],
        9,
    ),
    ([_one("much too low", 1, 0.85, 0.70, 0.71, 0.72)], 9),
    ([_one("low", 1, 0.9, 0.70, 0.71, 0.72)], 9),
    (  # on the bounds of the ratio
        [
            _one("low", 1, 0.9, 0.70, 0.71, 0.72),
            _one("high", 2, 1.1, 0.80, 0.80, 0.83),
            _one("beyond", 3, 1.15, 0.90, 0.91, 0.93),
        ],
        9,
    ),
    (  # the last is shown better than the one before it, not than the kept one
        [
            _one("kept", 1, 1.0, 0.75, 0.75, 0.75),
            _one("worse", 2, 1.0, 0.60, 0.61, 0.62),
            _one("level", 3, 1.0, 0.74, 0.75, 0.76),
        ],
        9,
    ),
    ([_one("one", 1, 1.0, 0.7, 0.75, 0.8), _one("equal", 2, 1.0, 0.7, 0.75, 0.8)], 9),
    ([_one("one", 1, 1.0, 0.5, 0.5, 0.5), _one("nearly", 2, 1.0, 0.5055, 0.51, 0.5145)], 9),
    (  # an interval of 99 % reaches below 0
        [_one("short", 1, 1.0, 0.70, 0.70, 0.70), _one("long", 2, 1.0, 0.715, 0.72, 0.725)],
        9,
    ),
    (  # the best of all is over the budget
        [_one("served", 1, 1.0, 0.70, 0.71, 0.72), _one("big", 9, 1.0, 0.80, 0.81, 0.825)],
        5,
    ),
    (  # one seed is lost, the interval is above 0
        [
            _one("flat", 1, 1.0, *[0.7] * 6),
            _one("better", 2, 1.0, 0.699, 0.72, 0.72, 0.72, 0.72, 0.721),
        ],
        5,
    ),
]
