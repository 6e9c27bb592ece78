"""Task 41.4: a priority with a mechanism: multipliers of guarded tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, ask_quietly, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array
from course_utils.exercises.tolerance import same

ERRATA = {"E29": "priorities are set, and nothing answers to what the tasks lose"}

_CASES: list[Case] = [
    ([1.0, 1.0], [0.50, 0.40], [0.45, 0.45], 10.0),
    ([2.0, 0.5, 0.1], [0.30, 0.20, 0.66], [0.30, 0.25, 0.60], 5.0),
    ([0.25], [0.7], [0.5], 1.0),
    ([], [], [], 3.0),
    ([1.0, 4.0], [0.6, 0.5], [0.6, 0.5], 20.0),
    ([0.001, 900.0], [0.1, 0.9], [0.5, 0.3], 20.0),
    ([3.0, 3.0, 3.0, 3.0], [0.1, 0.2, 0.3, 0.4], [0.2, 0.2, 0.2, 0.2], 2.0),
    # Whole numbers: an array of them cuts off decimals.
    ([1, 1], [0.50, 0.40], [0.45, 0.45], 10.0),
    # From the lower end to the upper one in a single update: the factor is above 1,000.
    ([0.001], [2.0], [0.4], 10.0),
]

_LARGE: Case = ([1.0, 1.0], [1.0, 0.5], [0.5, 0.5], 2000.0)
"""e to the 1,000 is too large for a float; the multiplier is 1,000."""


def _raised(multipliers: Any, over: Any, speed: float) -> np.ndarray:
    grown = np.asarray(multipliers, float) * np.exp(speed * np.asarray(over, float))
    return np.clip(grown, 1e-3, 1e3)


def _scaled(raw: np.ndarray, main: float = 1.0) -> np.ndarray:
    whole = np.append(raw, main)
    return np.asarray(len(whole) * whole / whole.sum())


def right_guardrails(multipliers: Any, losses: Any, bounds: Any, speed: float) -> np.ndarray:
    return _scaled(_raised(multipliers, np.subtract(losses, bounds), speed))


def _whole(multipliers: Any, losses: Any, bounds: Any, speed: float) -> np.ndarray:
    """Kept in an array of the multipliers' own type."""
    found = _raised(multipliers, np.subtract(losses, bounds), speed)
    return _scaled(found.astype(np.asarray(multipliers).dtype if len(found) else float))


def _factor_held(most: float) -> Callable[..., Any]:
    def run(multipliers: Any, losses: Any, bounds: Any, speed: float) -> np.ndarray:
        factor = np.exp(speed * np.subtract(losses, bounds))
        held = np.clip(factor, 1 / most, most)
        return _scaled(np.clip(np.asarray(multipliers, float) * held, 1e-3, 1e3))

    return run


def _less_the_greatest(multipliers: Any, losses: Any, bounds: Any, speed: float) -> np.ndarray:
    """As in task 41.3, where all weights are scaled afterwards."""
    over = np.subtract(losses, bounds)
    return _scaled(_raised(multipliers, over - over.max(initial=-np.inf), speed))


def fixed_order(multipliers: Any, losses: Any, bounds: Any, speed: float) -> np.ndarray:
    """The main task first, whatever the others lose."""
    return _scaled(np.asarray(multipliers, float))


MISTAKES: dict[str, Callable[..., Any]] = {
    "the sign is turned: a task that broke its bound must get more": (
        lambda m, losses, bounds, s: _scaled(_raised(m, np.subtract(bounds, losses), s))
    ),
    "a multiplier never falls: where there is room, it must give weight back": (
        lambda m, losses, bounds, s: _scaled(
            _raised(m, np.maximum(np.subtract(losses, bounds), 0), s)
        )
    ),
    "the speed is left out": (
        lambda m, losses, bounds, s: _scaled(_raised(m, np.subtract(losses, bounds), 1.0))
    ),
    "the old multiplier is left out": (
        lambda m, losses, bounds, s: _scaled(
            _raised(np.ones(len(m)), np.subtract(losses, bounds), s)
        )
    ),
    "the multiplier is added to, not multiplied": (
        lambda m, losses, bounds, s: _scaled(
            np.clip(np.add(m, s * np.subtract(losses, bounds)), 1e-3, 1e3)
        )
    ),
    "the multipliers are not held between 0.001 and 1,000": (
        lambda m, losses, bounds, s: _scaled(
            np.asarray(m, float) * np.exp(s * np.subtract(losses, bounds))
        )
    ),
    "the weights are held between 0.001 and 1,000, not the multipliers": (
        lambda m, losses, bounds, s: np.clip(
            _scaled(np.asarray(m, float) * np.exp(s * np.subtract(losses, bounds))), 1e-3, 1e3
        )
    ),
    "multipliers stand in an array of whole numbers, which cuts off decimals: take "
    "np.array(multipliers, float)": _whole,
    "the factor is held between 0.001 and 1,000, not the multiplier: in one update it may go "
    "from one end to the other": _factor_held(1e3),
    "the exponent is cut at 5; only the multiplier is held": _factor_held(float(np.exp(5.0))),
    "the greatest exponent is subtracted from all: the main task has no exponent, so its share of "
    "the weights changes": _less_the_greatest,
    "the weights are not scaled to sum K": (
        lambda m, losses, bounds, s: np.append(_raised(m, np.subtract(losses, bounds), s), 1.0)
    ),
    "the weights sum to 1": (
        lambda m, losses, bounds, s: right_guardrails(m, losses, bounds, s) / (len(m) + 1)
    ),
    "the main task stands first; the text asks for it last": (
        lambda m, losses, bounds, s: np.roll(right_guardrails(m, losses, bounds, s), 1)
    ),
}


def check_guardrails(answer: Any) -> None:
    gots = ask_quietly(lambda *case: _read(answer(*case), case), _CASES)
    if all(same(got, fixed_order(*case)) for got, case in zip(gots, _CASES, strict=True)):
        reject(
            f"{_told(_CASES[0])} must be {right_guardrails(*_CASES[0]).round(4).tolist()}. Your "
            "weights do not answer to the losses: a priority that is only set protects nobody.",
            "E29",
        )
    names = ("multipliers", "losses", "bounds", "speed")
    asked = leaving(answer, names, _told)
    for cases in (_CASES, [_LARGE]):
        compare(asked, cases, right_guardrails, _read, _told, MISTAKES)


def _told(case: Case) -> str:
    return call_of("guarded", case)


def _read(got: Any, case: Case) -> np.ndarray:
    return as_array(got, _told(case), (len(case[0]) + 1,))


TASK = Task(
    id="41.4",
    prompt="Return the weights of the guarded tasks and of the main one, after one epoch.",
    check_answer=check_guardrails,
    hints=(
        "A guarded task whose loss is above its bound must get more, one with room must get less.",
        "multiplier * np.exp(speed * (loss - bound)), then np.clip from 0.001 to 1,000; the main "
        "task has 1.",
        "raw = np.clip(np.asarray(multipliers) * np.exp(speed * np.subtract(losses, bounds)), "
        "1e-3, 1e3); raw = np.append(raw, 1.0); return len(raw) * raw / raw.sum().",
    ),
    insight="The multiplier of a guarded task rises while its loss is above the bound, and falls "
    "while its loss is below.",
    errata=ERRATA,
)
