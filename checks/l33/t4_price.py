"""Task 33.4: how many weights do one more task and one more scenario cost?"""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten

right = LessonAnswer("33.4")
edit, returning = right.edit, right.returning

DESIGNS = ("shared", "separate", "star", "mmoe")

CASES: list[Case] = [
    (design, *sizes)
    for sizes in ((32, 64, 3, 10, 4), (5, 7, 1, 2, 3), (40, 16, 6, 30, 8), (2, 1, 2, 1, 1))
    for design in DESIGNS
]

STAR, MMOE, PAIRS = "(1 + S) * (t + K * q)", "n * t + K * (n * d + q)", "K * S * (t + q)"
ADDED = "total(K + 1, S) - now, total(K, S + 1) - now"

SLIPS = {
    "biases are not counted": edit({"(d + 1) * h, h + 1": "d * h, h"}),
    "STAR's shared weights are not counted: there is one set beside those of the scenarios": edit(
        {STAR: "S * (t + K * q)"}
    ),
    "only STAR's trunk has weights of its own in a scenario; its heads have, too": edit(
        {STAR: "(1 + S) * t + K * q"}
    ),
    "MMoE's gates are not counted": edit({MMOE: "n * t + K * q"}),
    "MMoE's next task brings a head and a gate; the gate is not counted": returning(
        "(result[0], h + 1 if design == 'mmoe' else result[1], result[2])"
    ),
    "MMoE has one gate for all; it has one a task": edit({MMOE: "n * t + n * d + K * q"}),
    "MMoE's gates have a bias; the text gives them none": edit(
        {MMOE: "n * t + K * (n * (d + 1) + q)"}
    ),
    "separate networks are one a task or one a scenario; they are one for each pair": edit(
        {PAIRS: "(K + S) * (t + q)"}
    ),
    "the price is a mean, the total divided by tasks and by scenarios; the next one is asked for": (
        returning("(result[0], result[0] / K, result[0] / S)")
    ),
    "the totals after the extension are returned, not what is added": edit(
        {ADDED: "total(K + 1, S), total(K, S + 1)"}
    ),
    "the prices of a task and of a scenario are exchanged": returning(
        "(result[0], result[2], result[1])"
    ),
}

shown = in_one_line(right)
_NAMES = ("the total", "one more task", "one more scenario")


def _read(got: Any, case: Case) -> tuple[float, ...]:
    told = shown(case)
    got = got.tolist() if isinstance(got, np.ndarray) else got
    refuse_none(got, told, "a tuple of three")
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        reject(f"{told} must be (total, a task, a scenario), got {shorten(got)}.")
    return tuple(as_number(one, told) for one in got)


TASK = checked(
    "33.4",
    "Return the weights of a design, and what one more task and one more scenario add.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Write the total as a function of K and S first; a price is a difference of two totals.",
        "Trunk (d + 1) h, head h + 1. Shared: one trunk, K heads. Separate: K S of both. STAR: "
        "1 + S sets of trunk and K heads. MMoE: n experts like the trunk, K gates n d, K heads.",
        "now = total(K, S); return now, total(K + 1, S) - now, total(K, S + 1) - now.",
    ),
    insight="Where scenarios have weights of their own, every task is paid for in each of them.",
    shown=shown,
    read=_read,
    place=lambda case, path: f"{shown(case)}: {_NAMES[path[0]]}",
    leaves=False,
)
