"""Task 52.8: the baseline that every sequence model has to beat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l52.shared import compare_named, shown_by
from course_utils.exercises.reading import as_array


def _rows(seed: int, m: int, n: int, strength: float) -> Case:
    draw = np.random.default_rng(seed)
    return draw.integers(0, n, m), draw.integers(0, n, m), n, strength


CASES: list[Case] = [
    (np.array([0, 0, 1]), np.array([1, 1, 0]), 2, 1.0),
    _rows(1, 12, 3, 2.0),
    _rows(2, 5, 4, 0.5),
    (np.array([2]), np.array([0]), 3, 10.0),
    ([0, 1, 1, 1], [1, 1, 1, 0], 3, 4),
    (np.array([1, 1], dtype=np.int8), np.array([1, 1], dtype=np.int8), 2, 1e-4),
    _rows(3, 60, 5, 20.0),
]

Table = Callable[[Any, Any, int, float], np.ndarray]


def _counts(last: Any, after: Any, n: int) -> np.ndarray:
    counts = np.zeros((n, n))
    np.add.at(counts, (np.asarray(last), np.asarray(after)), 1.0)
    return counts


def repeats_lost(whole_shares: bool) -> Table:
    """``counts[last, after] += 1``: a pair that repeats is counted once, in the shares or not."""

    def table(last: Any, after: Any, n: int, strength: float) -> np.ndarray:
        counts = _counts(last, after, n)
        once = np.minimum(counts, 1.0)
        shares = (counts if whole_shares else once).sum(axis=0)
        return _shrunk(once, shares / shares.sum(), strength)

    return table


def tabled(
    of: Callable[[np.ndarray, np.ndarray, float], np.ndarray], turned: bool = False
) -> Table:
    """A table from counts, the overall chances and the strength."""

    def table(last: Any, after: Any, n: int, strength: float) -> np.ndarray:
        counts = _counts(after, last, n) if turned else _counts(last, after, n)
        with np.errstate(all="ignore"):
            return of(counts, counts.sum(axis=0) / counts.sum(), strength)

    return table


def _shrunk(counts: np.ndarray, overall: np.ndarray, strength: float) -> np.ndarray:
    return (counts + strength * overall) / (counts.sum(axis=1, keepdims=True) + strength)


def _plain(counts: np.ndarray, overall: np.ndarray, strength: float) -> np.ndarray:
    return np.nan_to_num(counts / counts.sum(axis=1, keepdims=True))


def _plain_or_overall(counts: np.ndarray, overall: np.ndarray, strength: float) -> np.ndarray:
    some = counts.sum(axis=1, keepdims=True) > 0
    return np.where(some, _plain(counts, overall, strength), overall)


right_table = tabled(_shrunk)
turned_round = tabled(_shrunk, turned=True)
unshrunk = tabled(_plain)
unseen_alone = tabled(_plain_or_overall)
majority = tabled(lambda counts, overall, strength: np.tile(overall, (len(counts), 1)))
even = tabled(lambda c, overall, s: _shrunk(c, np.full(len(c), 1 / len(c)), s))
added = tabled(
    lambda c, overall, s: (c + s) / (c.sum(axis=1, keepdims=True) + s * len(c)),
)
columns = tabled(lambda c, overall, s: (c + s * overall) / (c.sum(axis=0) + s))
no_keepdims = tabled(lambda c, overall, s: (c + s * overall) / (c.sum(axis=1) + s))
whole = tabled(lambda c, overall, s: (c + s * overall) / (c.sum() + s))
not_divided = tabled(lambda c, overall, s: c + s * overall)
of_last = tabled(lambda c, overall, s: _shrunk(c, c.sum(axis=1) / c.sum(), s))

_REPEATS = "pairs that repeat are counted once: `counts[last, after] += 1` adds 1 to each position"
MISTAKES = {
    f"{_REPEATS}; np.add.at adds each pair": repeats_lost(whole_shares=False),
    f"{_REPEATS}, and the rows no longer sum to 1": repeats_lost(whole_shares=True),
    "rows and columns are exchanged: row i must hold what comes after i": turned_round,
    "rows are not shrunk at all: what was never seen has the chance 0, its log loss is infinite": (
        unshrunk
    ),
    "only states that were never left are shrunk": unseen_alone,
    "every row is the same: the last action is not used": majority,
    "rows are shrunk to equal probabilities; shrink them to those of all transitions": even,
    "the strength is added to every count; it is shared out by the overall shares": added,
    "columns sum to 1; rows must": columns,
    "column j is divided by the count of row j; sum(axis=1, keepdims=True) divides row by row": (
        no_keepdims
    ),
    "each row is divided by the number of all transitions": whole,
    "the counts are not divided": not_divided,
    "rows are shrunk to how often each state was *left*; take what came *after*": of_last,
}

_shown = shown_by("markov")


def check_markov(answer: Any) -> None:
    compare_named(
        answer,
        CASES,
        right_table,
        lambda got, case: as_array(got, f"{_shown(case)}: the result", (case[2], case[2])),
        _shown,
        MISTAKES,
        {},
    )


TASK = Task(
    id="52.8",
    prompt="Return the shrunk probabilities of what comes after each state, (n, n).",
    check_answer=check_markov,
    hints=(
        "Count first: counts[i, j] is how often j came after i. np.add.at adds where pairs repeat.",
        "overall = counts.sum(axis=0) / counts.sum() is what comes after anything. It counts like "
        "`strength` transitions in each row.",
        "(counts + strength * overall) / (counts.sum(axis=1, keepdims=True) + strength)",
    ),
    insight="Two lines, no training. A network that does not beat it has shown nothing beyond the "
    "last action.",
)
