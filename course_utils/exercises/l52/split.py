"""Task 52.7: which windows train, choose, and judge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l52.shared import compare_named, shown_by
from course_utils.exercises.l52.split_slips import (
    MISTAKES,
    NAMES,
    Parts,
    after_sorting,
    after_sorting_pairs,
    right_split,
)
from course_utils.exercises.reading import as_list, is_whole
from course_utils.exercises.theirs import short_repr


def _rows(seed: int, n: int) -> Case:
    draw = np.random.default_rng(seed)
    users = [f"u{k}" for k in draw.integers(0, 5, n)]
    return users, draw.integers(0, 100, n).tolist(), 60, 80, ["u1", "u4"]


CASES: list[Case] = [
    (["a", "a", "b", "a", "b", "c"], [1, 5, 6, 9, 9, 2], 5, 8, ["b"]),
    _rows(1, 12),
    _rows(2, 20),
    (["a", "a", "a"], [10, 20, 30], 20, 30, []),
    (["a", "b"], [1, 9], 5, 9, ["a", "b"]),
    ([], [], 5, 8, ["b"]),
    (["a", "A", "b"], [7, 8, 9], 2, 8, ["A"]),
    (["n", "n", "m", "m"], [1, 90, 1, 90], 50, 50, ["n"]),
    (["an", "ann", "an", "ann"], [1, 2, 9, 9], 5, 8, ["ann"]),
    (["an", "ann", "an", "ann"], [1, 2, 9, 9], 5, 8, ["an"]),
    (["a", "a", "b", "a", "a"], [4.5, 5.0, 7.5, 7.999, 8.0], 5, 8, []),
    (["a", "a"], [1, 1], 5, 8, []),
]

OF_ARTICLE = {
    "the earlier windows of the new customers train": "E73",
    "the new customers are treated like": "E73",
    "nothing is kept for validation": "E80",
    "the test is used as validation": "E80",
}

_shown = shown_by("split")


def check_split(answer: Any) -> None:
    compare_named(answer, CASES, right_split, _read, _shown, MISTAKES, OF_ARTICLE)


def _read(value: Any, case: Case) -> Parts:
    if not isinstance(value, Mapping) or set(value) != set(NAMES):
        reject(f"{_shown(case)} must be a dictionary with the keys {', '.join(NAMES)}.")
    parts = {name: _row_numbers(value[name], name, case) for name in NAMES}
    users, times, _, test_from, _ = case
    known, judged = parts["train"] + parts["valid"], parts["test"] + parts["new"]
    if len(set(known)) == len(known) and not {*known, *judged} - set(range(len(users))):
        future = [k for k in known if times[k] >= test_from]
        past = [k for k in judged if times[k] < test_from]
        mixed = future and past and min(times[k] for k in judged) < max(times[k] for k in known)
        if mixed and parts not in (after_sorting(*case), after_sorting_pairs(*case)):
            reject(
                f"{_shown(case)}: row {future[0]} of time {times[future[0]]} trains or chooses, "
                f"row {past[0]} of time {times[past[0]]} is judged: you do not cut by time. Two "
                "neighbouring windows of one customer share all steps but one.",
                "E73",
            )
    return parts


def _row_numbers(value: Any, name: str, case: Case) -> list[int]:
    rows = as_list(value, f"{_shown(case)}: the rows of {name!r}")
    for one in rows:
        if isinstance(one, (bool, np.bool_)):
            reject(
                f"{_shown(case)}: {name!r} holds {one}, as a mask does. Return row numbers, such "
                "as np.flatnonzero(mask)."
            )
        if not is_whole(one):
            reject(
                f"{_shown(case)}: {name!r} holds {short_repr(one)}. Return row numbers, 0 for the "
                "first row, and not what stands in the row: enumerate(...) counts them."
            )
    return sorted(map(int, rows))


TASK = Task(
    id="52.7",
    prompt="Return the row numbers of train, valid, test and new.",
    check_answer=check_split,
    hints=(
        "Each row has two questions: when was its label, and is its customer new?",
        "New customers: from test_from on 'new', before that nowhere. Others: below valid_from "
        "'train', below test_from 'valid', else 'test'.",
        "for k, (u, t) in enumerate(zip(users, times)): if u in new: part = 'new' if t >= "
        "test_from else None; elif t < valid_from: part = 'train' ...",
    ),
    insight="Two questions, two tests: what is later, and who was never seen.",
    errata={
        "E73": "no word of a split, so nothing keeps neighbours or new customers out of training",
        "E80": "no validation rows",
    },
)
