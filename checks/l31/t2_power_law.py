"""Task 31.2: fit a power law above a known floor."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_array

right = LessonAnswer("31.2")
edit, first, returning = right.edit, right.first, right.returning

CASES: list[Case] = [
    ([100, 10_000], [0.5, 0.41], 0.4),
    ([300, 3_000, 30_000, 120_000], [0.345, 0.322, 0.306, 0.297], 0.29),
    ([30_000, 300, 3_000], [0.306, 0.345, 0.322], 0.29),
    ([10, 20, 40, 80], [1.0, 0.5, 0.25, 0.125], 0.0),
    ([264, 2_253, 20_697, 20_697], [0.33, 0.31, 0.3, 0.302], 0.28),
    ([1_000, 2_000, 3_000], [0.7, 0.71, 0.75], 0.5),
    (np.array([200, 250, 120], np.uint8), np.array([3.0, 2.5, 4.5]), 1.0),
    ([1, 10, 100], [9.0, 6.0, 5.0], 4.0),
    ([1, 10, 100], np.array([200, 100, 50], np.uint8), 1),
    ([1, 100], [1e-6, 1e-8], 0.0),
    ([0.5, 5.0], [0.9, 0.5], 0.4),
]

X, OVER = "np.log(np.array(n, float))", "np.array(loss, float) - floor"
FIT, A = "b, log_a = np.polyfit(x, y, 1)", "np.exp(log_a)"

SLIPS = {
    "the floor is not subtracted": edit({" - floor": ""}),
    "the sign of b is turned: the law has N to the power of -b": edit({", -b": ", b"}),
    "a is still a logarithm": edit({A: "log_a"}),
    "logarithms to base 10 go in and e to the power comes out: use 10 to the power": edit(
        {"np.log(": "np.log10("}
    ),
    "the loss is not taken as a logarithm": edit({f"np.log({OVER})": OVER, A: "log_a"}),
    "only the first and the last size are used": edit(
        {
            FIT: f"{FIT.replace('x, y', 'x[ends], y[ends]')}".join(
                ["ends = [x.argmin(), x.argmax()]\n    ", ""]
            )
        }
    ),
    "log N is fitted on the log of the loss: the error is in the loss": edit(
        {FIT: "slope, start = np.polyfit(y, x, 1)\n    b, log_a = 1 / slope, -start / slope"}
    ),
    "np.log of eight-bit whole numbers has three digits: make n floats first": edit(
        {X: "np.log(n)"}
    ),
    "a small number is added before the logarithm, or losses are cut there": edit(
        {OVER: f"np.maximum({OVER}, 1e-6)"}
    ),
    "sizes below 1 are cut to 1": first("n = np.maximum(np.array(n, float), 1)"),
    "a and b are exchanged": returning("result[::-1]"),
}

shown = in_one_line(right)

TASK = checked(
    "31.2",
    "Return a and b of loss = floor + a / n**b, by least squares on logarithms.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Take the floor away first. What is left is a / n**b: what is its logarithm?",
        "log(loss - floor) = log a - b log n: a straight line in log n.",
        "slope, start = np.polyfit(np.log(n), np.log(loss - floor), 1), both as floats; "
        "return np.exp(start), -slope.",
    ),
    insight="A straight line on two logarithmic axes is easily had. A point beyond them is not.",
    shown=shown,
    read=lambda got, case: as_array(got, f"{shown(case)}: (a, b)", (2,)),
    place=lambda case, at: f"{shown(case)}: {'ab'[at[0]]}",
)
