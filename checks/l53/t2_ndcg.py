"""Task 53.2: NDCG of a batch of lists, with ties; and the learner's own test of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.grading import Answers, grading
from course_utils.exercises.lesson_answer import LessonAnswer

right = LessonAnswer("53.2")
edit, first, returning = right.edit, right.first, right.returning


def _batch(seed: int, lengths: list[int], levels: int) -> list[tuple[list[Any], list[Any]]]:
    draw = np.random.default_rng(seed)
    return [
        (draw.choice([0, 0, 1, 2, 3], n).tolist(), (draw.integers(levels, size=n) / 8).tolist())
        for n in lengths
    ]


CASES: list[Case] = [
    ([([0, 2, 1], [0.5, 0.5, 0.1]), ([], [])], 2),
    ([([1, 0], [1, 1])], 1),
    ([([3, 0, 1, 2], [0.1, 0.9, 0.7, 0.5])], 2),
    ([([1, 0, 0, 2], [0.4, 0.3, 0.2, 0.1]), ([0, 1], [0.9, 0.8])], 3),
    (_batch(1, [6, 5, 7], 90), 4),
    (_batch(2, [6, 8, 0, 3], 3), 3),
    # A list of one product; near scores.
    ([([3], [0.2]), ([0, 1], [0.5, 0.1])], 2),
    ([([0, 2], [0.5, 0.5 + 1e-11])], 1),
    ([([1, 1, 0, 3], [0.2] * 4)], 3),
    # No gain in one list; in none; no list.
    ([([0, 0], [0.2, 0.1]), ([0, 1, 0], [0.3, 0.2, 0.1]), ([0], [1.0])], 2),
    ([([0, 0], [0.2, 0.1])], 5),
    ([], 3),
    # A k above the length; a 0 that is a number; a gain of half; negative scores.
    ([([2, 1], [-3.0, -1.0])], 10),
    ([([0, 0, 4], [3.0, 2.0, 1.0])], 1),
    ([([0.5, 0, 0.25], [1e-9, 3e-9, 2e-9])], 3),
]

SCORES, GAINS = "-np.array(scores, float)", "gains = np.array(gains, float)"
MEAN, SHOWN = "np.bincount(group, gains) / np.bincount(group)", "mean[np.sort(group)][:k]"
BEST, CUT = "best = np.sort(gains)[::-1][:k]", "np.sort(gains)[::-1][:k]"
NONE = "        if best.sum() == 0:\n            continue\n"
DISCOUNT, RATIO = "1 / np.log2(np.arange(len(best)) + 2)", "shown @ discount / (best @ discount)"
ORDER = "np.argsort(group, kind='stable')"

BY_ROWS = edit({SHOWN: f"gains[{ORDER}][:k]"})
BY_GAINS = edit({SHOWN: "gains[np.lexsort((-gains, group))][:k]"})
CUT_TIES = edit(
    {
        SHOWN: f"np.array([gains[{ORDER}[:k]][group[{ORDER}[:k]] == one].mean() "
        f"for one in np.sort(group)[:k]])"
    }
)
OF_SHOWN = edit({DISCOUNT: f"{DISCOUNT}; best = np.sort(shown)[::-1]"})
UNCUT = edit({CUT: "np.sort(gains)[::-1]", RATIO: "shown @ discount[:k] / (best @ discount)"})
POWERS = edit({GAINS: "gains = 2 ** np.array(gains, float) - 1"})
ZERO = edit({"continue": "if len(gains): values.append(0.0)\n            continue"})
POOLED = edit(
    {
        RATIO: "(shown @ discount, best @ discount)",
        "np.mean(values)": "np.divide(*np.sum(values, axis=0))",
    }
)
FLAT = edit({DISCOUNT: "np.ones(len(best))"})
LATE = edit({DISCOUNT: "1 / np.log2(np.arange(len(best)) + 3)"})

SLIPS = {
    "equal scores stand in the order in which they came; they share their mean gain": BY_ROWS,
    "equal scores are ordered by their gains, which no model knows": BY_GAINS,
    "the mean of a tie is taken over the part that k leaves; it is over the whole tie": CUT_TIES,
    "the ideal list is made of the k that were shown; make it of all": OF_SHOWN,
    "the ideal list is made of the first k rows by score; make it of all gains": edit(
        {DISCOUNT: f"{DISCOUNT}; best = np.sort(gains[{ORDER}][:k])[::-1]"}
    ),
    "the ideal list is made of the ties' means; it is made of the gains themselves": edit(
        {DISCOUNT: f"{DISCOUNT}; best = np.sort(mean[group])[::-1][:k]"}
    ),
    "the ideal list is not cut at k": UNCUT,
    "nothing divides by the ideal list": edit({RATIO: "shown @ discount"}),
    "a list without a gain counts as 0; leave it out": ZERO,
    "a list without a gain counts as 1; leave it out": edit(
        {"continue": "if len(gains): values.append(1.0)\n            continue"}
    ),
    "a list without a gain counts as 0, an empty one too; leave both out": edit(
        {"continue": "values.append(0.0); continue"}
    ),
    "a list without a gain counts as 1, an empty one too; leave both out": edit(
        {"continue": "values.append(1.0); continue"}
    ),
    "the gain is 2 to the power of the gain, less 1; here it is the gain itself": POWERS,
    "the discount is 1 / position": edit({DISCOUNT: "1 / (np.arange(len(best)) + 1)"}),
    "the discount is one position late, 1 / log2(position + 2)": LATE,
    "there is no discount": FLAT,
    "the lowest score stands first": edit({SCORES: "np.array(scores, float)"}),
    "scores are rounded, and near ones tie": edit({SCORES: f"({SCORES}).round(10)"}),
    "a list of one product is left out; its NDCG is 1": first(
        "lists = [one for one in lists if len(one[0]) > 1]"
    ),
    "all lists are added before you divide; take the mean of the lists' ratios": POOLED,
}

TASK = checked(
    "53.2",
    "Return the mean NDCG at k of the lists that have a gain; ties share their mean gain.",
    right,
    CASES,
    SLIPS,
    hints=(
        "One list first: the gains in the order shown, the gains in the best order, the same "
        "discounts for both, both cut at k.",
        "np.unique(-scores, return_inverse=True) numbers the groups of equal scores from the best "
        "down; np.bincount(group, gains) / np.bincount(group) is each group's mean gain.",
        "shown = mean[np.sort(group)][:k]; best = np.sort(gains)[::-1][:k]; "
        "discount = 1 / np.log2(np.arange(len(best)) + 2). Skip a list whose best sums to 0.",
    ),
    insight="With the ties' mean gain the result is the expected NDCG when equal scores are "
    "shuffled.",
)

RIGHT: Answers = {
    "goes list by list": right,
    "returns a NumPy number": returning("None if result is None else np.float64(result)"),
    "differs in the last digits": returning(
        "None if result is None else float(result) * (1 - 1e-12)"
    ),
}
WRONG: Answers = {
    "leaves equal scores in the order in which they came": BY_ROWS,
    "orders equal scores by their gains": BY_GAINS,
    "makes the ideal list of the k that were shown": OF_SHOWN,
    "does not cut the ideal list at k": UNCUT,
    "averages only the part of a tie that k leaves": CUT_TIES,
    "counts a list without a gain as 0": ZERO,
    "fails on a list without a gain": edit(
        {"continue": "raise ZeroDivisionError('division by zero')"}
    ),
    "fails where k is above a list's length": edit({DISCOUNT: f"{DISCOUNT}; gains[k - 1]"}),
    "takes 2 to the power of the gain": POWERS,
    "adds all lists before it divides": POOLED,
    "has no discount": FLAT,
    "begins the discount one position late": LATE,
    "changes its arguments": right.in_place("[gains.sort(reverse=True) for gains, _ in lists]"),
}

CHECK = grading(
    "53.2",
    RIGHT,
    WRONG,
    hints=(
        "Which inputs did the contract name? Ties, a list without a gain, an empty list, k above "
        "the length, several lists of unequal length, gains above 1.",
        "A list in the best order must be 1. All scores equal: the mean gain at each position. "
        "Only the last product has a gain and k is 1: 0. None where no list counts.",
        "A brute force for ties: the mean of NDCG over all orders of itertools.permutations that "
        "agree with the scores; by hand, two products with gains 1 and 0 and one score, k = 1: "
        "1/2.",
    ),
    insight="Graded gains, unequal lists and a small k find most of them; a tie across position k "
    "finds the rest.",
)
