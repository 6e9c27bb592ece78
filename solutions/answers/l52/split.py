"""Task 52.7: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong
from course_utils.exercises.l52.split_slips import (
    after_sorting,
    after_sorting_pairs,
    all_new,
    as_text,
    at_random,
    by_key,
    contained,
    late_new,
    late_test,
    late_valid,
    new_trains,
    no_new,
    no_valid,
    right_split,
    valid_is_test,
    whole,
)


def _with_arrays(users: Any, times: Any, valid_from: float, test_from: float, new: Any) -> Any:
    user, time = np.array(users, dtype=object), np.array(times, dtype=float)
    is_new = np.array([one in set(new) for one in user], dtype=bool)
    return {
        "train": np.flatnonzero((time < valid_from) & ~is_new),
        "valid": np.flatnonzero((time >= valid_from) & (time < test_from) & ~is_new),
        "test": np.flatnonzero((time >= test_from) & ~is_new),
        "new": np.flatnonzero((time >= test_from) & is_new),
    }


def _with_pandas(users: Any, times: Any, valid_from: float, test_from: float, new: Any) -> Any:
    rows = pd.DataFrame({"user": users, "time": times})
    old = rows[~rows["user"].isin(new)]
    return {
        "new": rows[rows["user"].isin(new) & (rows["time"] >= test_from)].index.tolist(),
        "test": old[old["time"] >= test_from].index.tolist()[::-1],
        "valid": old[(old["time"] >= valid_from) & (old["time"] < test_from)].index.tolist(),
        "train": old[old["time"] < valid_from].index.tolist(),
    }


def _three_parts(*case: Any) -> Any:
    parts = right_split(*case)
    return {name: parts[name] for name in ("train", "valid", "test")}


def _no_case(users: Any, *rest: Any) -> Any:
    return right_split([one.lower() for one in users], *rest[:-1], [n.lower() for n in rest[-1]])


def _names(users: Any, *rest: Any) -> Any:
    parts = right_split(users, *rest)
    return {name: [users[row] for row in rows] for name, rows in parts.items()}


def _masks(users: Any, *rest: Any) -> Any:
    parts = right_split(users, *rest)
    return {name: [k in rows for k in range(len(users))] for name, rows in parts.items()}


PROOF = Proof(
    task="52.7",
    right=[_with_arrays, _with_pandas],
    wrong=[
        Wrong(at_random, "you do not cut by time", "E73", silent=True),
        Wrong(new_trains, "then they are not new", "E73", silent=True),
        Wrong(no_new, "treated like the others", "E73", silent=True),
        Wrong(no_valid, "nothing is kept for validation", "E80", silent=True),
        Wrong(valid_is_test, "the test is used as validation", "E80", silent=True),
        Wrong(all_new, "the earlier windows of new customers are judged", silent=True),
        Wrong(late_valid, "equals valid_from trains", silent=True),
        Wrong(late_test, "equals test_from is kept for validation", silent=True),
        Wrong(late_new, "at exactly test_from is left out", silent=True),
        Wrong(after_sorting, "those of the arguments.", silent=True),
        Wrong(after_sorting_pairs, "counted after sorting", silent=True),
        Wrong(_no_case, "'A'", silent=True),
        Wrong(as_text, "whose name is a part of", silent=True),
        Wrong(contained, "whose name contains", silent=True),
        Wrong(whole, "times are taken to be whole", silent=True),
        Wrong(by_key, "they are two rows", silent=True),
        Wrong(_names, "Return row numbers, 0 for the first row"),
        Wrong(_masks, "as a mask does"),
        Wrong(_three_parts, "must be a dictionary with the keys"),
    ],
)
