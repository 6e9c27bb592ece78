"""Task 33.4: how many weights do one more task and one more scenario cost?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten

DESIGNS = ("shared", "separate", "star", "mmoe")

_CASES: list[Case] = [
    (design, *sizes)
    for sizes in ((32, 64, 3, 10, 4), (5, 7, 1, 2, 3), (40, 16, 6, 30, 8), (2, 1, 2, 1, 1))
    for design in DESIGNS
]


def total(design: str, d: int, h: int, K: int, S: int, n: int) -> int:
    trunk, head = (d + 1) * h, h + 1
    return {
        "shared": trunk + K * head,
        "separate": K * S * (trunk + head),
        "star": (1 + S) * (trunk + K * head),
        "mmoe": n * trunk + K * (n * d + head),
    }[design]


def _steps(of: Callable[..., int]) -> Callable[..., Any]:
    def run(design: str, d: int, h: int, K: int, S: int, n: int) -> tuple[int, int, int]:
        now = of(design, d, h, K, S, n)
        return (
            now,
            of(design, d, h, K + 1, S, n) - now,
            of(design, d, h, K, S + 1, n) - now,
        )

    return run


right_price = _steps(total)


def _variant(**changed: Callable[..., int]) -> Callable[..., Any]:
    """The same with another total for some designs."""

    def of(design: str, *sizes: int) -> int:
        return changed.get(design, lambda *s: total(design, *s))(*sizes)

    return _steps(of)


def _no_biases(design: str, d: int, h: int, K: int, S: int, n: int) -> int:
    return {
        "shared": d * h + K * h,
        "separate": K * S * (d * h + h),
        "star": (1 + S) * (d * h + K * h),
        "mmoe": n * d * h + K * (n * d + h),
    }[design]


def means(design: str, d: int, h: int, K: int, S: int, n: int) -> tuple[float, float, float]:
    now = total(design, d, h, K, S, n)
    return now, now / K, now / S


def totals(design: str, d: int, h: int, K: int, S: int, n: int) -> tuple[int, int, int]:
    return (
        total(design, d, h, K, S, n),
        total(design, d, h, K + 1, S, n),
        total(design, d, h, K, S + 1, n),
    )


def exchanged(design: str, *sizes: int) -> tuple[int, int, int]:
    now, task, scenario = right_price(design, *sizes)
    return now, scenario, task


def next_without_gate(design: str, *sizes: int) -> tuple[int, int, int]:
    now, task, scenario = right_price(design, *sizes)
    return now, sizes[1] + 1 if design == "mmoe" else task, scenario


MISTAKES: dict[str, Callable[..., Any]] = {
    "biases are not counted": _steps(_no_biases),
    "STAR's shared weights are not counted: there is one set beside those of the scenarios": (
        _variant(star=lambda d, h, K, S, n: S * ((d + 1) * h + K * (h + 1)))
    ),
    "only STAR's trunk has weights of its own in a scenario; its heads have, too": _variant(
        star=lambda d, h, K, S, n: (1 + S) * (d + 1) * h + K * (h + 1)
    ),
    "MMoE's gates are not counted": _variant(
        mmoe=lambda d, h, K, S, n: n * (d + 1) * h + K * (h + 1)
    ),
    "MMoE's next task brings a head and a gate; the gate is not counted": next_without_gate,
    "MMoE has one gate for all; it has one a task": _variant(
        mmoe=lambda d, h, K, S, n: n * (d + 1) * h + n * d + K * (h + 1)
    ),
    "MMoE's gates have a bias; the text gives them none": _variant(
        mmoe=lambda d, h, K, S, n: n * (d + 1) * h + K * (n * (d + 1) + h + 1)
    ),
    "separate networks are one a task or one a scenario; they are one for each pair": _variant(
        separate=lambda d, h, K, S, n: (K + S) * ((d + 1) * h + h + 1)
    ),
    "the price is a mean, the total divided by tasks and by scenarios; the next one is asked for": (
        means
    ),
    "the totals after the extension are returned, not what is added": totals,
    "the prices of a task and of a scenario are exchanged": exchanged,
}


def check_price(answer: Any) -> None:
    compare(
        answer,
        _CASES,
        right_price,
        _read,
        lambda case: call_of("price", case),
        MISTAKES,
        lambda case, path: f"{call_of('price', case)}: {_NAMES[path[0]]}",
    )


_NAMES = ("the total", "one more task", "one more scenario")


def _read(got: Any, case: Case) -> tuple[float, ...]:
    told = call_of("price", case)
    got = got.tolist() if isinstance(got, np.ndarray) else got
    refuse_none(got, told, "a tuple of three")
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        reject(f"{told} must be (total, a task, a scenario), got {shorten(got)}.")
    return tuple(as_number(one, told) for one in got)


TASK = Task(
    id="33.4",
    prompt="Return the weights of a design, and what one more task and one more scenario add.",
    check_answer=check_price,
    hints=(
        "Write the total as a function of K and S first; a price is a difference of two totals.",
        "Trunk (d + 1) h, head h + 1. Shared: one trunk, K heads. Separate: K S of both. STAR: "
        "1 + S sets of trunk and K heads. MMoE: n experts like the trunk, K gates n d, K heads.",
        "now = total(K, S); return now, total(K + 1, S) - now, total(K, S + 1) - now.",
    ),
    insight="Where scenarios have weights of their own, every task is paid for in each of them.",
)
