"""Task 23.2: a probability at another temperature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit, logit

from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array

_CASES: list[tuple[Any, ...]] = [
    (np.array([0.9, 0.5, 0.02]), 2.0),
    (np.array([0.3, 0.99, 0.6]), 1.0),
    (np.array([0.001, 0.2]), 5.0),
    (np.array([0.7]), 3.0),
    (np.array([0.7, 0.1]), 0.5),
    (np.array([1e-6, 0.25, 1 - 2**-20]), 4.0),
    (np.array([0.01, 0.03, 0.0002]), 1.5),
]


def right_soften(p: Any, T: float) -> np.ndarray:
    return expit(logit(p) / T)


MISTAKES: dict[str, Callable[..., Any]] = {
    "the probability itself is divided by T; its logit must be": lambda p, T: p / T,
    "p ** (1 / T) is not divided by the sum over both labels": lambda p, T: p ** (1 / T),
    "a softmax is taken of the probabilities, as if they were logits": (
        lambda p, T: expit((2 * p - 1) / T)
    ),
    "a sigmoid is taken of the probability, as if it were a logit": lambda p, T: expit(p / T),
    "the logit is multiplied by T: that sharpens": lambda p, T: expit(logit(p) * T),
    "the logit is divided by T squared": lambda p, T: expit(logit(p) / T**2),
    "p is mixed with one half; a temperature does not mix": lambda p, T: p / T + (1 - 1 / T) / 2,
    "the logit is returned, without the sigmoid": lambda p, T: logit(p) / T,
    "p is clipped at 1e-06; do not clip it": (
        lambda p, T: expit(logit(np.clip(p, 1.1e-6, 1 - 1.1e-6)) / T)
    ),
}


def check_soften(answer: Any) -> None:
    compare(
        answer,
        _CASES,
        right_soften,
        lambda value, case: as_array(value, _told(case), case[0].shape),
        _told,
        MISTAKES,
        lambda case, path: f"{_told(case)} at row {path[0]}",
    )


def _told(case: Any) -> str:
    return with_lines(p=case[0], T=case[1]) + "the result of soften"


TASK = Task(
    id="23.2",
    prompt="Return the probabilities at temperature T.",
    check_answer=check_soften,
    hints=(
        "A stored teacher gives probabilities. The temperature belongs to logits.",
        "The logit of p is ln p - ln(1 - p). Divide it by T, then take the sigmoid.",
        "z = np.log(p) - np.log(1 - p); return 1 / (1 + np.exp(-z / T)).",
    ),
    insight="Also p^(1/T) / (p^(1/T) + (1-p)^(1/T)): softening needs no logits to be stored.",
)
