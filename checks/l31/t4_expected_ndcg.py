"""Task 31.4: NDCG of scores with ties."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number

right = LessonAnswer("31.4")
edit, first, returning = right.edit, right.first, right.returning

CASES: list[Case] = [
    ([0.9, 0.5, 0.5, 0.1], [0, 1, 0, 0], 10),
    ([3.0, 2.0, 1.0], [2, 0, 1], 3),
    ([0.0, 0.0, 0.0, 0.0], [0, 0, 0, 1], 2),
    ([1.0, 1.0, 1.0, 0.0, 0.0], [0, 2, 1, 3, 0], 4),
    ([0.2, 0.7, 0.7, 0.7, 0.2, 0.9], [3, 0, 1, 1, 2, 0], 3),
    ([1.0, 1.0, 1.0], [1, 1, 1], 2),
    ([0.4, 0.6], [1, 0], 1),
    ([5], [2], 10),
    ([-1.0, -1.0, -2.0, -0.5], [1, 0, 2, 0], 2),
    (np.array([200, 100, 200, 50], np.uint8), np.array([0, 1, 3, 2], np.uint8), 3),
    (np.array([200, 0, 100], np.uint8), [2, 0, 0], 3),
    ([2e-7, 1e-7], [0, 1], 1),
    ([2.0, 1.0], [0.5, 1.5], 2),
    ([0.7, 0.7000000001, 0.2], [1, 0, 0], 2),
    ([0.5] * 9, [3] + [0] * 8, 3),
    ([0.3, 0.8, 0.5], np.array([9, 0, 3], np.uint8), 3),  # 2 ** 9 is no short integer
    ([0.5] * 24, [1] + [0] * 23, 2),  # more orders than can be tried
]

SCORES, GAIN = "np.array(scores, float)", "2.0 ** np.array(grades, float) - 1"
WORTH = "worth[above : above + tied.sum()]"
EARNED, IDEAL = f"gain[tied].mean() * {WORTH}.sum()", "(np.sort(gain)[::-1] @ worth)"

CUT = "texts tied across position k are cut as a list: share all their positions first"
BY_FILE, BETTER, WORSE = (
    "np.argsort(-s, kind='stable')",
    "np.lexsort((-gain, -s))",
    "np.lexsort((gain, -s))",
)


def _in_order(*orders: str) -> dict[str, str]:
    """The gains in these orders, averaged, instead of the groups of ties."""
    sums = " + ".join(f"gain[{order}] @ worth" for order in orders)
    return {"total = 0.0": f"total = ({sums}) / {len(orders)}", f"total += {EARNED}": "pass"}


def _cut_first(order: str) -> dict[str, str]:
    return {"    at = np": f"    s[{order}[k:]] = -np.inf\n    at = np"}


AS_IT_STANDS = edit(_in_order(BY_FILE))

SLIPS = {
    "equal scores stay in the order of the arguments: one of several orders, not their mean": (
        AS_IT_STANDS
    ),
    "of equal scores the better grade stands first: the best of the orders": edit(
        _in_order(BETTER)
    ),
    "of equal scores the worse grade stands first: the worst of the orders": edit(_in_order(WORSE)),
    "each gets the discount at the mean position: the mean of the discounts is another number": (
        edit(
            {
                f"total += {EARNED}": "mean = above + (tied.sum() + 1) / 2; "
                "total += gain[tied].sum() / np.log2(1 + mean) * (mean <= k)"
            }
        )
    ),
    "the best and the worst order are averaged: most orders lie elsewhere": edit(
        _in_order(BETTER, WORSE)
    ),
    "k does not cut the list": first("k = len(scores)"),
    f"{CUT} (here in the order of the arguments)": edit(_cut_first(BY_FILE)),
    f"{CUT} (here the better grade first)": edit(_cut_first(BETTER)),
    "minus turns round in eight bits: make the scores floats first": first(
        "scores = -(-np.array(scores)).astype(float)"
    ),
    "scores that are close count as equal: only equal ones are": edit(
        {SCORES: f"{SCORES}.round(6)"}
    ),
    "scores are cut to 32 bits, where close ones become equal": edit(
        {SCORES: "np.array(scores, np.float32)"}
    ),
    "2**grade runs over in eight bits: make the grades floats first": edit(
        {GAIN: "(2 ** np.array(grades) - 1).astype(float)"}
    ),
    "grades are cut to whole numbers": edit(
        {GAIN: "2.0 ** np.array(grades, float).astype(int) - 1"}
    ),
    "equal scores that k cuts in two earn nothing: their positions up to k count": edit(
        {EARNED: f"{EARNED} * (above + tied.sum() <= k)"}
    ),
    "the ideal list is not cut at k": edit(
        {IDEAL: "(np.sort(gain)[::-1] @ (1 / np.log2(at + 2)))"}
    ),
    "the gain is the grade itself, not 2**grade - 1": edit({GAIN: "np.array(grades, float)"}),
    "it is not divided by the ideal list": edit({f" / {IDEAL}": ""}),
}

shown = in_one_line(right)

TASK = checked(
    "31.4",
    "Return NDCG@k, the mean over all orders of equal scores.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Three texts with one score take three positions. In the mean over orders each of them is "
        "as often at each position.",
        "So a group of ties earns its mean gain times the sum of the discounts of its positions, "
        "where positions beyond k have the discount 0.",
        "for value in np.unique(s): tied = s == value; above = (s > value).sum(); "
        "total += gain[tied].mean() * discount[above:above + tied.sum()].sum()",
    ),
    insight="With ties a stable sort is a hidden second ranker: the order of the file.",
    shown=shown,
    read=lambda got, case: as_number(got, shown(case)),
)
