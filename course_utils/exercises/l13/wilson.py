"""Task 13.2: Wilson's lower bound of a share."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

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
    (1, 60),
    (3, 4000),
    (10**6, 10**6),
]


def bound_of(
    good: int,
    n: int,
    z: float = Z,
    *,
    sign: float = -1,
    shift: float = 1,
    inner: float = 1,
    divide: bool = True,
    fixed: bool = False,
) -> float:
    """The bound, or what it becomes with a term left out."""
    if n == 0:
        return 0.0
    z = Z if fixed else z
    p = good / n
    half = z * math.sqrt(p * (1 - p) / n + inner * z * z / (4 * n * n))
    top = p + shift * z * z / (2 * n) + sign * half
    return top / (1 + z * z / n) if divide else top


def textbook(good: int, n: int, z: float = Z) -> float:
    return good / n - z * math.sqrt(good / n * (1 - good / n) / n) if n else 0.0


def cut_textbook(good: int, n: int, z: float = Z) -> float:
    return max(0.0, textbook(good, n, z))


def fourth(good: int, n: int, z: float = Z) -> float:
    if n == 0:
        return 0.0
    p = good / n
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n))
    return (p + z * z / (2 * n) - half) / (1 + z * z / n)


def _term(**change: Any) -> Callable[..., float]:
    return lambda *case: bound_of(*case, **change)


def plus(good: int, n: int, z: float = Z) -> float:
    return (good + 1) / (n + 2) if n else 0.0


def exact_z(good: int, n: int, z: float = 1.959963984540054) -> float:
    return bound_of(good, n, z)


def plain_share(good: int, n: int, z: float = Z) -> float:
    return good / n if n else 0.0


MISTAKES: dict[str, Callable[..., float]] = {
    "That is the share itself, without any caution.": plain_share,
    "That is the textbook interval, p - z sqrt(p(1-p)/n): it has width 0 at p = 1.": textbook,
    "That is the textbook interval, cut at 0: it has width 0 at p = 1.": cut_textbook,
    "That is the upper end of the interval; the lower one subtracts the root.": _term(sign=1),
    "That is the middle of the interval; the root is not subtracted.": _term(sign=0),
    "The division by 1 + z^2/n is left out.": _term(divide=False),
    "The term z^2 / 2n in front of the root is left out.": _term(shift=0),
    "The term z^2 / 4n^2 under the root is left out.": _term(inner=0),
    "Under the root you have z^2 / 4n; it is z^2 / 4n^2.": fourth,
    "Yours takes z = 1.96 whatever z is.": _term(fixed=True),
    "That is (good + 1) / (n + 2), a shrunk share, not a lower bound.": plus,
    "Your z is the exact quantile, 1.959964; here it is 1.96 unless told.": exact_z,
}


def _shown(case: tuple[Any, ...]) -> str:
    return f"wilson({', '.join(map(str, case))})"


def check_wilson(answer: Any) -> None:
    compare(answer, CASES, bound_of, _read, _shown, MISTAKES)
    if isinstance(answer.raised(9, 10, z=1.0), TypeError):
        reject("wilson(9, 10, z=1.0) raises TypeError: the third argument must be called z.")
    compare(
        lambda good, n, z: answer(good, n, z=z),
        [(9, 10, 1.0)],
        bound_of,
        _read,
        lambda case: "wilson(9, 10, z=1.0)",
        MISTAKES,
    )


def _read(value: Any, case: tuple[Any, ...]) -> float:
    if case[1] == 0 and isinstance(value, float) and not math.isfinite(value):
        reject(f"{_shown(case)} must be 0.0, got {value}: a product without ratings has no share.")
    return as_number(value, _shown(case))


TASK = Task(
    id="13.2",
    prompt="Wilson's lower bound for `good` of `n`, and 0.0 where n is 0.",
    check_answer=check_wilson,
    hints=(
        "Write p, then the root, then the whole fraction. n = 0 comes first.",
        "half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)).",
        "return (p + z**2 / (2 * n) - half) / (1 + z**2 / n), after `if n == 0: return 0.0`.",
    ),
    insight="The lower end says what is at least likely: little for one rating, much for many.",
)
