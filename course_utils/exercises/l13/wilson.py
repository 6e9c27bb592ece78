"""Task 13.2: Wilson's lower bound of a share."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import optimize, stats

from course_utils.exercises.engine import Task, Wrong, as_number, reject
from course_utils.exercises.l13.shared import require_same

Z = 1.96
CASES: list[tuple[Any, ...]] = [
    (9, 10),
    (1, 1),
    (0, 5),
    (5, 5),
    (3, 7),
    (90, 100),
    (450, 1000),
    (9, 10, 1.0),
    (2, 3, 2.576),
    (60, 80, 1.64),
    (0, 0),
    (0, 0, 1.0),
]


def _bound(
    good: int,
    n: int,
    z: float = Z,
    *,
    sign: float = -1,
    shift: float = 1,
    inner: float = 1,
    divide: bool = True,
    fixed: bool = False,
) -> list[float]:
    """The bound, or what it becomes with a term left out."""
    if n == 0:
        return [0.0]
    z = Z if fixed else z
    p = good / n
    half = z * math.sqrt(p * (1 - p) / n + inner * z * z / (4 * n * n))
    top = p + shift * z * z / (2 * n) + sign * half
    return [top / (1 + z * z / n) if divide else top]


def _textbook(good: int, n: int, z: float = Z) -> list[float]:
    return [good / n - z * math.sqrt(good / n * (1 - good / n) / n) if n else 0.0]


def _cut_textbook(good: int, n: int, z: float = Z) -> list[float]:
    return [max(0.0, _textbook(good, n, z)[0])]


def _fourth(good: int, n: int, z: float = Z) -> list[float]:
    if n == 0:
        return [0.0]
    p = good / n
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n))
    return [(p + z * z / (2 * n) - half) / (1 + z * z / n)]


def _term(**change: Any) -> Callable[..., list[float]]:
    return lambda *case: _bound(*case, **change)


def _plus(good: int, n: int, z: float = Z) -> list[float]:
    return [(good + 1) / (n + 2) if n else 0.0]


def _share(good: int, n: int, z: float = Z) -> list[float]:
    return [good / n if n else 0.0]


MISTAKES: dict[str, Callable[..., list[float]]] = {
    "That is the share itself, without any caution.": _share,
    "That is the textbook interval, p - z sqrt(p(1-p)/n): it has width 0 at p = 1.": _textbook,
    "That is the textbook interval, cut at 0: it has width 0 at p = 1.": _cut_textbook,
    "That is the upper end of the interval; the lower one subtracts the root.": _term(sign=1),
    "That is the middle of the interval; the root is not subtracted.": _term(sign=0),
    "The division by 1 + z^2/n is left out.": _term(divide=False),
    "The term z^2 / 2n in front of the root is left out.": _term(shift=0),
    "The term z^2 / 4n^2 under the root is left out.": _term(inner=0),
    "Under the root you have z^2 / 4n; it is z^2 / 4n^2.": _fourth,
    "Yours takes z = 1.96 whatever z is.": _term(fixed=True),
    "That is (good + 1) / (n + 2), a shrunk share, not a lower bound.": _plus,
}


def _shown(case: tuple[Any, ...]) -> str:
    return f"wilson({', '.join(map(str, case))})"


def check_wilson(answer: Any) -> None:
    got = [[_read(answer(*case), case)] for case in CASES]
    require_same(CASES, got, _bound, MISTAKES, lambda case, place: _shown(case))


def _read(value: Any, case: tuple[Any, ...]) -> float:
    if case[1] == 0 and isinstance(value, float) and not math.isfinite(value):
        reject(f"{_shown(case)} must be 0.0, got {value}: a product without ratings has no share.")
    return as_number(value, _shown(case))


def _with_scipy(good: int, n: int, z: float = Z) -> float:
    if not n:
        return 0.0
    level = 2 * float(stats.norm.cdf(z)) - 1
    return stats.binomtest(good, n).proportion_ci(level, method="wilson").low


def _by_its_meaning(good: int, n: int, z: float = Z) -> np.float64:
    """The smallest q from which p is no more than z standard deviations of q away."""
    if good == 0:
        return np.float64(0)
    p = good / n

    def beyond(q: float) -> float:
        return (p - q) - z * math.sqrt(q * (1 - q) / n)

    return np.float64(optimize.brentq(beyond, 1e-12, p * (1 - 1e-9), xtol=1e-12))


TASK = Task(
    id="13.2",
    prompt="Wilson's lower bound for `good` of `n`, and 0.0 where n is 0.",
    check_answer=check_wilson,
    hints=(
        "Write p, then the root, then the whole fraction. n = 0 comes first.",
        "half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)).",
        "return (p + z**2 / (2 * n) - half) / (1 + z**2 / n), after `if n == 0: return 0.0`.",
    ),
    right=[_with_scipy, _by_its_meaning],
    wrong=[
        Wrong(lambda *case: _share(*case)[0], "without any caution", silent=True),
        Wrong(lambda *case: _textbook(*case)[0], "p - z sqrt(p(1-p)/n)", silent=True),
        Wrong(lambda *case: _cut_textbook(*case)[0], "cut at 0", silent=True),
        Wrong(lambda *case: _bound(*case, sign=1)[0], "upper end", silent=True),
        Wrong(lambda *case: _bound(*case, sign=0)[0], "middle of the interval", silent=True),
        Wrong(lambda *case: _bound(*case, divide=False)[0], "division by 1 + z^2/n", silent=True),
        Wrong(lambda *case: _bound(*case, shift=0)[0], "in front of the root", silent=True),
        Wrong(lambda *case: _bound(*case, inner=0)[0], "4n^2 under the root is", silent=True),
        Wrong(lambda *case: _fourth(*case)[0], "you have z^2 / 4n;", silent=True),
        Wrong(lambda *case: _bound(*case, fixed=True)[0], "whatever z is", silent=True),
        Wrong(lambda *case: _plus(*case)[0], "a shrunk share", silent=True),
        Wrong(
            lambda good, n, z=Z: _bound(good, n, z)[0] if n else float("nan"),
            "has no share",
            silent=True,
        ),
        Wrong(
            lambda good, n, z=Z: _bound(good, n, z)[0] if n else 0.5,
            "wilson(0, 0) must be 0.000, got 0.500",
            silent=True,
        ),
        Wrong(lambda *case: round(_bound(*case)[0], 3), "Do not round", silent=True),
        Wrong(lambda *case: (_bound(*case)[0], _bound(*case, sign=1)[0]), "must be one number"),
        Wrong(
            lambda good, n, z=Z: _bound(good, n, z)[0] if good / n >= 0 else 0.0,
            "ZeroDivisionError",
            status="error",
        ),
    ],
    insight="The lower end says what is at least likely: little for one rating, much for many.",
)
