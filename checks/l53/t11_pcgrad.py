"""Task 53.11: PCGrad for any number of tasks, in a given order; the learner's own test of it."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.grading import Answers, grading
from course_utils.exercises.lesson_answer import LessonAnswer

right = LessonAnswer("53.11")
edit, first, returning = right.edit, right.first, right.returning


def _case(seed: int, tasks: int, n: int) -> Case:
    draw = np.random.default_rng(seed)
    orders = [draw.permutation([j for j in range(tasks) if j != i]).tolist() for i in range(tasks)]
    return draw.normal(size=(tasks, n)).round(1), orders


CASES: list[Case] = [
    (np.array([[1.0, 0.0], [-1.0, 2.0]]), [[1], [0]]),
    (np.array([[2.0, 1.0], [1.0, 3.0]]), [[1], [0]]),
    # Task 1 meets 2, which undoes a conflict, or 0 first.
    (np.array([[1.0, 0.0], [-1.0, 1.0], [-1.0, -2.0]]), [[1, 2], [2, 0], [0, 1]]),
    (np.array([[1.0, 0.0], [-1.0, 1.0], [-1.0, -2.0]]), [[2, 1], [0, 2], [1, 0]]),
    _case(1, 3, 2),
    _case(2, 4, 3),
    _case(3, 5, 4),
    (np.array([[1.0, -2.0]]), [[]]),
    # A task that says nothing; gradients that cancel; whole numbers in 8 bits.
    (np.array([[0.0, 0.0], [1.0, 2.0], [-1.0, 0.0]]), [[1, 2], [0, 2], [1, 0]]),
    (np.array([[1.0, 2.0], [-1.0, -2.0]]), [[1], [0]]),
    (np.array([[100, 0], [-100, 50]], np.int8), [[1], [0]]),
    (np.array([[127, 120, 90], [-128, -90, -100]], np.int8), [[1], [0]]),
    (np.array([[1e-6, 0.0], [-1e-6, 2e-6]]), [[1], [0]]),
]

INNER, SQUARE, CONFLICT = "inner = g @ grads[j]", "(grads[j] @ grads[j])", "inner < 0"
FLOATS, LOOP = "grads.astype(float)", "for j in order:"
NOT_IN_PLACE = {"g -= ": "g = g - "}

PLAIN_SUM, NO_CONFLICT = edit({CONFLICT: "False"}), edit({CONFLICT: "grads[j].any()"})
ALREADY_PROJECTED = edit({"grads[i].copy()": "grads[i]"})
AS_IT_CAME = edit({INNER: "inner = grads[i] @ grads[j]"})
NO_ORDERS = edit({LOOP: "for j in sorted(order):"})
FIRST_ONLY = edit({LOOP: "for j in order if i == 0 else []:"})
BY_LENGTH = edit({SQUARE: "np.linalg.norm(grads[j])"})
MEAN = edit({"return total": "return total / len(grads)"})
IN_8_BITS = edit({FLOATS: "grads"}, NOT_IN_PLACE)

SLIPS = {
    "a part is taken away where nothing conflicts": NO_CONFLICT,
    "the other gradient is the one already projected; take it as it came": ALREADY_PROJECTED,
    "the conflict is asked of the gradient as it came, not of what is left of it": AS_IT_CAME,
    "the orders given are not used": NO_ORDERS,
    "every task but the first is left as it came": FIRST_ONLY,
    "each task meets one other only": edit({LOOP: "for j in order[:1]:"}),
    "the inner product is divided by the length; divide by its square": BY_LENGTH,
    "the inner product is divided by the own square, not by the other's": edit({SQUARE: "(g @ g)"}),
    "the inner product is not divided": edit({f" / {SQUARE}": ""}),
    "the part is added, not taken away": edit({"g -= ": "g += "}),
    "the mean is returned; the paper adds": MEAN,
    "a conflict counts only beyond a small number": edit({CONFLICT: "inner < -1e-8"}),
    "products of whole numbers overflow in 8 bits; grads.astype(float) first": IN_8_BITS,
    "products of whole numbers overflow in 16 bits too; grads.astype(float) first": edit(
        {FLOATS: "grads.astype(np.int16) if grads.dtype == np.int8 else grads"}, NOT_IN_PLACE
    ),
    "the result is stretched to the length of the plain sum": returning(
        "result * np.linalg.norm(grads.astype(float).sum(axis=0)) "
        "/ max(np.linalg.norm(result), 1e-300)"
    ),
    "the plain sum is returned": PLAIN_SUM,
}

TASK = checked(
    "53.11",
    "Return the sum of the gradients, each projected off the others that it conflicts with.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Two loops: tasks i, and j in orders[i]. Two tables: the gradients as they came, and a "
        "copy that changes row by row.",
        "g = grads[i].copy(); for j: dot = g @ grads[j]. Below 0 take dot / (grads[j] @ grads[j]) "
        "times grads[j] away from g.",
        "grads = np.asarray(grads, float) first: 8-bit products overflow. A gradient of zeros has "
        "dot 0 and is never divided by. Return the sum of all g.",
    ),
    insight="K² n for the projections; the K backward passes before them are the larger bill.",
    not_finite="A gradient of 0 conflicts with none: divide only where the inner product is below "
    "0.",
)

RIGHT: Answers = {
    "works on arrays": right,
    "goes number by number and returns a list": returning("result.tolist()"),
    "differs in the last digits": returning("result * (1 + 1e-12)"),
}
WRONG: Answers = {
    "returns the plain sum": PLAIN_SUM,
    "projects where nothing conflicts": NO_CONFLICT,
    "projects off gradients that are projected already": ALREADY_PROJECTED,
    "ignores the orders": NO_ORDERS,
    "asks for the conflict of the gradient as it came": AS_IT_CAME,
    "divides by the length, not by its square": BY_LENGTH,
    "leaves every task but the first as it came": FIRST_ONLY,
    "returns the mean": MEAN,
    "fails on a gradient of zeros": first("[1 / float(g @ g) for g in grads.astype(float)]"),
    "lets 8-bit numbers overflow": IN_8_BITS,
    "changes its arguments": right.in_place("grads[0] = result"),
}

CHECK = grading(
    "53.11",
    RIGHT,
    WRONG,
    hints=(
        "Two tasks find few of them. With three, try two orders of the same gradients: the results "
        "must differ, each in its way.",
        "By hand: gradients that do not conflict give the plain sum; one of zeros changes nothing; "
        "np.array([[100, 0], [-100, 50]], np.int8) is within the contract.",
        "Or a second implementation in your check, on seeded draws of 3 or 4 gradients with "
        "permutations of the others. Compare with np.allclose; keep a copy for what must not "
        "change.",
    ),
    insight="The order of three tasks, and types: the two things that an example with two floats "
    "never shows.",
)
