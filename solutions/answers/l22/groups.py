"""Task 22.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

from answers import Proof, Wrong, silent
from course_utils.exercises.l22.groups_slips import (
    MISTAKES,
    best_by,
    covering,
    each_tasks_best,
    ignores_most,
    in_given_order,
    in_reverse,
    right_groups,
    total,
)


def _by_numbers(score: Any, tasks: Any, most: int) -> Any:
    """Each task gets the number of its group."""
    best, n = None, min(most, len(tasks))
    for numbers in product(range(n), repeat=len(tasks)):
        found: dict[int, list[str]] = {}
        for task, number in zip(tasks, numbers, strict=True):
            found.setdefault(number, []).append(task)
        groups = sorted(sorted(group) for group in found.values())
        worth = sum(sum(score[frozenset(group)].values()) for group in groups)
        key = (-worth, len(groups), groups)
        if best is None or key < best:
            best = key
    assert best is not None
    return best[2]


def _by_covers(score: Any, tasks: Any, most: int) -> Any:
    """Of all sets of subsets those in which every task stands once."""
    names = sorted(tasks)
    subsets = [g for n in range(1, len(names) + 1) for g in combinations(names, n)]
    found = []
    for n in range(1, min(most, len(names)) + 1):
        for groups in combinations(subsets, n):
            if sum(map(len, groups)) == len(names) == len({t for g in groups for t in g}):
                worth = sum(score[frozenset(g)][t] for g in groups for t in g)
                found.append((worth, tuple(sorted(groups))))
    top = max(worth for worth, _ in found)
    level = [groups for worth, groups in found if worth == top]
    return sorted(level, key=lambda groups: (len(groups), groups))[0]


def _by_adding(score: Any, tasks: Any, most: int) -> Any:
    """Every partition grows by one task at a time."""
    partitions: list[list[list[str]]] = [[]]
    for task in sorted(tasks, reverse=True):
        grown = []
        for one in partitions:
            grown.append([[task], *one])
            for k in range(len(one)):
                grown.append([*one[:k], [task, *one[k]], *one[k + 1 :]])
        partitions = grown
    ordered = (tuple(sorted(map(tuple, one))) for one in partitions if len(one) <= most)
    return min(ordered, key=lambda gs: (-sum(sum(score[frozenset(g)].values()) for g in gs),
                                        len(gs), gs))  # fmt: skip


def _sorts_in_place(score: Any, tasks: Any, most: int) -> Any:
    tasks.sort()
    return right_groups(score, tasks, most)


def _eats_the_scores(score: Any, tasks: Any, most: int) -> Any:
    found = right_groups(score, tasks, most)
    for group in [one for one in score if one.isdisjoint(tasks)]:
        del score[group]
    return found


def _adds_to_the_scores(score: Any, tasks: Any, most: int) -> Any:
    found = right_groups(score, tasks, most)
    for of in score.values():
        of["sum"] = sum(of.values())
    return found


def _every_set(score: Any, tasks: Any, most: int) -> Any:
    """Partitions of all names that have a score, also of those nobody asked for."""
    return right_groups(score, sorted({one for group in score for one in group}), most)


def _never(*sizes: int) -> Any:
    """A search that forgets the partitions of one shape."""
    return best_by(
        total,
        allowed=lambda groups, most, n: len(groups) <= most and (
            sorted(map(len, groups), reverse=True) != [*sizes]),
    )  # fmt: skip


def _two_singles_at_most(score: Any, tasks: Any, most: int) -> Any:
    return best_by(
        total,
        allowed=lambda groups, most, n: len(groups) <= most and (
            len(groups) == n or [*map(len, groups)].count(1) < 2),
    )(score, tasks, most)  # fmt: skip


def _without_case(score: Any, tasks: Any, most: int) -> Any:
    """Level partitions in the order of small letters."""
    by_order = lambda gs: (len(gs), [[t.lower() for t in g] for g in gs])  # noqa: E731
    return best_by(total, order=by_order)(score, tasks, most)


def _first_found(score: Any, tasks: Any, most: int) -> Any:
    """Of level partitions the first in the order in which tasks come."""
    place = {task: k for k, task in enumerate(tasks)}
    by_place = lambda gs: (len(gs), [[place[t] for t in g] for g in gs])  # noqa: E731
    return best_by(total, order=by_place)(score, tasks, most)


def _drops_the_last(score: Any, tasks: Any, most: int) -> Any:
    return right_groups(score, tasks, most)[:-1]


SHAPES = {
    "211": "(('a', 'd'), ('b',), ('c',))",
    "311": "(('a', 'b', 'c'), ('d',), ('e',))",
    "221": "(('a', 'b'), ('c', 'd'), ('e',))",
    "2111": "(('a', 'd'), ('b',), ('c',), ('e',))",
    "11111": "(('a',), ('b',), ('c',), ('d',), ('e',))",
    "51": "(('a',), ('b', 'c', 'd', 'e', 'f'))",
    "42": "(('a', 'b', 'e', 'f'), ('c', 'd'))",
    "411": "(('a', 'c', 'd', 'e'), ('b',), ('f',))",
    "321": "(('a', 'b', 'c'), ('d', 'e'), ('f',))",
    "222": "(('a', 'f'), ('b', 'e'), ('c', 'd'))",
}
"""Sizes of groups -> the planted partition of that shape."""

PROOF = Proof(
    task="22.4",
    right=[_by_numbers, _by_covers, _by_adding],
    wrong=[
        *silent(MISTAKES),
        *[
            Wrong(
                _never(*map(int, shape)),
                f"{groups}, whose sum is {sum(map(int, shape))}",
                silent=True,
            )
            for shape, groups in SHAPES.items()
        ],
        Wrong(_two_singles_at_most, "must be (('a', 'd'), ('b',), ('c',))", silent=True),
        Wrong(_without_case, "must be (('Ads', 'Wishlist'), ('buy', 'click'))", silent=True),
        Wrong(_first_found, "as many groups: take the smaller tuple", silent=True),
        Wrong(covering, "(('a', 'b'), ('b',)): 'b' stands in 2", silent=True),
        Wrong(each_tasks_best, "must hold each task in one group, got", silent=True),
        Wrong(_drops_the_last, "stands in 0", silent=True),
        Wrong(_every_set, "names of tasks that were asked for", silent=True),
        Wrong(ignores_most, "must hold 2 groups at most", silent=True),
        Wrong(in_given_order, "not (('a',), ('d', 'b', 'c'))", silent=True),
        Wrong(in_reverse, "not (('c',), ('a', 'b'))", silent=True),
        Wrong(_sorts_in_place, "your function changes `tasks`", silent=True),
        Wrong(_eats_the_scores, "tasks = ['c', 'a']", silent=True),
        Wrong(_adds_to_the_scores, "your function changes `score`", silent=True),
        Wrong(lambda *case: (*right_groups(*case), ()), "must hold no empty group"),
        Wrong(lambda *case: "a", "must be a tuple of tuples"),
        Wrong(lambda *case: {*right_groups(*case)}, "must be a tuple of tuples, got set"),
        Wrong(lambda *case: None, "Did you forget a return?"),
    ],
)
