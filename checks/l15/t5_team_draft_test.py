"""15.5: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l15.t5_team_draft import right
from checks.proof import Proof, Wrong


def _with_pointers(first: Any, second: Any, bits: Any) -> Any:
    lists, at, sizes = (first, second), [0, 0], [0, 0]
    shown: dict[str, int] = {}
    used = 0
    while True:
        for who in (0, 1):
            while at[who] < len(lists[who]) and lists[who][at[who]] in shown:
                at[who] += 1
        if at[0] == len(first) or at[1] == len(second):
            return np.array(list(shown)), np.array(list(shown.values()), dtype=int)
        who = bits[used] if sizes[0] == sizes[1] else int(sizes[1] < sizes[0])
        used += sizes[0] == sizes[1]
        shown[lists[who][at[who]]] = who
        sizes[who] += 1


def _in_rounds(first: Any, second: Any, bits: Any) -> Any:
    """Two products a round: whom the bit names begins, the other follows."""
    shown: list[str] = []
    teams: list[int] = []
    for bit in bits:
        for who in (bit, 1 - bit):
            if not set(first) - set(shown) or not set(second) - set(shown):
                return [shown, teams]
            shown.append(next(one for one in (first, second)[who] if one not in shown))
            teams.append(who)
    return [shown, teams]


def _with_comparisons(first: Any, second: Any, bits: Any) -> Any:
    """Teams as True and False, and lists that shrink."""
    left, right, lead, turns = list(first), list(second), 0, iter(bits)
    shown: list[str] = []
    teams: list[bool] = []
    while left and right:
        teams.append(next(turns) == 1 if lead == 0 else lead > 0)
        lead += -1 if teams[-1] else 1
        shown.append((left, right)[teams[-1]][0])
        left, right = ([one for one in its if one != shown[-1]] for its in (left, right))
    return shown, teams


def _twice(first: Any, second: Any, bits: Any) -> Any:
    """What is shown already is shown again."""
    shown: list[str] = []
    teams: list[int] = []
    for at in range(min(len(first), len(second))):
        bit = bits[at % len(bits)]
        shown += [(first, second)[bit][at], (first, second)[1 - bit][at]]
        teams += [bit, 1 - bit]
    return shown, teams


def _to_the_end(first: Any, second: Any, bits: Any) -> Any:
    """What one list has left follows."""
    shown, teams = right(first, second, bits)
    left = [
        (one, who)
        for who, ranking in enumerate((first, second))
        for one in ranking
        if one not in shown
    ]
    return [*shown, *(one for one, _ in left)], [*teams, *(who for _, who in left)]


def _neutral(first: Any, second: Any, bits: Any) -> Any:
    """Where both have the same best product, it belongs to none."""
    shown, teams = right(first, second, bits)
    return shown, [-1 if first[:1] == second[:1] and at == 0 else t for at, t in enumerate(teams)]


def _uses_up(first: Any, second: Any, bits: Any) -> Any:
    """Right, and takes what it shows out of the caller's lists."""
    shown: list[str] = []
    teams: list[int] = []
    while first and second:
        sizes = teams.count(0), teams.count(1)
        teams.append(bits.pop(0) if sizes[0] == sizes[1] else int(sizes[0] > sizes[1]))
        shown.append((first, second)[teams[-1]][0])
        for ranking in (first, second):
            if shown[-1] in ranking:
                ranking.remove(shown[-1])
    return shown, teams


PROOF = Proof(
    task="15.5",
    right=[_with_pointers, _in_rounds, _with_comparisons],
    wrong=[
        Wrong(_to_the_end, "Stop as soon as either list has nothing left", silent=True),
        Wrong(_twice, "got (['b', 'a', 'b'", silent=True),
        Wrong(_neutral, "got (['a', 'b', 'c', 'd'], [-1", silent=True),
        Wrong(_uses_up, "Leave the arguments as they are"),
        Wrong(right.returning("result[0]"), "must be (shown, teams)"),
        Wrong(right.returning("(result[0], [0])"), "one team for each product"),
    ],
)
