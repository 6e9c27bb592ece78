"""Task 53.15: the difference of two click rates and its standard error, by the delta method."""

from __future__ import annotations

import numpy as np
import pandas as pd

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer

right = LessonAnswer("53.15", pd=pd)
edit, first = right.edit, right.first


def _case(seed: int, users: int, most: int) -> Case:
    draw = np.random.default_rng(seed)
    rows = []
    for one in range(users):
        rate = draw.beta(1, 3)
        views = draw.integers(1, most + 1)
        rows += [(f"u{one}", "AB"[one % 2], int(draw.random() < rate)) for _ in range(views)]
    order = draw.permutation(len(rows))
    user, side, click = zip(*(rows[at] for at in order), strict=True)
    return list(user), list(side), list(click)


CASES: list[Case] = [
    (list("aabbccdd"), list("AAAABBBB"), [1, 0, 0, 0, 1, 1, 1, 0]),
    _case(1, 6, 4),
    _case(2, 9, 5),
    _case(3, 5, 3),
    # A row a user; all users alike, so that the error is 0; sides in any order.
    (list("abcde"), list("BABAA"), [1, 0, 0, 1, 0]),
    (list("abcd"), list("AABB"), [0, 0, 1, 1]),
    (["7", "07", "7", "8", "x", "y"], list("AAAABB"), [1, 0, 1, 0, 0, 1]),
    (["u", "U", "u", "v", "x", "y"], list("AAAABB"), [1, 0, 1, 0, 0, 1]),
]

VARIANCE, ERROR = "(c - r * v).var()", "np.sqrt(var_a + var_b)"
BY_ROWS = {'{"user": user,': '{"user": range(len(user)),'}

SLIPS = {
    "rows are taken for independent; those of one user are not": edit(BY_ROWS),
    "impressions are taken for independent, R (1 - R) / n; those of one user are not": edit(
        BY_ROWS, {".var()": ".var(ddof=0)"}
    ),
    "the covariance of clicks and views is left out": edit(
        {VARIANCE: "(c.var() + r**2 * v.var())"}
    ),
    "the views are taken for fixed: their variance and covariance are left out": edit(
        {VARIANCE: "c.var()"}
    ),
    "the variance of the views is left out": edit({VARIANCE: "max(c.var() - 2 * r * c.cov(v), 0)"}),
    "it is the mean of the users' rates; a user with many views counts more here": edit(
        {"r = c.sum() / v.sum()": "c, v = c / v, v / v; r = c.mean()"}
    ),
    "variances are divided by n; by n - 1": edit({".var()": ".var(ddof=0)"}),
    "the difference is A less B; it is B less A": edit({"b - a": "a - b"}),
    "the standard errors are added; add the variances": edit(
        {ERROR: "np.sqrt(var_a) + np.sqrt(var_b)"}
    ),
    "the variance is returned, not its root": edit({ERROR: "var_a + var_b"}),
    "the variance of B less that of A is the root's content; variances add": edit(
        {ERROR: "np.sqrt(abs(var_b - var_a))"}
    ),
    "the error is doubled or an interval's half": edit({ERROR: f"1.96 * {ERROR}"}),
    "users are told apart without capitals; 'u' and 'U' are two": first(
        "user = [name.lower() for name in user]"
    ),
    "users are made numbers; '7' and '07' are two": first(
        "user = [name.lstrip('0') for name in user]"
    ),
}

TASK = checked(
    "53.15",
    "Return B's click rate less A's, and the standard error by users.",
    right,
    CASES,
    SLIPS,
    hints=(
        "One row a user first: clicks and views. Then one function for a side, called twice.",
        "With R the rate, c - R v of each user has mean 0; its variance is the delta method's "
        "three terms at once. Divide by n and by the squared mean of the views.",
        "table.groupby(['side', 'user'])['click'].agg(['sum', 'size']); for a side: r = c.sum() / "
        "v.sum(); var = (c - r * v).var(ddof=1) / (n * v.mean() ** 2); the root of var_a + var_b.",
    ),
    insight="var(c) - 2 R cov(c, v) + R² var(v) is the variance of c - R v: one column.",
    parts=("the difference", "the standard error"),
)
