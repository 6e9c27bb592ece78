"""Task 15.3: the doubly robust value of a policy."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.checked import checked, in_lines
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number

right = LessonAnswer("15.3")
edit, returning = right.edit, right.returning

CASES: list[Case] = [
    (
        [0, 1],
        [1, 0],
        [[0.5, 0.5], [0.8, 0.2]],
        [[1.0, 0.0], [0.5, 0.5]],
        [[0.6, 0.2], [0.4, 0.2]],
    ),
    ([1], [1], [[0.25, 0.75]], [[0.1, 0.9]], [[0.3, 0.5]]),
    ([0], [0], [[1.0]], [[1.0]], [[0.05]]),  # one candidate
    (
        [2, 0, 1],
        [1, 1, 0],
        [[0.2, 0.3, 0.5], [0.9, 0.1], [0.3, 0.4, 0.2, 0.1]],  # unlike many candidates
        [[0.6, 0.3, 0.1], [0.2, 0.8], [0.1, 0.2, 0.3, 0.4]],
        [[0.5, 0.1, 0.3], [0.7, 0.2], [0.25, 0.15, 0.35, 0.05]],
    ),
    (
        [1, 1],
        [1, 1],
        [[0.99, 0.01], [0.5, 0.5]],
        [[0.0, 1.0], [0.5, 0.5]],
        [[0.1, 0.2], [0.3, 0.4]],
    ),
    ([0, 0], [0, 0], [[0.1, 0.9], [0.5, 0.5]], [[0.9, 0.1], [0.0, 1.0]], [[0.8, 0.1], [0.6, 0.05]]),
    ([0, 1, 1], [0, 0, 0], [[0.5, 0.5]] * 3, [[0.4, 0.6]] * 3, [[0.0, 0.0]] * 3),  # exactly 0
]

DIRECT, WEIGHT, ERROR = (
    "sum(p * q for p, q in zip(pi, a, strict=True))",
    "pi[s] / mu[s]",
    "(c - a[s])",
)

SLIPS = {
    "the model's prediction is not subtracted from the click": edit({ERROR: "c"}),
    "this is IPW: the model is missing": edit({DIRECT: "0", ERROR: "c"}),
    "this is the direct model: the weighted error is missing": edit({f" + {WEIGHT} * {ERROR}": ""}),
    "the direct part is the prediction of what was shown, not of the new policy": edit(
        {DIRECT: "a[s]"}
    ),
    "the direct part is the mean under the old policy": edit({"zip(pi, a,": "zip(mu, a,"}),
    "the direct part is a plain mean of the predictions": edit({DIRECT: "sum(a) / len(a)"}),
    "the weight is old over new": edit({WEIGHT: "(mu[s] / pi[s] if pi[s] else 0)"}),
    "the error is not weighted": edit({f"{WEIGHT} * ": ""}),
    "the weight is 1 / old: it lacks the new policy's probability": edit({WEIGHT: "1 / mu[s]"}),
    "the sign of the error is turned": edit({f"+ {WEIGHT}": f"- {WEIGHT}"}),
    "weights are clipped at 10": edit({WEIGHT: f"min({WEIGHT}, 10)"}),
    "the errors are divided by the sum of the weights, not by the number of pages": returning(
        "(lambda rows: sum(sum(p * q for p, q in zip(pi, a)) for *_, pi, a in rows) / len(rows) "
        "+ sum(pi[s] / mu[s] * (c - a[s]) for s, c, mu, pi, a in rows) "
        "/ sum(pi[s] / mu[s] for s, c, mu, pi, a in rows)"
        ")(list(zip(shown, clicks, old, new, predicted)))"
    ),
    "the sum over pages is returned, not their mean": edit({" / len(shown)": ""}),
    "the result is cut to 0 and 1: an estimate may lie outside": returning(
        "min(1.0, max(0.0, result))"
    ),
}

shown = in_lines(right, "dr_value(...)")


def _read(value: Any, case: Case) -> float:
    return as_number(value, f"{shown(case)}: the result")


TASK = checked(
    "15.3",
    "The doubly robust estimate of a new policy's clicks a page.",
    right,
    CASES,
    SLIPS,
    hints=(
        "For each page two terms: what the model says of the new policy, and the weighted error of "
        "the model at what was shown.",
        "Direct: the sum over candidates of new times predicted. Error: clicks[i] - predicted of "
        "the shown one. Weight: new over old, both of the shown one.",
        "for s, c, mu, pi, a in zip(shown, clicks, old, new, predicted): total += sum(p * q for p, "
        "q in zip(pi, a)) + pi[s] / mu[s] * (c - a[s]). At the end divide by len(shown).",
    ),
    insight="The model may be wrong or the old probabilities may be wrong, one of the two. The "
    "luck of a single click stays, whatever the model.",
    shown=shown,
    read=_read,
    leaves=False,
)
