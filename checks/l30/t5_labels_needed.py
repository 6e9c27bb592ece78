"""Task 30.5: how many labels does a way need to reach a score?"""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number
from course_utils.exercises.tolerance import floats

right = LessonAnswer("30.5")
edit, first, returning = right.edit, right.first, right.returning

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

BETWEEN = "sizes[k - 1] * (sizes[k] / sizes[k - 1]) ** share"


def _goes_on(sizes: list[int], scores: list[float], target: float) -> float:
    """A straight line beyond both ends."""
    x, y = np.log(np.asarray(sizes[-2:], float)), np.asarray(scores[-2:], float)
    found = right(sizes, scores, target)
    if np.isfinite(found) or len(sizes) == 1 or y[1] <= y[0]:
        return float(found)
    return float(np.exp(x[1] + (target - y[1]) * (x[1] - x[0]) / (y[1] - y[0])))


SLIPS = {
    "a measured score equal to the target is taken, though the line had it before": first(
        "if target in scores:\n    return sizes[scores.index(target)]"
    ),
    "only the last score is asked whether the target is reached: scores may fall": first(
        "if target > scores[-1]:\n    return np.inf"
    ),
    "the line is drawn over n: draw it over the logarithm of n": edit(
        {BETWEEN: "sizes[k - 1] + share * (sizes[k] - sizes[k - 1])"}
    ),
    "the first size that has the score is returned: the line lies between two sizes": edit(
        {BETWEEN: "sizes[k]"}
    ),
    "the last size that lacks the score is returned: the line lies between two": returning(
        "([n for n, score in zip(sizes, scores) if score < target] or sizes[:1])[-1]"
    ),
    "the last crossing is taken: the first counts": edit(
        {
            "if scores[0] >= target:": "if min(scores) >= target:",
            "range(1, len(sizes))": "range(len(sizes) - 1, 0, -1)",
            "if scores[k] >= target:": "if scores[-1] >= target > scores[k - 1]:",
        }
    ),
    "a score equal to the target does not count: it does": edit({">= target": "> target"}),
    "the last size is returned where the score is never reached: that is infinity": edit(
        {"np.inf": "sizes[-1]"}
    ),
    "0 is returned where the score is never reached: that is infinity": edit({"np.inf": "0.0"}),
    "the line is drawn on beyond the last size: nobody measured there": _goes_on,
    "np.interp is asked with scores that fall: it wants them in rising order": returning(
        "np.inf if max(scores) < target else np.exp(np.interp(target, scores, np.log(sizes)))"
    ),
    "the logarithm of n is returned": returning("np.log(result)"),
}

shown = in_one_line(right)


def _read(value: Any, case: Case) -> float:
    got = floats(value)
    if got is not None and got.size == 1 and np.isnan(got).all():
        reject(f"{shown(case)}: the result must be a number or infinity, got nan.")
    return as_number(value, f"{shown(case)}: the result", infinite=True)


TASK = checked(
    "30.5",
    "The number of labels at which a learning curve first has a score.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Go through neighbouring sizes. Where is the score below the target first and then not?",
        "share = (target - low) / (high - low) of the way, and the way goes over log n: "
        "n = a (b / a)^share.",
        "if scores[0] >= target: return sizes[0]. for k in range(1, len(sizes)): if scores[k] >= "
        "target: share = ...; return sizes[k-1] * (sizes[k] / sizes[k-1]) ** share. Else np.inf.",
    ),
    insight="Two curves are compared in labels, not in points of AUC: labels have a price.",
    shown=shown,
    read=_read,
    leaves=False,
)
