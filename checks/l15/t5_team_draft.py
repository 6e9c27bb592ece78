"""Task 15.5: two rankings in one list by team draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import in_one_line
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_array, as_list, is_whole, refuse_none
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same

Drafted = tuple[list[str], Sequence[float]]

right = LessonAnswer("15.5")
edit, first, returning = right.edit, right.first, right.returning

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

COUNTED = "next(bit) if sizes[0] == sizes[1] else int(sizes[0] > sizes[1])"

SLIPS = {
    "a bit decides each product, also where one team has fewer": edit({COUNTED: "next(bit)"}),
    "a bit is used up for each product, also where none decides": edit(
        {COUNTED: f"[*bits, *[0] * 20][len(teams)]{COUNTED.removeprefix('next(bit)')}"}
    ),
    "the teams take turns all the way: after each pair a new bit decides who begins": edit(
        {COUNTED: "(bits[0] + len(teams)) % 2"}
    ),
    "0 and 1 of the bit are exchanged: 0 lets `first` choose": first(
        "bits = [1 - one for one in bits]"
    ),
    "team 0 chooses from `second`: 0 lets `first` choose": first("first, second = second, first"),
    "0 and 1 of the teams are exchanged": returning("(result[0], [1 - one for one in result[1]])"),
    "the team with more players chooses": edit({"int(sizes[0] >": "int(sizes[0] <"}),
}


def check_draft(answer: Any) -> None:
    asked = leaving(answer, right.arguments, shown)
    goes_on = {"Stop as soon as either list has nothing left.": _that_begins_right(asked)}
    compare(asked, CASES, right, _read, shown, {**SLIPS, **goes_on})


def _that_begins_right(asked: Callable[..., Any]) -> Callable[..., Drafted]:
    """What the answer gives, whatever it adds to the right draft; else the right draft."""

    def gives(*case: Any) -> Drafted:
        (listed, teams), true = _read(asked(*case), case), right(*case)
        end = len(true[0])
        return (listed, teams) if same((listed[:end], teams[:end]), true) else true

    return gives


def _read(value: Any, case: Case) -> Drafted:
    what = f"{shown(case)}: the result"
    refuse_none(value, what, "(shown, teams)")
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        reject(f"{what} must be (shown, teams), got {shorten(value)}.")
    listed = as_list(value[0], f"{what}'s first part")
    teams = as_list(value[1], f"{what}'s second part")
    if len(listed) != len(teams):
        reject(f"{what} must hold one team for each product: {len(listed)} and {len(teams)}.")
    if not teams:
        return listed, []
    # A comparison such as a > b tells the team too: True is 1.
    plain = [int(one) if isinstance(one, (bool, np.bool_)) else one for one in teams]
    numbers = as_array(plain, f"{what}'s second part", (len(plain),)).tolist()
    return listed, [int(one) if is_whole(one) else one for one in numbers]


shown = in_one_line(right)

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
    slips=SLIPS,
    right=right,
    cases=CASES,
)
