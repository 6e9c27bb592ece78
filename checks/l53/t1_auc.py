"""Task 53.1: AUC over all rows, and GAUC; and the learner's own test of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.grading import Answers, grading
from course_utils.exercises.lesson_answer import LessonAnswer

right = LessonAnswer("53.1", pd=pd)
edit, first, returning = right.edit, right.first, right.returning


def _log(seed: int, n: int, users: str, levels: int) -> Case:
    draw = np.random.default_rng(seed)
    user = [users[k] for k in np.minimum(draw.geometric(0.4, n), len(users)) - 1]
    label = (draw.random(n) < 0.4).astype(int).tolist()
    return user, label, (draw.integers(levels, size=n) / levels).tolist()


CASES: list[Case] = [
    (["a", "a", "b", "b", "b"], [1, 0, 1, 0, 0], [0.2, 0.2, 0.9, 0.7, 0.8]),
    _log(1, 12, "xyz", 50),
    _log(2, 16, "pqrs", 4),
    (["b", "a", "b", "a", "b"], [1, 0, 0, 1, 0], [0.3, 0.4, 0.1, 0.2, 0.5]),
    # One label for each user, both over all; then one label only; then nothing.
    (["a", "b", "a"], [1, 0, 1], [0.7, 0.2, 0.1]),
    (["a", "a"], [0, 0], [0.1, 0.2]),
    ([], [], []),
    # Zero is a number, and None is not.
    (["a", "a"], [1, 0], [-3.0, 12.0]),
    # Short labels: 12 times 13 does not fit into 8 bits. Near scores.
    (["a"] * 15, np.array([0] * 3 + [1] * 12, np.int8), [at / 20 for at in range(15)]),
    (["a"] * 4, [1, 0, 1, 0], [0.5 + 2e-9, 0.5, 0.4, 0.3]),
]

RANKS, WEIGHED = 'rows["score"].rank()', "np.average(values, weights=sizes)"
SIZE = "(len(rows), auc(rows))"
KNOWN = "(size, value) for size, value in parts if value is not None"
FILLED = "(size, {} if value is None else value) for size, value in parts"
RANKS_WITHOUT_TIES = '(np.lexsort(({}, rows["score"])).argsort() + 1)'

TIES_ARE_0 = edit({RANKS: RANKS_WITHOUT_TIES.format('-rows["label"]')})
UNWEIGHED = edit({WEIGHED: "np.mean(values)"})
SINGLE_IS_HALF = edit({KNOWN: FILLED.format(0.5)})
RUNS = first("user = np.cumsum([0, *(a != b for a, b in zip(user, user[1:]))])[: len(user)]")
AUC_TWICE = returning("(result[0], result[0])")

SLIPS = {
    "a tie counts 0; it counts one half": TIES_ARE_0,
    "a tie counts 1; it counts one half": edit({RANKS: RANKS_WITHOUT_TIES.format('rows["label"]')}),
    "equal scores are ranked in the order of the rows; ties share the mean of their ranks": edit(
        {".rank()": ".rank(method='first')"}
    ),
    "the users are averaged without weights; weigh by rows": UNWEIGHED,
    "the users are weighed by their positives, not by their rows": edit(
        {SIZE: '(rows["label"].sum(), auc(rows))'}
    ),
    "a user with one label counts as .5; leave those users out": SINGLE_IS_HALF,
    "a user with one label counts as 0; leave those users out": edit({KNOWN: FILLED.format(0)}),
    "you count negatives above positives: 1 minus the AUC": first("score = [-s for s in score]"),
    "only rows that stand next to each other make a user": RUNS,
    "the AUC of all rows stands twice": AUC_TWICE,
    "where there is no pair you return .5, not None": returning(
        "tuple(0.5 if value is None else value for value in result)"
    ),
    "P (P + 1) does not fit into the labels' 8 bits; take int(...) of the counts first": edit(
        {"p * (p + 1)": 'np.multiply(p, p + 1, dtype=rows["label"].dtype, casting="unsafe")'}
    ),
    "near scores tie: compare them as they are, neither rounded nor in 32 bits": first(
        "score = np.asarray(score, np.float32)"
    ),
}

TASK = checked(
    "53.1",
    "Return the AUC of all rows and the mean of the users' AUCs, weighted by rows.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Write one function for the AUC of some rows; it says None without a pair. Call it on all "
        "rows and on each user's.",
        "With r the ranks from 1, ties sharing their mean: the AUC is (sum of r over positives - "
        "P(P + 1)/2) / (P N). pd.Series(score).rank() gives these ranks.",
        "parts = [(len(g), auc(g)) for _, g in table.groupby('user')]; keep those whose AUC is not "
        "None; None if nothing is left, else np.average(aucs, weights=sizes).",
    ),
    insight="Sorting costs n log n; counting all pairs costs P times N, and so much memory.",
    parts=("the AUC", "the GAUC"),
)


def _counts_pairs(user: Any, label: Any, score: Any) -> Any:
    """Fast on few rows: a learner's test may ask hundreds of times."""

    def auc(rows: list[int]) -> Any:
        above = [score[at] for at in rows if label[at] == 1]
        below = [score[at] for at in rows if label[at] == 0]
        wins = sum((a > b) + (a == b) / 2 for a in above for b in below)
        return wins / (len(above) * len(below)) if above and below else None

    by_user = [[at for at, one in enumerate(user) if one == name] for name in dict.fromkeys(user)]
    parts = [(len(rows), auc(rows)) for rows in by_user if auc(rows) is not None]
    total = sum(size for size, _ in parts)
    mean = sum(size * value for size, value in parts) / total if parts else None
    return auc(list(range(len(user)))), mean


def _last_digits(user: Any, label: Any, score: Any) -> Any:
    values = _counts_pairs(user, label, score)
    return tuple(None if value is None else value * (1 - 1e-12) for value in values)


RIGHT: Answers = {
    "counts all pairs": _counts_pairs,
    "returns a list of NumPy numbers": returning(
        "[None if value is None else np.float64(value) for value in result]"
    ),
    "differs in the last digits": _last_digits,
}
WRONG: Answers = {
    "ignores ties": TIES_ARE_0,
    "averages the users without weights": UNWEIGHED,
    "counts a user with one label as .5": SINGLE_IS_HALF,
    "divides by the rows of users that it left out": edit(
        {WEIGHED: "np.dot(values, sizes) / len(table)"}
    ),
    "takes rows that stand apart for two users": RUNS,
    "gives the AUC of all rows for the GAUC": AUC_TWICE,
    "gives the GAUC for the AUC of all rows": returning("(result[1], result[1])"),
    "returns .5 for the AUC where there is no pair": returning(
        "(0.5 if result[0] is None else result[0], result[1])"
    ),
    "returns .5 for the GAUC where no user is left": returning(
        "(result[0], 0.5 if result[1] is None else result[1])"
    ),
    "fails where there is no pair": first("1 / int(np.sum(label) * (len(label) - np.sum(label)))"),
    "changes its arguments": right.in_place("score.sort()"),
}

CHECK = grading(
    "53.1",
    RIGHT,
    WRONG,
    hints=(
        "List what the contract says, one input for each: ties, a user with one label, users of "
        "unequal size, rows in any order, no pair, no rows, arguments that stay.",
        "Small inputs whose result you know by hand; compare numbers by abs(a - b) < 1e-6, and "
        "None by `is None`. Unpack the pair: a list is as good.",
        "A second way is a brute force in your check: count all pairs. Draw users and scores from "
        "few values with a seed, so that ties and single labels come by themselves.",
    ),
    insight="Ties, single labels and unequal sizes: scores drawn from few values give all three at "
    "once.",
)
