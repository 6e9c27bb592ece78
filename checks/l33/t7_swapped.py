"""Task 33.7: position bias, from verdicts in both orders."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten

right = LessonAnswer("33.7")
edit, returning = right.edit, right.returning

CASES: list[Case] = [
    (["A", "A", "B", "A"], ["A", "B", "A", "B"]),
    # It takes what stands first, whatever stands there.
    (["A"] * 5, ["A"] * 5),
    (["B"] * 3, ["B"] * 3),
    # It prefers the same product in both orders.
    (["A", "B", "A"], ["B", "A", "B"]),
    (["B"], ["A"]),
    (["A"], ["A"]),
    (["B", "B", "A", "A", "B", "A", "A"], ["B", "A", "A", "B", "B", "A", "B"]),
]

CHANGED = "sum(a == b for a, b in zip(one, two, strict=True)) / n"
NAMED = '(one.count("A") + two.count("A")) / (2 * n)'
WINS = '(one.count("A") + two.count("B")) / (2 * n)'

SLIPS = {
    "letters that differ are counted as a change; the products have changed places, so the letter "
    "of the same product differs": edit({"a == b": "a != b"}),
    "changes are counted, not their share": edit(
        {CHANGED: f"float({CHANGED.removesuffix(' / n')})"}
    ),
    "the changes are divided by all verdicts; there is one change a pair at most": edit(
        {CHANGED: f"{CHANGED} / 2"}
    ),
    "only the first order is asked how often it takes A": edit({NAMED: 'one.count("A") / n'}),
    "only the first order is asked how often the first product wins": edit(
        {WINS: 'one.count("A") / n'}
    ),
    "the letter A counts as the first product in both orders; in the second it stands last, as B": (
        edit({WINS: NAMED})
    ),
    "a pair counts for the first product only where both orders agree; each verdict counts half": (
        edit({WINS: 'sum(a == "A" and b == "B" for a, b in zip(one, two, strict=True)) / n'})
    ),
    "both orders are laid out as if nothing had been swapped": right.first(
        'two = ["AB"[verdict == "A"] for verdict in two]'
    ),
}

shown = in_one_line(right)
_NAMES = ("the share that changes", "the share of A", "the share that the first product wins")


def _read(got: Any, case: Case) -> tuple[float, float, float]:
    got = got.tolist() if isinstance(got, np.ndarray) else got
    refuse_none(got, shown(case), "a tuple of three")
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        reject(f"{shown(case)} must be (changed, named_a, wins), got {shorten(got)}.")
    changed, first, wins = (
        as_number(one, f"{shown(case)}: {name}") for one, name in zip(got, _NAMES, strict=True)
    )
    return changed, first, wins


TASK = checked(
    "33.7",
    "Return the share of verdicts that change, the share of A, and the first one's wins.",
    right,
    CASES,
    SLIPS,
    hints=(
        "In the second order the first product is called B.",
        "The same letter twice: another product was preferred. The first product wins a half for A "
        "in the first order, and a half for B in the second.",
        "changed = np.mean([a == b for a, b in zip(one, two)]); named_a = (one.count('A') + "
        "two.count('A')) / (2 * len(one)); wins counts 'A' in one and 'B' in two.",
    ),
    insight="Both orders together, a judge that only names a place has half of its verdicts right.",
    shown=shown,
    read=_read,
    place=lambda case, path: f"{shown(case)}: {_NAMES[path[0]]}",
)
