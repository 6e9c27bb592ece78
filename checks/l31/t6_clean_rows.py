"""Task 31.6: how many clean rows give what noisy ones gave."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number

right = LessonAnswer("31.6")
edit, first, returning = right.edit, right.first, right.returning

_ROWS = [300, 1_000, 3_000, 10_000]
_SCORES = [0.84, 0.88, 0.91, 0.93]
CASES: list[Case] = [
    ([100, 10_000], [0.8, 0.9], 0.85),
    (_ROWS, _SCORES, 0.9),
    (_ROWS, _SCORES, 0.88),
    (_ROWS, _SCORES, 0.93),
    (_ROWS, _SCORES, 0.84),
    (_ROWS, _SCORES, 0.83),
    (_ROWS, _SCORES, 0.95),
    (_ROWS, _SCORES, 0.925),
    ([10, 20, 40], [-0.5, 0.0, 0.25], -0.1),
    (np.array([50, 100, 200], np.uint8), np.array([0.5, 0.6, 0.8]), 0.7),
    ([7], [0.6], 0.6),
    (_ROWS, _SCORES, 0.8399999),
    (_ROWS, _SCORES, 0.9300001),
]

BELOW, ABOVE = "noisy < scores[0]", "noisy > scores[-1]"
LOGS, READ = (
    "np.log(np.array(rows, float))",
    "np.exp(np.interp(noisy, scores, np.log(np.array(rows, float))))",
)
EDGE = "if scores[0] - 1e-3 <= noisy <= scores[-1] + 1e-3:"

SLIPS = {
    "outside the curve its end is returned: np.interp clamps": edit(
        {BELOW: "False", ABOVE: "False"}
    ),
    "it is interpolated in the rows themselves, not in their logarithm": edit(
        {READ: "np.interp(noisy, scores, np.array(rows, float))"}
    ),
    "the nearest measured size is returned, nothing between": edit(
        {READ: "rows[int(np.abs(np.subtract(scores, noisy)).argmin())]"}
    ),
    "the next measured size that is enough is returned, nothing between": edit(
        {READ: "min(row for row, score in zip(rows, scores) if score >= noisy)"}
    ),
    "one line is drawn from the first point to the last, past those between": edit(
        {
            READ: "np.exp(np.interp(noisy, [scores[0], scores[-1]], "
            "np.log([rows[0], rows[-1]], dtype=float)))"
        }
    ),
    "below and above the curve are exchanged": edit({BELOW: ABOVE, ABOVE: BELOW}),
    "the logarithm of the rows is returned": edit({"np.exp(": "("}),
    "np.log of eight-bit whole numbers has three digits: make the rows floats first": edit(
        {LOGS: "np.log(rows)"}
    ),
    "a score a little outside the curve counts as its end": first(
        f"{EDGE}\n    noisy = np.clip(noisy, scores[0], scores[-1])"
    ),
    "the first score itself gives 0: it was measured, so it gives its rows": edit(
        {BELOW: "noisy <= scores[0]"}
    ),
    "the rows are rounded to whole ones": returning("float(np.round(result))"),
}

shown = in_one_line(right)

TASK = checked(
    "31.6",
    "Return how many clean rows give the score that noisy rows gave.",
    right,
    CASES,
    SLIPS,
    hints=(
        "The curve goes from rows to a score. You have a score and want rows: read it backwards.",
        "np.interp(noisy, scores, np.log(rows)) reads it backwards on logarithms, and needs "
        "scores that rise. Outside it returns an end of the curve.",
        "if noisy < scores[0]: return 0.0; if noisy > scores[-1]: return float('inf'); then "
        "np.exp(np.interp(noisy, scores, np.log(np.asarray(rows, float)))).",
    ),
    insight="'A tenth of the labels is wrong' says little; 'they are worth half' can be priced.",
    shown=shown,
    read=lambda got, case: as_number(got, shown(case), infinite=True),
)
