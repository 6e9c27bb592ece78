"""Task 16.1: a click rate with its interval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, Mistakes, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array


def _draw_clicks(seed: int, ids: str, n: int) -> tuple[list[str], list[int]]:
    draw = np.random.default_rng(seed)
    likes = dict(zip(ids, draw.random(len(ids)), strict=True))
    users = [*ids, *(ids[at] for at in (len(ids) * draw.random(n - len(ids)) ** 2).astype(int))]
    users = [users[at] for at in draw.permutation(n)]
    return users, [int(draw.random() < likes[one]) for one in users]


_SAMPLES: list[tuple[list[str], list[int]]] = [
    (["a", "a", "b", "b"], [1, 1, 0, 0]),
    (["a", "b", "a", "c"], [1, 0, 0, 1]),
    (["7", "07", "7", "7", "8"], [1, 0, 1, 0, 0]),
    _draw_clicks(141, "abcdefg", 60),
    _draw_clicks(142, "pqrstuvwxyz", 200),
    (["a", "b", "a"], [0, 0, 0]),
    (["a", "A", "a ", "a", "NA"], [1, 0, 0, 1, 1]),
    (["", "a", "7", "７", "b", ""], [1, 0, 1, 0, 1, 1]),
    # More rows of one customer, and more clicks, than 8 bits count.
    (["a"] * 700 + ["b", "c", "b"], [1, 1, 0] * 233 + [1, 0, 0, 1]),
]

_TOO_FEW: list[tuple[list[str], list[int]]] = [
    (["a", "a", "a"], [1, 0, 1]),
    (["a"], [1]),
    ([], []),
]


def _tally(users: Sequence[str], clicks: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Impressions and clicks of each customer."""
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for user, click in zip(users, clicks, strict=True):
        tally[user][0] += 1
        tally[user][1] += click
    n, c = np.array([*tally.values()], dtype=float).T
    return n, c


def _around(rate: float, error: float, z: float = 1.96) -> tuple[float, float]:
    return float(rate - z * error), float(rate + z * error)


def _error(n: np.ndarray, c: np.ndarray) -> float:
    away = c - c.sum() / n.sum() * n
    return float(np.sqrt(len(n) / (len(n) - 1) * (away @ away)) / n.sum())


def right_interval(users: Sequence[str], clicks: Sequence[int]) -> tuple[float, float]:
    n, c = _tally(users, clicks)
    if len(n) < 2:
        raise ValueError("two customers or more")
    return _around(c.sum() / n.sum(), _error(n, c))


def check_interval(answer: Any) -> None:
    compare(
        answer,
        _SAMPLES,
        right_interval,
        lambda value, case: as_array(value, f"{_shown(case)}: (low, high)", (2,)),
        _shown,
        INTERVAL_MISTAKES,
        lambda case, at: f"{_shown(case)}: {('low', 'high')[at[0]]}",
    )
    for users, clicks in _TOO_FEW:
        call = f"ctr_interval({users}, {clicks}) has {'one customer' if users else 'no customers'}"
        raised = answer.raised(users, clicks)
        if raised is None:
            reject(f"{call} and must raise ValueError; it returned.")
        if not isinstance(raised, ValueError):
            reject(f"{call} and must raise ValueError; it raised {type(raised).__name__}.")


def _shown(case: Case) -> str:
    users, clicks = case
    if len(users) < 9:
        return f"ctr_interval({users}, {clicks})"
    return f"ctr_interval of {len(users)} impressions of {len(set(users))} customers"


def _by_tally(interval: Callable[[np.ndarray, np.ndarray], Any]) -> Callable[..., Any]:
    def run(users: list[str], clicks: list[int]) -> Any:
        n, c = _tally(users, clicks)
        if len(n) < 2:
            raise ValueError
        return interval(n, c)

    return run


def _mean_of_rates(n: np.ndarray, c: np.ndarray) -> tuple[float, float]:
    return _around((c / n).mean(), (c / n).std(ddof=1) / np.sqrt(len(n)))


def _independent(n: np.ndarray, c: np.ndarray) -> tuple[float, float]:
    rate = c.sum() / n.sum()
    return _around(rate, np.sqrt(rate * (1 - rate) / n.sum()))


def _neighbours_only(users: list[str], clicks: list[int]) -> Any:
    at = np.cumsum([0, *(a != b for a, b in pairwise(users))])
    return right_interval([str(one) for one in at], clicks)


INTERVAL_MISTAKES: Mistakes = {
    "impressions are treated as independent": _by_tally(_independent),
    "the mean of the customers' rates is taken, where R weighs them": _by_tally(_mean_of_rates),
    "the factor n / (n - 1) is missing": _by_tally(
        lambda n, c: _around(c.sum() / n.sum(), _error(n, c) * np.sqrt((len(n) - 1) / len(n)))
    ),
    "n counts impressions in the factor n / (n - 1); it counts customers": _by_tally(
        lambda n, c: _around(
            c.sum() / n.sum(),
            _error(n, c) * np.sqrt((len(n) - 1) / len(n) * n.sum() / (n.sum() - 1)),
        )
    ),
    "the root is missing: se² is used for se": _by_tally(
        lambda n, c: _around(c.sum() / n.sum(), _error(n, c) ** 2)
    ),
    "the interval is cut at 0 and 1": _by_tally(
        lambda n, c: np.clip(_around(c.sum() / n.sum(), _error(n, c)), 0, 1)
    ),
    "1.64 is used, which gives a 90 % interval": _by_tally(
        lambda n, c: _around(c.sum() / n.sum(), _error(n, c), 1.645)
    ),
    "1.959964 is used; the task says 1.96": _by_tally(
        lambda n, c: _around(c.sum() / n.sum(), _error(n, c), 1.959964)
    ),
    "only neighbouring rows of a customer are put together": _neighbours_only,
    "the rate and its error are returned, not the two ends": _by_tally(
        lambda n, c: (c.sum() / n.sum(), _error(n, c))
    ),
}  # fmt: skip


TASK = Task(
    id="16.1",
    prompt="A CTR with a 95 % interval, customers being the unit.",
    check_answer=check_interval,
    hints=(
        "First one row a customer: impressions n_u and clicks c_u. All sums in the formula "
        "run over customers; N is the number of impressions.",
        "groupby the ids, then agg(['size', 'sum']) of the clicks. R is all clicks divided by "
        "all impressions, not a mean of rates.",
        "away = c - R * n; se = sqrt(count / (count - 1) * (away**2).sum()) / n.sum(). Raise "
        "ValueError if count < 2.",
    ),
    insight="The unit that was randomised is the unit that counts.",
)
