"""Task 16.4: a test that may be looked at every day."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Mistakes, explain
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number_or_none
from course_utils.exercises.tolerance import same

Days = tuple[list[float], list[float], float, float]

_TESTS: list[Days] = [
    ([0.03, 0.05, 0.06], [0.02, 0.015, 0.012], 0.05, 0.05),
    ([0.01, -0.02, -0.03, -0.05], [0.02, 0.016, 0.013, 0.011], 0.04, 0.05),  # negative counts too
    ([0.04, 0.03, 0.02], [0.02, 0.015, 0.012], 0.05, 0.05),  # never
    ([0.055, 0.01, 0.01], [0.014, 0.013, 0.012], 0.05, 0.05),  # an alarm stays, though it fades
    ([0.03, 0.05, 0.052, 0.06], [0.02, 0.016, 0.015, 0.012], 0.05, 0.001),  # another alpha
    ([0.03, 0.05, 0.052, 0.06], [0.02, 0.016, 0.015, 0.012], 0.05, 0.2),
    ([9.0, 8.0], [0.1, 0.1], 2.0, 0.05),  # 90 standard errors: e to the 4,000 is too large
    ([5.0, 9.0], [0.5, 0.5], 2.0, 1e-30),  # a bound of e to the 69
    ([0.0, 0.0], [0.02, 0.01], 0.05, 0.05),
    ([], [], 0.05, 0.05),
    # A small and a large tau; the largest z is not that of the first alarm.
    ([2.0, 2.4, 3.1, 3.0, 4.0], [1.0, 0.9, 0.9, 0.8, 0.7], 0.05, 0.05),
    ([2.0, 2.4, 3.1, 3.0, 4.0], [1.0, 0.9, 0.9, 0.8, 0.7], 30.0, 0.05),
    ([2.0, 2.4, 2.6, 2.9, 3.2], [1.0, 0.9, 0.9, 0.8, 0.7], 2.0, 0.05),
    ([2, 3, 3], [1, 1, 1], 2, 0.1),
    ([4.7, 5.0, 6.0], [1.0, 1.0, 1.0], 0.6, 0.05),  # 0.9 tau stops later, 1.1 tau sooner
]


def _log_lambda(gap: float, error: float, tau: float) -> float:
    v, t = error**2, tau**2
    return 0.5 * math.log(v / (v + t)) + t * gap**2 / (2 * v * (v + t))


def right_alarm(gaps: Any, errors: Any, tau: float, alpha: float) -> int | None:
    return _first(gaps, errors, lambda gap, se: _log_lambda(gap, se, tau) >= -math.log(alpha))


def _first(gaps: Any, errors: Any, stop: Callable[[float, float], bool]) -> int | None:
    pairs = enumerate(zip(gaps, errors, strict=True))
    return next((day for day, (gap, error) in pairs if stop(gap, error)), None)


def check_alarm(answer: Any) -> None:
    def ask(*case: Any) -> float | None:
        none = right_alarm(*case) is None
        return as_number_or_none(answer(*case), f"{_shown(case)}: the day", none)

    gots = [ask(*case) for case in _TESTS]
    for at, case in enumerate(_TESTS):
        want, got = right_alarm(*case), gots[at]
        if (want is None) != (got is None) or (want is not None and not same(got, want)):
            why = explain(_TESTS, gots, right_alarm, ALARM_MISTAKES, at)
            if all(one is None for one in gots):
                why += " Did you forget a return?"
            said = "None" if got is None else f"{got:g}"
            reject(f"{_shown(case)} must be {want}, got {said}.{why}")
    if not same(ask(*_TESTS[0]), right_alarm(*_TESTS[0])):
        reject(f"{_shown(_TESTS[0])}: another result than at first. Keep nothing between calls.")


def _shown(case: Sequence[Any]) -> str:
    return f"first_alarm({case[0]}, {case[1]}, tau={case[2]}, alpha={case[3]})"


def _by(stop: Callable[[float, float, float, float], bool]) -> Callable[..., int | None]:
    def run(gaps: Any, errors: Any, tau: float, alpha: float) -> int | None:
        return _first(gaps, errors, lambda gap, error: stop(gap, error, tau, alpha))

    return run


def _last(gaps: Any, errors: Any, tau: float, alpha: float) -> int | None:
    days = [
        day
        for day, (gap, error) in enumerate(zip(gaps, errors, strict=True))
        if _log_lambda(gap, error, tau) >= -math.log(alpha)
    ]
    return days[-1] if days else None


def _strongest(gaps: Any, errors: Any, tau: float, alpha: float) -> int | None:
    if right_alarm(gaps, errors, tau, alpha) is None:
        return None
    said = [_log_lambda(gap, error, tau) for gap, error in zip(gaps, errors, strict=True)]
    return said.index(max(said))


def _counted_from_one(*case: Any) -> int | None:
    day = right_alarm(*case)
    return None if day is None else day + 1


ALARM_MISTAKES: Mistakes = {
    "1.96 standard errors are asked each day, which is peeking": _by(
        lambda gap, error, tau, alpha: abs(gap) > 1.96 * error
    ),
    "a negative difference is never an alarm": _by(
        lambda gap, error, tau, alpha: gap > 0 and _log_lambda(gap, error, tau) >= -math.log(alpha)
    ),
    "the root before the exponential is missing": _by(
        lambda gap, error, tau, alpha: (
            _log_lambda(gap, error, tau) - _log_lambda(0.0, error, tau) >= -math.log(alpha)
        )
    ),
    "the square root is forgotten: the whole quotient is used": _by(
        lambda gap, error, tau, alpha: (
            _log_lambda(gap, error, tau) + _log_lambda(0.0, error, tau) >= -math.log(alpha)
        )
    ),
    "the 2 in the exponent is missing": _by(
        lambda gap, error, tau, alpha: (
            2 * _log_lambda(gap, error, tau) - _log_lambda(0.0, error, tau) >= -math.log(alpha)
        )
    ),
    "the difference in the exponent is not squared": _by(
        lambda gap, error, tau, alpha: (
            _log_lambda(math.sqrt(abs(gap)), error, tau) >= -math.log(alpha)
        )
    ),
    "standard errors and tau are not squared": _by(
        lambda gap, error, tau, alpha: (
            _log_lambda(gap, math.sqrt(error), math.sqrt(tau)) >= -math.log(alpha)
        )
    ),
    "the alarm comes at 1 - alpha, not at 1 / alpha": _by(
        lambda gap, error, tau, alpha: _log_lambda(gap, error, tau) >= math.log(1 - alpha)
    ),
    "the alarm comes at 2 / alpha": _by(
        lambda gap, error, tau, alpha: _log_lambda(gap, error, tau) >= math.log(2 / alpha)
    ),
    "alpha is 0.05 whatever is asked": lambda gaps, errors, tau, alpha: right_alarm(
        gaps, errors, tau, 0.05
    ),
    "tau and the standard error are exchanged": _by(
        lambda gap, error, tau, alpha: _log_lambda(gap, tau, error) >= -math.log(alpha)
    ),
    "the last alarm is returned, not the first": _last,
    "the day of the largest value is returned, not of the first alarm": _strongest,
    "day 0 is taken for no day: ask `is None`": lambda *case: right_alarm(*case) or None,
    "days are counted from 1, where the first is day 0": _counted_from_one,
}


TASK = Task(
    id="16.4",
    prompt="mSPRT: the first day on which the test may stop.",
    check_answer=check_alarm,
    hints=(
        "One number a day, the ratio of the formula, and one bound, 1 / alpha. Return the first "
        "index at which the number reaches the bound; with no such day, None.",
        "Compare logarithms: log of the ratio = 0.5 * log(v / (v + t)) + t * gap**2 / (2 * v * "
        "(v + t)), with v = error**2 and t = tau**2. The bound becomes -log(alpha).",
        "for day, (gap, error) in enumerate(zip(differences, errors)): if that >= -np.log(alpha): "
        "return day. After the loop: return None.",
    ),
    insight="A bound that holds for ever asks for about 3 where a test with an end asks for 2.",
)
