"""Task 15.5: two rankings in one list by team draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, Mistakes, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array, as_list, is_whole, refuse_none
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same

Drafted = tuple[list[str], Sequence[float]]

_CASES: list[Case] = [
    (["a", "b", "c"], ["b", "a", "d"], [1, 0]),
    (["a", "b", "c", "d"], ["d", "c", "b", "a"], [0, 1, 1]),
    (["a", "b", "c", "d"], ["a", "b", "c", "d"], [1, 0, 0]),  # equal rankings
    (["p1", "p2", "p3", "p4", "p5"], ["p6", "p7", "p8"], [0, 0, 0, 0, 0]),  # nothing in common
    (["p1", "p2"], ["p6", "p7", "p8", "p9"], [1, 1, 1, 1]),
    (["a"], ["a", "b", "c"], [1, 1, 1]),
    (["a"], ["b"], [0, 0]),
    ([], ["a", "b"], [0, 1]),
    (["a", "b"], [], [1, 1]),
    ([], [], [0]),
    (["a", "b", "c", "d", "e", "f"], ["c", "f", "a", "g", "b", "d"], [1, 1, 0, 1, 0, 0, 0]),
    (["b", "c", "a", "f", "e", "d"], ["b", "a", "d", "c", "e", "f"], [0, 1, 0, 1, 1, 1, 0]),
    (["茶", "A", "a"], ["a", "茶", "A"], [0, 0, 1, 1]),
    # The first list has used up four of its best before its turn comes again.
    (["a", "b", "c", "x"], ["a", "b", "c", "d", "x", "y"], [1, 1, 1, 0, 0]),
]
# One bit for each product: who uses up too many goes on, and is told so.
CASES: list[Case] = [
    (first, second, [*bits, *[0, 1, 1] * 4][: max(len(bits), len(first) + len(second))])
    for first, second, bits in _CASES
]


def drafted(
    first: Sequence[str],
    second: Sequence[str],
    bits: Sequence[int],
    turn: Callable[[list[int], int, int], int] | None = None,
    always: bool = False,
) -> Drafted:
    """The draft; ``always`` uses a bit for each product, used or not."""
    shown: list[str] = []
    teams: list[int] = []
    used = 0
    while True:
        left, right = ([one for one in rank if one not in shown] for rank in (first, second))
        if not left or not right:
            return shown, teams
        a, b = teams.count(0), teams.count(1)
        if turn is not None:
            who = turn(teams, bits[used % len(bits)], bits[0])
            used += 1
        else:
            who = bits[used] if a == b else int(a > b)
            used += always or a == b
        shown.append((left, right)[who][0])
        teams.append(who)


def right_draft(first: Sequence[str], second: Sequence[str], bits: Sequence[int]) -> Drafted:
    return drafted(first, second, bits)


MISTAKES: Mistakes = {
    "a bit decides each product, also where one team has fewer": lambda f, s, c: drafted(
        f, s, c, turn=lambda teams, bit, first: bit
    ),
    "a bit is used up for each product, also where none decides": lambda f, s, c: drafted(
        f, s, [*c, *[0] * 20], always=True
    ),
    "the teams take turns all the way: after each pair a new bit decides who begins": (
        lambda f, s, c: drafted(f, s, c, turn=lambda teams, bit, first: (first + len(teams)) % 2)
    ),
    "0 and 1 of the bit are exchanged: 0 lets `first` choose": lambda f, s, c: drafted(
        f, s, [1 - one for one in c]
    ),
    "team 0 chooses from `second`: 0 lets `first` choose": lambda f, s, c: right_draft(s, f, c),
    "0 and 1 of the teams are exchanged": lambda f, s, c: (
        lambda got: (got[0], [1 - one for one in got[1]])
    )(right_draft(f, s, c)),
    "the team with more players chooses": lambda f, s, c: _more(f, s, c),
}


def _more(first: Sequence[str], second: Sequence[str], bits: Sequence[int]) -> Drafted:
    return drafted(
        first,
        second,
        bits,
        turn=lambda teams, bit, _: (
            bit if teams.count(0) == teams.count(1) else int(teams.count(1) > teams.count(0))
        ),
    )


def check_draft(answer: Any) -> None:
    asked = leaving(answer, ("first", "second", "bits"), _shown)
    goes_on = {"Stop as soon as either list has nothing left.": _that_begins_right(asked)}
    compare(asked, CASES, right_draft, _read, _shown, {**MISTAKES, **goes_on})


def _that_begins_right(asked: Callable[..., Any]) -> Callable[..., Drafted]:
    """What the answer gives, whatever it adds to the right draft; else the right draft."""

    def gives(*case: Any) -> Drafted:
        (shown, teams), right = _read(asked(*case), case), right_draft(*case)
        end = len(right[0])
        return (shown, teams) if same((shown[:end], teams[:end]), right) else right

    return gives


def _read(value: Any, case: Case) -> Drafted:
    what = f"{_shown(case)}: the result"
    refuse_none(value, what, "(shown, teams)")
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        reject(f"{what} must be (shown, teams), got {shorten(value)}.")
    shown = as_list(value[0], f"{what}'s first part")
    teams = as_list(value[1], f"{what}'s second part")
    if len(shown) != len(teams):
        reject(f"{what} must hold one team for each product: {len(shown)} and {len(teams)}.")
    if not teams:
        return shown, []
    # A comparison such as a > b tells the team too: True is 1.
    plain = [int(one) if isinstance(one, (bool, np.bool_)) else one for one in teams]
    numbers = as_array(plain, f"{what}'s second part", (len(plain),)).tolist()
    return shown, [int(one) if is_whole(one) else one for one in numbers]


def _shown(case: Case) -> str:
    return call_of("team_draft", case)


TASK = Task(
    id="15.5",
    prompt="Mix two rankings by team draft: what is shown, and whose it is.",
    check_answer=check_draft,
    hints=(
        "In each round: what is left of both lists; stop if one is empty; who chooses; the first "
        "of what is left of that list.",
        "Count the players: teams.count(0) and teams.count(1). Equal: the next bit. Else the one "
        "with fewer: 1 if team 0 has more, 0 otherwise.",
        "bit = iter(bits); in the loop: left = [[x for x in r if x not in shown] for r in "
        "(first, second)]; if not left[0] or not left[1]: return shown, teams; turn = next(bit) "
        "or by counts; shown.append(left[turn][0]); teams.append(turn).",
    ),
    insight="Each team has as many products, and no position belongs to one of them more often. So "
    "a customer who does not care gives both the same.",
)
