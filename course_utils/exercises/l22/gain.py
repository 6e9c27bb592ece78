"""Task 22.1: the gain that a helper brings, with its interval and its word."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.l22.gain_slips import MISTAKES, Slip, ends, right_gain
from course_utils.exercises.l22.shared import WORDS, marked, read_number
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten

NAN = np.nan
PARTS = ("mean", "low", "high")


def _drawn(seed: int, n: int, gain: float, lost: tuple[int, ...] = (), off: int = -1) -> Case:
    """Seeds differ much, gains little; some runs failed on one side or the other."""
    draw = np.random.default_rng(seed)
    alone = (0.7 + 0.04 * draw.normal(size=n)).round(3)
    noise = draw.normal(size=n)
    helped = (alone + gain + 0.004 * (noise - noise.mean()) / noise.std()).round(3)
    for at in lost:
        (helped if at % 2 else alone)[at] = NAN
    if off >= 0:
        helped[off] = alone[off] = NAN
    return helped, alone


CASES: list[Case] = [
    (np.array([0.74, 0.73, 0.78]), np.array([0.72, 0.70, 0.74])),
    _drawn(0, 5, 0.02),
    _drawn(1, 6, -0.02),
    _drawn(2, 8, 0.0012),
    _drawn(3, 7, -0.0012),
    _drawn(4, 12, 0.0035),
    _drawn(5, 12, -0.0035),
    # Six seeds, whose normal interval leaves 0 out and whose t-interval does not.
    _drawn(6, 6, 0.0038),
    _drawn(7, 6, -0.0038),
    _drawn(8, 8, 0.02, lost=(1, 4)),
    _drawn(9, 9, -0.01, lost=(2, 5, 6)),
    _drawn(10, 7, 0.004, lost=(3,), off=4),
    (np.array([0.7, 0.7, 0.7, 0.9]), np.array([0.7, 0.7, 0.7, NAN])),
    (np.array([0.75, 0.5, 0.875]), np.array([0.5, 0.25, 0.625])),
    (np.array([0.25, 0.125, 0.5, 0.75]), np.array([0.5, 0.375, 0.75, 1.0])),
    (np.array([0.71, 0.68, 0.74, 0.7]), np.array([0.71, 0.68, 0.74, 0.7])),
    _drawn(11, 33, 0.0014),
    # An end that only rounding, or a tolerance, would call 0.
    (np.array([0.5 + 2**-19, 0.25 + 2**-20, 0.75 + 2**-19]), np.array([0.5, 0.25, 0.75])),
    (np.array([0.5 - 2**-19, 0.25 - 2**-20, 0.75 - 3 * 2**-20]), np.array([0.5, 0.25, 0.75])),
    (np.array([0.5 + 2**-30, 0.25 + 2**-31, 0.75 + 2**-30]), np.array([0.5, 0.25, 0.75])),
]


def check_gain(answer: Any) -> None:
    asked = leaving(answer, ("with_helper", "alone"), _told)
    mistakes = {why: _marked(slip) for why, slip in MISTAKES.items()}
    whole = [case for case in CASES if not np.isnan(case[0] - case[1]).any()]
    for cases in (whole, CASES):  # a slip shows where no run failed before nan hides it
        compare(
            asked,
            cases,
            right_gain,
            _read,
            _told,
            mistakes,
            lambda case, path: f"{_told(case)}: {_part(case, path[0])}",
        )


def _marked(slip: Slip) -> Slip:
    return lambda *case: {
        key: one if key == "word" else marked(one) for key, one in slip(*case).items()
    }


def _told(case: Case) -> str:
    return call_of("transfer_gain", case)


def _part(case: Case, key: str) -> str:
    if key != "word":
        return key
    low, high = ends(*case)
    return f"the interval is {low:.3g} to {high:.3g}, and the word"


def _read(got: Any, case: Case) -> dict[str, Any]:
    told = _told(case)
    refuse_none(got, told, "(mean, low, high, word)")
    if not isinstance(got, (tuple, list)) or len(got) != 4:
        reject(f"{told} must return (mean, low, high, word), got {shorten(got)}.")
    numbers = {
        part: read_number(one, f"{told}: {part}") for part, one in zip(PARTS, got, strict=False)
    }
    word = got[3].item() if isinstance(got[3], np.ndarray) and got[3].size == 1 else got[3]
    if not isinstance(word, str) or word not in WORDS:
        reject(f"{told}: the word must be one of {[*WORDS]}, got {shorten(word)}.")
    return {**numbers, "word": str(word)}


TASK = Task(
    id="22.1",
    prompt="Return the mean gain, both ends of its paired 95 % interval, and the word.",
    check_answer=check_gain,
    hints=(
        "First make one array of gains, with_helper minus alone. Then drop each gain that is nan: "
        "so a seed leaves both arrays together.",
        "n is the number of gains left. np.std divides by n unless told otherwise: ddof=1.",
        "d = with_helper - alone; d = d[~np.isnan(d)]; half = stats.t.ppf(0.975, len(d) - 1) * "
        "d.std(ddof=1) / np.sqrt(len(d)); the word depends on the signs of both ends.",
    ),
    insight="A negative mean alone is no negative transfer: the whole interval has to lie below 0.",
)
