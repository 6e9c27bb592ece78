"""Task 10.1: recall@k over customers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

Lists = dict[str, list[str]]
Wanted = dict[str, set[str]]

CASES: list[Case] = [
    ({"ann": ["a", "b", "c"], "bob": ["c", "d"]}, {"ann": {"b", "x"}, "bob": {"a"}}, 2),
    ({"ann": ["a", "b", "c", "d"], "bob": ["d"]}, {"ann": {"d"}, "bob": {"d"}}, 3),
    ({"ann": ["a", "b"]}, {"ann": {"a", "b", "c", "d"}}, 2),
    ({"ann": ["a"], "bob": ["b"]}, {"ann": {"a"}, "bob": set()}, 1),
    ({"ann": ["a"]}, {"ann": {"a"}, "bob": {"b", "c"}}, 5),
    ({"ann": ["a", "b"], "eve": ["b"]}, {"ann": {"b"}}, 2),
    ({"ann": ["a", "b", "c", "d", "e"]}, {"ann": {"b", "e"}}, 2),
    ({"ann": []}, {"ann": {"a"}}, 3),
    ({"ann": ["a"]}, {"ann": set()}, 3),
    ({"ann": [], "bob": ["b"]}, {"ann": {"a"}, "bob": {"b"}}, 2),
    ({"ann": ["11", "2"]}, {"ann": {"1", "2"}}, 2),
    ({"ann": ["1", "2"]}, {"ann": {"11", "2"}}, 2),
    ({}, {"ann": {"a"}}, 1),
    ({"ann": ["a"]}, {}, 1),
    (
        {"ann": ["1", "2", "3", "4"], "bob": ["2", "3"], "cid": ["4", "9"]},
        {"ann": {"1", "3", "7"}, "bob": {"2", "3", "4", "5", "6"}, "cid": {"9"}},
        3,
    ),
    # Lists are not in the order of ids; who wants nothing may come first.
    ({"ann": ["c", "a", "b"]}, {"ann": {"a", "b"}}, 1),
    ({"ann": ["a"], "bob": ["b"]}, {"bob": set(), "ann": {"a"}}, 1),
    # Customers in another order, k above 10, a mean below 0.1; "A" is not "a".
    (
        {"bob": ["b"], "ann": list("abcdefghijkl")},
        {"ann": {"l", "A", "x", "y"}, "bob": {"a"}, "cid": {"z"}},
        12,
    ),
]


def _wanting(ranked: Lists, wanted: Wanted) -> list[str]:
    """Who counts: all who want something."""
    return [user for user, theirs in wanted.items() if theirs]


def right_recall(
    ranked: Lists,
    wanted: Wanted,
    k: int,
    *,
    cut: Callable[[list[str], int], list[str]] = lambda one, k: one[:k],
    score: Callable[[int, int, int], float] = lambda hits, total, k: hits / total,
    users: Callable[[Lists, Wanted], list[str]] = _wanting,
) -> float:
    """The right recall, or one with a part exchanged."""
    parts = []
    for user in users(ranked, wanted):
        theirs = wanted.get(user, set())
        hits = len(set(cut(ranked.get(user, []), k)) & theirs)
        parts.append(score(hits, len(theirs), k) if theirs else 0.0)
    return _mean_of(parts)


def _mean_of(parts: Iterable[float]) -> float:
    shares = list(parts)
    return float(np.mean(shares)) if shares else 0.0


def _pooled(ranked: Lists, wanted: Wanted, k: int) -> float:
    hits = sum(len(set(ranked.get(u, [])[:k]) & theirs) for u, theirs in wanted.items())
    return hits / max(1, sum(map(len, wanted.values())))


def _by_order(ranked: Lists, wanted: Wanted, k: int) -> float:
    pairs = itertools.zip_longest(ranked.values(), wanted.values(), fillvalue=())
    return _mean_of(
        len(set(best[:k]) & set(theirs)) / len(theirs) for best, theirs in pairs if theirs
    )


def _stopped(ranked: Lists, wanted: Wanted, k: int) -> float:
    users = list(itertools.takewhile(wanted.__getitem__, wanted))
    return right_recall(ranked, {user: wanted[user] for user in users}, k)


def _inside(ranked: Lists, wanted: Wanted, k: int) -> float:
    return _mean_of(
        sum(any(one in other for other in theirs) for one in ranked.get(u, [])[:k]) / len(theirs)
        for u, theirs in wanted.items()
        if theirs
    )


def _with(**part: Any) -> Callable[[Lists, Wanted, int], float]:
    return lambda ranked, wanted, k: right_recall(ranked, wanted, k, **part)


MISTAKES: dict[str, Callable[..., Any]] = {
    "You divide by k: that is the precision.": _with(score=lambda h, t, k: h / k),
    "You divide by the products that the list holds, not by those that are wanted.": (
        lambda ranked, wanted, k: _mean_of(
            len(set(ranked.get(u, [])[:k]) & theirs) / max(1, len(ranked.get(u, [])[:k]))
            for u, theirs in wanted.items()
            if theirs
        )
    ),
    "You count who has a hit at all: that is the hit rate.": _with(
        score=lambda h, t, k: float(h > 0)
    ),
    "You divide by k where a customer wants more than k; divide by all that is wanted.": _with(
        score=lambda h, t, k: h / min(t, k)
    ),
    "You pool all hits before you divide; take each customer's share, then the mean.": _pooled,
    "You count the whole list, not its first k positions.": _with(cut=lambda one, k: one),
    "Your list is out of order before you cut it (sorted, or a set?); it stands best first.": _with(
        cut=lambda one, k: sorted(one)[:k]
    ),
    "You stop at the first customer who wants nothing; leave them out and go on.": _stopped,
    "You count k - 1 positions.": _with(cut=lambda one, k: one[: k - 1]),
    "You count k + 1 positions.": _with(cut=lambda one, k: one[: k + 1]),
    "A customer without a list is missing from your mean; theirs is a recall of 0.": _with(
        users=lambda ranked, wanted: [u for u in wanted if wanted[u] and u in ranked]
    ),
    "A customer whose list is empty is missing from your mean; theirs is a recall of 0.": _with(
        users=lambda ranked, wanted: [u for u in wanted if wanted[u] and ranked.get(u) != []]
    ),
    "You leave out who has no list, or an empty one; theirs is a recall of 0.": _with(
        users=lambda ranked, wanted: [u for u in wanted if wanted[u] and ranked.get(u)]
    ),
    "A customer who wants nothing stands in your mean as 0; leave such customers out.": _with(
        users=lambda ranked, wanted: list(wanted)
    ),
    "Your mean is over all who have a list; it is over those who want something.": _with(
        users=lambda ranked, wanted: sorted({*ranked, *(u for u in wanted if wanted[u])})
    ),
    "You pair lists and wishes by their order; pair them by customer.": _by_order,
    "You find an id inside a longer one, '1' in '11'; compare whole ids.": _inside,
    "You pair lists and wishes by their order, and lose who has no list; pair them by customer.": (
        lambda ranked, wanted, k: _by_order(ranked, dict(list(wanted.items())[: len(ranked)]), k)
    ),
    "You return percent; recall is a share of 1.": lambda ranked, wanted, k: (
        100 * right_recall(ranked, wanted, k)
    ),
    "You return the sum over customers, not their mean.": lambda ranked, wanted, k: (
        right_recall(ranked, wanted, k) * sum(map(bool, wanted.values()))
    ),
}


def check_recall(answer: Any) -> None:
    compare(
        answer,
        CASES,
        right_recall,
        lambda value, case: as_number(value, _shown(case)),
        _shown,
        MISTAKES,
    )


def _shown(case: Case) -> str:
    wanted = {user: sorted(theirs) for user, theirs in case[1].items()}
    text = ", ".join(f"{u!r}: {{{', '.join(map(repr, t))}}}" for u, t in wanted.items())
    return f"recall({case[0]}, {{{text.replace('{}', 'set()')}}}, {case[2]})"


TASK = Task(
    id="10.1",
    prompt="The share of what a customer bought that stands among the first k, averaged.",
    check_answer=check_recall,
    hints=(
        "One number for each customer first, the mean at the end.",
        "For one customer: len(set(ranked.get(user, [])[:k]) & wanted[user]) / len(wanted[user]).",
        "shares = [that line for user in wanted if wanted[user]]; "
        "return sum(shares) / len(shares) if shares else 0.0.",
    ),
    insight="Recall asks how much of what was wanted is in the list, not how much of the list "
    "was wanted.",
)
