"""Task 10.3: with which probability is a product drawn as a negative?"""

from __future__ import annotations

import numpy as np

from course_utils.exercises.calls import code_of
from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_array

right = LessonAnswer("10.3")
edit, returning = right.edit, right.returning

CASES: list[Case] = [
    (np.array([4, 1, 0, 5]), [3], 1.0),
    (np.array([16, 1, 81, 2]), [1], 0.75),
    (np.array([9, 4, 1]), [], 0.5),
    (np.array([9, 4, 0, 1]), [0], 0.0),
    (np.array([7, 0, 3, 2, 8]), [0, 4], 0.75),
    (np.array([3, 5]), [0, 1], 1.0),
    (np.array([6, 0, 0]), [0], 1.0),
    (np.array([2, 2, 2, 4]), [0, 2, 0], 2.0),
    (np.array([0, 0]), [], 0.75),
    (np.array([5]), [], 1.0),
    (np.array([3, 0, 300, 600, 2]), [4, 1], 1.0),
    (np.array([0, 0]), [], 0.0),
]

LARGE: list[Case] = [
    # Whole numbers overflow; so much bigger that total minus the bought one keeps few digits.
    (np.array([10**9, 100_000, 200_000]), [0], 4),
]

RAISED = "counts.astype(float) ** power"
MASK, TOTAL = "raised[list(bought)] = 0", "total = raised.sum()"

SLIPS = {
    "You draw what the customer bought too; its probability is 0.": edit({MASK: "pass"}),
    "Your mask comes after the division, so the sum is no longer 1.": edit(
        {MASK: TOTAL, TOTAL: MASK}
    ),
    "You draw what was bought and leave out the rest: the mask is upside down.": edit(
        {MASK: "raised[np.setdiff1d(np.arange(len(counts)), bought)] = 0"}
    ),
    "You raise after you divided, so the sum is no longer 1.": returning(
        "np.where(np.isin(np.arange(len(counts)), bought), 0, right(counts, bought, 1) ** power)"
    ),
    "You set the count to 0 before you raise it: with power 0 that is 1. Mask after raising.": edit(
        {MASK: "pass", f"raised = {RAISED}": f"counts[list(bought)] = 0\n    raised = {RAISED}"}
    ),
    "The power changes nothing in yours.": right.first("power = 1"),
    "You draw all products alike; the counts change nothing.": edit(
        {RAISED: "np.ones(len(counts))"}
    ),
    "You multiply by the power; raise to it.": edit({"**": "*"}),
    "The rare are likely in yours, the famous are not.": edit(
        {RAISED: "np.maximum(counts, 1.0) ** -power"}
    ),
    "You add 1 to the counts.": edit({RAISED: "(counts + 1.0) ** power"}),
    "You raise whole numbers, which overflow; turn counts into floats first.": edit(
        {".astype(float)": ""}
    ),
    "You return 0 where all counts are 0; with power 0 each of them weighs 1.": returning(
        "result * counts.any()"
    ),
    "You draw all alike where nothing can be drawn; there all probabilities are 0.": edit(
        {"else raised": "else np.full(len(counts), 1 / len(counts))"}
    ),
    "You use a softmax; divide the raised counts by their sum.": edit(
        {RAISED: "np.exp(power * counts)"}
    ),
}


def _shown(case: Case) -> str:
    return f"negative_probabilities({code_of(case[0])}, {case[1]}, {case[2]:g})"


TASK = checked(
    "10.3",
    "The counts raised to a power, 0 for what the customer bought, divided by their sum.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Three steps in this order: raise, mask, divide.",
        "weights = counts.astype(float) ** power; weights[bought] = 0. What if nothing is left?",
        "total = weights.sum(); return weights / total if total > 0 else weights. For an empty "
        "list write weights[list(bought)], which NumPy takes as it is.",
    ),
    insight="Raise, mask, divide: masked after the division, the probabilities no longer sum to 1.",
    edges=LARGE,
    shown=_shown,
    read=lambda got, case: as_array(got, _shown(case), case[0].shape),
    leaves=False,
)
