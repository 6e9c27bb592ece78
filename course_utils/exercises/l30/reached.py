"""Task 30.5: how many labels does a way need to reach a score?"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number
from course_utils.exercises.tolerance import floats

CASES: list[Case] = [
    ([8, 32, 128], [0.6, 0.8, 0.9], 0.7),
    ([8, 32, 128], [0.6, 0.8, 0.9], 0.8),
    ([8, 32, 128], [0.6, 0.8, 0.9], 0.55),
    ([8, 32, 128], [0.6, 0.8, 0.9], 0.95),
    ([8, 32, 128], [0.6, 0.8, 0.9], 0.9),
    ([10, 100, 1000, 10000], [0.5, 0.7, 0.65, 0.9], 0.68),
    ([10, 100, 1000, 10000], [0.5, 0.7, 0.65, 0.9], 0.75),
    ([10, 100, 1000], [0.7, 0.6, 0.8], 0.7),
    ([16, 64], [0.6, 0.6], 0.6),
    ([16, 64], [0.6, 0.6], 0.61),
    ([5], [0.5], 0.4),
    ([5], [0.5], 0.6),
    ([8, 16, 512], [0.61, 0.66, 0.93], 0.9),
    ([10, 100, 1000], [0.5, 0.9, 0.7], 0.7),
    ([8, 32, 128], [0.6, 0.8, 0.7], 0.75),
]


def reached(
    sizes: list[int],
    scores: list[float],
    target: float,
    to: Callable[[float], float] = np.log,
    back: Callable[[float], float] = np.exp,
) -> float:
    """The right number, or one on another scale."""
    if scores[0] >= target:
        return float(sizes[0])
    for (a, low), (b, high) in pairwise(zip(sizes, scores, strict=True)):
        if high >= target:
            share = (target - low) / (high - low)
            return float(back(to(a) + share * (to(b) - to(a))))
    return float("inf")


def _same(x: float) -> float:
    return x


def over_n(sizes: list[int], scores: list[float], target: float) -> float:
    return reached(sizes, scores, target, _same, _same)


def next_size(sizes: list[int], scores: list[float], target: float) -> float:
    return next((float(n) for n, s in zip(sizes, scores, strict=True) if s >= target), np.inf)


def size_before(sizes: list[int], scores: list[float], target: float) -> float:
    below = [n for n, s in zip(sizes, scores, strict=True) if s < target]
    return float(below[-1] if below else sizes[0])


def for_good(sizes: list[int], scores: list[float], target: float) -> float:
    """The last time that it comes from below."""
    if scores[-1] < target:
        return float("inf")
    for at in range(len(sizes) - 1, 0, -1):
        if scores[at - 1] < target:
            return reached(sizes[at - 1 :], scores[at - 1 :], target)
    return float(sizes[0])


def strictly(sizes: list[int], scores: list[float], target: float) -> float:
    """The score must lie above the target."""
    return (
        reached(sizes, scores, np.nextafter(target, 2))
        if target in scores
        else reached(sizes, scores, target)
    )


def last_size(sizes: list[int], scores: list[float], target: float) -> float:
    found = reached(sizes, scores, target)
    return found if np.isfinite(found) else float(sizes[-1])


def none_reached(sizes: list[int], scores: list[float], target: float) -> float:
    found = reached(sizes, scores, target)
    return found if np.isfinite(found) else 0.0


def goes_on(sizes: list[int], scores: list[float], target: float) -> float:
    """A straight line beyond both ends."""
    x, y = np.log(np.asarray(sizes[-2:], float)), np.asarray(scores[-2:], float)
    found = reached(sizes, scores, target)
    if np.isfinite(found) or len(sizes) == 1 or y[1] <= y[0]:
        return found
    return float(np.exp(x[1] + (target - y[1]) * (x[1] - x[0]) / (y[1] - y[0])))


def log_of(sizes: list[int], scores: list[float], target: float) -> float:
    return float(np.log(reached(sizes, scores, target)))


def interpolated(sizes: list[int], scores: list[float], target: float) -> float:
    """``np.interp`` with the scores in the place of x: it wants them to rise."""
    if max(scores) < target:
        return float("inf")
    return float(np.exp(np.interp(target, scores, np.log(np.asarray(sizes, float)))))


def exact_first(sizes: list[int], scores: list[float], target: float) -> float:
    """A measured score equal to the target, wherever it stands."""
    if target in scores:
        return float(sizes[scores.index(target)])
    return reached(sizes, scores, target)


def last_asked(sizes: list[int], scores: list[float], target: float) -> float:
    return float("inf") if target > scores[-1] else reached(sizes, scores, target)


MISTAKES: dict[str, Callable[..., float]] = {
    "a measured score equal to the target is taken, though the line had it before": exact_first,
    "only the last score is asked whether the target is reached: scores may fall": last_asked,
    "the line is drawn over n: draw it over the logarithm of n": over_n,
    "the first size that has the score is returned: the line lies between two sizes": next_size,
    "the last size that lacks the score is returned: the line lies between two": size_before,
    "the last crossing is taken: the first counts": for_good,
    "a score equal to the target does not count: it does": strictly,
    "the last size is returned where the score is never reached: that is infinity": last_size,
    "0 is returned where the score is never reached: that is infinity": none_reached,
    "the line is drawn on beyond the last size: nobody measured there": goes_on,
    "np.interp is asked with scores that fall: it wants them in rising order": interpolated,
    "the logarithm of n is returned": log_of,
}


def _told(case: Case) -> str:
    return call_of("reached", case)


def _read(value: Any, case: Case) -> float:
    got = floats(value)
    if got is not None and got.size == 1 and np.isnan(got).all():
        reject(f"{_told(case)}: the result must be a number or infinity, got nan.")
    return as_number(value, f"{_told(case)}: the result", infinite=True)


def check_reached(answer: Any) -> None:
    compare(answer, CASES, reached, _read, _told, MISTAKES)


TASK = Task(
    id="30.5",
    prompt="The number of labels at which a learning curve first has a score.",
    check_answer=check_reached,
    hints=(
        "Go through neighbouring sizes. Where is the score below the target first and then not?",
        "share = (target - low) / (high - low) of the way, and the way goes over log n: "
        "n = a (b / a)^share.",
        "if scores[0] >= target: return sizes[0]. for k in range(1, len(sizes)): if scores[k] >= "
        "target: share = ...; return sizes[k-1] * (sizes[k] / sizes[k-1]) ** share. Else np.inf.",
    ),
    insight="Two curves are compared in labels, not in points of AUC: labels have a price.",
)
