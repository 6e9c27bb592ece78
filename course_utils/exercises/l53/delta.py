"""Task 53.15: the difference of two click rates and its standard error, by the delta method."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l53.shared import hold

Pair = tuple[float, float]


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


EXAMPLE: Case = (
    ["a", "a", "b", "b", "c", "c", "d", "d"],
    ["A", "A", "A", "A", "B", "B", "B", "B"],
    [1, 0, 0, 0, 1, 1, 1, 0],
)
CASES: list[Case] = [
    EXAMPLE,
    _case(1, 6, 4),
    _case(2, 9, 5),
    _case(3, 5, 3),
    # A row a user; all users alike, so that the error is 0; sides in any order.
    (["a", "b", "c", "d", "e"], ["B", "A", "B", "A", "A"], [1, 0, 0, 1, 0]),
    (["a", "b", "c", "d"], ["A", "A", "B", "B"], [0, 0, 1, 1]),
    (["7", "07", "7", "8", "x", "y"], ["A", "A", "A", "A", "B", "B"], [1, 0, 1, 0, 0, 1]),
    (["u", "U", "u", "v", "x", "y"], ["A", "A", "A", "A", "B", "B"], [1, 0, 1, 0, 0, 1]),
]


def by(
    ddof: int = 1,
    users: bool = True,
    covariance: float = 1.0,
    spread: float = 1.0,
    clicks_only: bool = False,
    mean_of_rates: bool = False,
    sign: float = 1.0,
    join: Callable[[float, float], float] = lambda a, b: float((a + b) ** 0.5),
    key: Callable[[str], Any] = str,
) -> Callable[..., Pair]:
    """The difference and its standard error; right as it stands."""

    def one_side(names: Any, click: Any) -> tuple[float, float]:
        if not users:
            c, v = np.asarray(click, float), np.ones(len(click))
        else:
            known = list(dict.fromkeys(names))
            at = np.array([known.index(one) for one in names])
            c, v = np.bincount(at, click), np.bincount(at).astype(float)
        n, rate = len(c), c.sum() / v.sum()
        if mean_of_rates:
            return float((c / v).mean()), float((c / v).var(ddof=ddof) / n)
        if clicks_only:
            return float(rate), float(c.var(ddof=ddof) / n / v.mean() ** 2)
        table = np.cov(c, v, ddof=ddof)
        var = table[0, 0] - covariance * 2 * rate * table[0, 1] + spread * rate**2 * table[1, 1]
        return float(rate), float(max(var, 0.0) / n / v.mean() ** 2)

    def found(user: Any, side: Any, click: Any) -> Pair:
        parts = {}
        for name in "AB":
            rows = [k for k, one in enumerate(side) if one == name]
            parts[name] = one_side([key(user[k]) for k in rows], [click[k] for k in rows])
        (a, var_a), (b, var_b) = parts["A"], parts["B"]
        return sign * (b - a), join(var_a, var_b)

    return found


right_delta = by()

MISTAKES: dict[str, Callable[..., Pair]] = {
    "rows are taken for independent; those of one user are not": by(users=False),
    "impressions are taken for independent, R (1 - R) / n; those of one user are not": by(
        users=False, ddof=0
    ),
    "the covariance of clicks and views is left out": by(covariance=0.0),
    "the views are taken for fixed: their variance and covariance are left out": by(
        clicks_only=True
    ),
    "the variance of the views is left out": by(spread=0.0),
    "it is the mean of the users' rates; a user with many views counts more here": by(
        mean_of_rates=True
    ),
    "variances are divided by n; by n - 1": by(ddof=0),
    "the difference is A less B; it is B less A": by(sign=-1.0),
    "the standard errors are added; add the variances": by(join=lambda a, b: a**0.5 + b**0.5),
    "the variance is returned, not its root": by(join=lambda a, b: a + b),
    "the variance of B less that of A is the root's content; variances add": by(
        join=lambda a, b: float(abs(b - a) ** 0.5)
    ),
    "the error is doubled or an interval's half": by(join=lambda a, b: 1.96 * (a + b) ** 0.5),
    "users are told apart without capitals; 'u' and 'U' are two": by(key=str.lower),
    "users are made numbers; '7' and '07' are two": by(
        key=lambda name: int(name) if name.isdigit() else name
    ),
}


def check_delta(answer: Any) -> None:
    parts = ("the difference", "the standard error")
    hold(answer, ("user", "side", "click"), CASES, right_delta, MISTAKES, parts)


TASK = Task(
    id="53.15",
    prompt="Return B's click rate less A's, and the standard error by users.",
    check_answer=check_delta,
    hints=(
        "One row a user first: clicks and views. Then one function for a side, called twice.",
        "With R the rate, c - R v of each user has mean 0; its variance is the delta method's "
        "three "
        "terms at once. Divide by n and by the squared mean of the views.",
        "table.groupby(['side', 'user'])['click'].agg(['sum', 'size']); for a side: r = c.sum() / "
        "v.sum(); var = (c - r * v).var(ddof=1) / (n * v.mean() ** 2); the root of var_a + var_b.",
    ),
    insight="var(c) - 2 R cov(c, v) + R² var(v) is the variance of c - R v: one column.",
)
