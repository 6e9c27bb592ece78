"""Task 16.2: how many customers a test needs."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, Mistakes, explain
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number
from course_utils.exercises.tolerance import same

_Z = NormalDist().inv_cdf

_TESTS: list[tuple[float, float, float, float]] = [
    (0.5, 0.01, 0.05, 0.8),
    (0.05, 0.0011, 0.05, 0.8),
    (0.05, 0.0011, 0.01, 0.8),
    (0.05, 0.0011, 0.05, 0.9),
    (2, -0.3, 0.05, 0.8),
    (120.0, 3, 0.1, 0.5),
    (1, 4, 0.05, 0.8),
    (0.3, 0.00004, 0.001, 0.95),
    (0.5, 0.01, 0.05, 0.3),  # below a half the z of the power is negative
]


def customers_a_side(
    sd: float,
    difference: float,
    alpha: float = 0.05,
    power: float = 0.8,
) -> int:
    return math.ceil(_exact(sd, difference, _Z(1 - alpha / 2) + _Z(power)))


def _exact(sd: float, difference: float, z: float) -> float:
    return 2 * (z * sd / difference) ** 2


def _read(value: Any, case: Case) -> float:
    number = as_number(value, f"{_shown(case)}: the number of customers")
    if abs(number - round(number)) > 1e-9 * max(1.0, abs(number)):
        reject(f"{_shown(case)} must be a whole number of customers, rounded up; got {number}.")
    return number


def check_size(answer: Any) -> None:
    gots = [_read(answer(*case), case) for case in _TESTS]
    for at, case in enumerate(_TESTS):
        want, got = customers_a_side(*case), gots[at]
        if not same(got, want):
            why = explain(_TESTS, gots, customers_a_side, SIZE_MISTAKES, at)
            reject(f"{_shown(case)} must be {want}, got {got:.0f}.{why}")
    short = (0.05, 0.0011)
    got, want = _read(answer(*short), short), customers_a_side(*short)
    if not same(got, want):
        reject(f"{_shown(short)} must be {want}, got {got:.0f}: alpha is 0.05 and power 0.8.")
    if not same(_read(answer(*_TESTS[0]), _TESTS[0]), customers_a_side(*_TESTS[0])):
        reject(f"{_shown(_TESTS[0])}: another result than at first. Keep nothing between calls.")


def _shown(case: Case) -> str:
    return f"customers_a_side({', '.join(map(str, case))})"


def _both_tails(sd: float, difference: float, alpha: float, power: float) -> float:
    z, low, high = _Z(1 - alpha / 2), 0.0, 40.0
    for _ in range(100):
        at = (low + high) / 2
        reached = NormalDist().cdf(at - z) + NormalDist().cdf(-at - z)
        low, high = (at, high) if reached < power else (low, at)
    return _exact(sd, difference, low)


def _of(exact: Callable[[float, float, float, float], float]) -> Callable[..., int]:
    return lambda *case: math.ceil(exact(*case))


SIZE_MISTAKES: Mistakes = {
    "the power is forgotten: half of such tests would find nothing": _of(
        lambda s, d, a, p: _exact(s, d, _Z(1 - a / 2))
    ),
    "the test is one-sided: alpha must be halved": _of(
        lambda s, d, a, p: _exact(s, d, _Z(1 - a) + _Z(p))
    ),
    "the z of 1 - power is added, which is negative": _of(
        lambda s, d, a, p: _exact(s, d, _Z(1 - a / 2) + _Z(1 - p))
    ),
    "the power is halved like alpha; only alpha has two sides": _of(
        lambda s, d, a, p: _exact(s, d, _Z(1 - a / 2) + _Z(1 - (1 - p) / 2))
    ),
    "both sides together are counted, not one": _of(
        lambda s, d, a, p: 2 * _exact(s, d, _Z(1 - a / 2) + _Z(p))
    ),
    "the factor 2 is missing: both sides have noise": _of(
        lambda s, d, a, p: _exact(s, d, _Z(1 - a / 2) + _Z(p)) / 2
    ),
    "the standard deviation is not squared": _of(
        lambda s, d, a, p: _exact(s, d, _Z(1 - a / 2) + _Z(p)) / s
    ),
    "the difference is not squared": _of(
        lambda s, d, a, p: _exact(s, d, _Z(1 - a / 2) + _Z(p)) * abs(d)
    ),
    "the number is rounded down, and the power is missed": lambda s, d, a, p: math.floor(
        _exact(s, d, _Z(1 - a / 2) + _Z(p))
    ),
    "the number is rounded to the nearest one, where it must be rounded up": lambda s, d, a, p: (
        round(_exact(s, d, _Z(1 - a / 2) + _Z(p)))
    ),
    "the z are rounded to two decimals, as 1.96 and 0.84": _of(
        lambda s, d, a, p: _exact(s, d, round(_Z(1 - a / 2), 2) + round(_Z(p), 2))
    ),
    "alpha and power are not used, but 0.05 and 0.8": lambda s, d, a, p: customers_a_side(s, d),
    "both tails are counted in the power; the formula counts one": _of(_both_tails),
    "the z of the power counts without its sign; below a half it is negative": _of(
        lambda s, d, a, p: _exact(s, d, _Z(1 - a / 2) + abs(_Z(p)))
    ),
    "the z are squared one by one, where their sum is squared": _of(
        lambda s, d, a, p: 2 * (_Z(1 - a / 2) ** 2 + _Z(p) ** 2) * (s / d) ** 2
    ),
}


TASK = Task(
    id="16.2",
    prompt="Customers that each side of a test needs.",
    check_answer=check_size,
    hints=(
        "The standard error of a difference of two means with n customers each is "
        "sd * sqrt(2 / n). Solve difference = (z1 + z2) * that for n.",
        "z1 = stats.norm.ppf(1 - alpha / 2), and z2 = stats.norm.ppf(power). A negative difference "
        "needs as many customers as a positive one.",
        "n = 2 * ((z1 + z2) * sd / difference) ** 2, rounded up with int(np.ceil(n)).",
    ),
    insight="Half the difference needs four times the customers. Ask before the start.",
)
