"""Task 15.4: LambdaRank's push on each product."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_array, as_list

right = LessonAnswer("15.4")
edit, returning = right.edit, right.returning

CASES: list[Case] = [
    ([1.0, 0.0], [0, 1]),
    ([0.3, -0.2, 1.5, 0.9, -1.1], [2, 3, 0, 1, 1]),
    ([2.0], [3]),
    ([0.5, 0.1, 0.2], [0, 0, 0]),
    ([0.5, 0.1, 0.2], [2, 2, 2]),  # no pair
    ([3.0, 2.0, 1.0, 0.0], [3, 2, 1, 0]),  # the right order pushes too
    ([0.0, 1.0, 2.0, 3.0], [3, 2, 1, 0]),
    ([-1.5, 0.4, 0.1, 2.2, 1.3, -0.7, 0.9], [1, 0, 3, 0, 2, 0, 1]),
    ([40.0, -35.0, 3.0], [0, 1, 3]),  # far apart
    ([800.0, 0.0, -20.0], [1, 2, 0]),  # e to the 800 is too large
    (
        [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0, -0.1, -0.2, -0.3],
        [0, 1, 0, 2, 0, 0, 1, 0, 0, 0, 3, 0, 1],  # longer than ten
    ),
    (
        [0.6, -0.4, 0.1, 0.9, -0.8, 0.3, -0.1, 0.5, -0.6, 0.2, 0.7, -0.2],
        [1, 2, 1, 0, 3, 1, 1, 2, 1, 1, 1, 1],  # more than ten products above grade 0
    ),
]

GAIN, DISCOUNT = "2.0 ** np.array(grades) - 1", "discount = 1 / np.log2(1 + position)"
GAINS, DISCOUNTS = "np.subtract.outer(gain, gain)", "np.subtract.outer(discount, discount)"
GAPS, LOGISTIC = (
    "np.subtract.outer(scores, scores)",
    "(1 + np.exp(np.subtract.outer(scores, scores)))",
)
BEST = "(np.sort(gain)[::-1] / np.log2(1 + np.arange(1, len(gain) + 1)))"
PLACE = "np.argsort(np.argsort(-scores)) + 1"

SLIPS = {
    "the change of NDCG is missing: these are RankNet's pushes": edit(
        {f"np.abs({GAINS} * {DISCOUNTS}) / ideal": f"np.ones_like({GAPS})"}
    ),
    "all signs are turned: what is better must go up": returning("[-one for one in result]"),
    "the exponent has the wrong sign: a pair in the right order pushes more than a wrong one": edit(
        {LOGISTIC: f"(1 + np.exp(-{GAPS}))"}
    ),
    "the change is not divided by the best DCG": edit({") / ideal": ")"}),
    "the gain is the grade itself, not 2^g - 1": edit({GAIN: "np.array(grades, float)"}),
    "the natural logarithm stands in the discount, and it does not cancel as it should": edit(
        {
            DISCOUNT: "discount = 1 / np.where(position > 1, np.log(1 + position), 1)",
            BEST: "(np.sort(gain)[::-1] / np.append(1, np.log(2 + np.arange(1, len(gain)))))",
        }
    ),
    "positions count from 0 in the discount, and the first has log2(2)": edit(
        {
            DISCOUNT: "discount = 1 / np.log2(1 + np.maximum(position - 1, 1))",
            BEST: "(np.sort(gain)[::-1] / np.log2(1 + np.maximum(np.arange(len(gain)), 1)))",
        }
    ),
    "the pushes stop at position 10: the text takes the whole list": edit(
        {DISCOUNT: f"{DISCOUNT} * (position <= 10)", BEST: f"{BEST}[:10]"}
    ),
    "the best DCG counts ten products only: the text takes the whole list": edit(
        {BEST: f"{BEST}[:10]"}
    ),
    "the change keeps its sign: take its absolute value": edit({"np.abs(": "("}),
    "only pairs in the wrong order push: those in the right order push too": edit(
        {f"{GAINS} > 0": f"({GAINS} > 0) & ({GAPS} < 0)"}
    ),
    "the better product goes up, but the worse does not go down": edit({" - pair.sum(axis=0)": ""}),
    "the position in the list is taken for the position by score": edit(
        {PLACE: "np.arange(len(scores)) + 1"}
    ),
    "the logistic function is missing": edit({f" / {LOGISTIC}": ""}),
}

shown = in_one_line(right)


def _read(value: Any, case: Case) -> list[float]:
    what = f"{shown(case)}: the result"
    return as_array(as_list(value, what), what, (len(case[0]),)).tolist()


TASK = checked(
    "15.4",
    "LambdaRank's push on each product of one query.",
    right,
    CASES,
    SLIPS,
    hints=(
        "First the positions: of each product, 1 plus the number of products with a higher score. "
        "They stay as they are while you go through the pairs.",
        "For each pair with grades[i] > grades[j]: size = 1 / (1 + exp(s_i - s_j)) * |2^g_i - "
        "2^g_j| * |D(r_i) - D(r_j)| / IDCG; add it to i, subtract it from j.",
        "IDCG = sum((2**g - 1) / np.log2(at + 2) for at, g in enumerate(sorted(grades, "
        "reverse=True))). If it is 0, return [0.0] * len(scores).",
    ),
    insight="The pushes of a list add up to 0. A pair far down the list hardly pushes, whatever "
    "its grades: the discount is flat there.",
    shown=shown,
    read=_read,
    leaves=False,
)
