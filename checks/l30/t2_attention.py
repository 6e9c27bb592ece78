"""Task 30.2: scaled dot-product attention with heads and a mask."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import softmax

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_array
from course_utils.exercises.tolerance import floats

right = LessonAnswer("30.2", softmax=softmax)
edit, first, returning = right.edit, right.first, right.returning

_DRAW = np.random.default_rng(302)


def _drawn(there: list[bool], width: int, heads: int, size: float = 1.0) -> Case:
    Q, K, V = ((_DRAW.normal(size=(len(there), width)) * size).round(1) for _ in range(3))
    return Q, K, abs(V), np.array(there), heads  # no sum cancels: 32 bits are enough


CASES: list[Case] = [
    (
        np.array([[1], [0]]),
        np.array([[float(np.log(3.0).round(4))], [0.0]]),
        np.array([[1], [0]]),
        np.array([True, True]),
        1,
    ),
    _drawn([True, True, False], 4, 2),
    _drawn([True, True, True], 6, 3),
    _drawn([True, False, True, False], 4, 1),
    _drawn([False, True, True, True, True], 6, 2),
    _drawn([True], 4, 4),
    _drawn([False, True, False], 2, 1),
    _drawn([True] * 4, 8, 2),
    _drawn([True, True, False], 2, 1, 10.0),
    (
        np.array([[1000.0], [1.0]]),
        np.array([[-1.0], [1.0]]),
        np.array([[5.0], [9.0]]),
        np.array([True, False]),
        1,
    ),
    (
        np.array([[25.0], [20.0], [1.0]]),
        np.array([[-39.0], [-40.0], [1.0]]),
        np.array([[1.0], [2.0], [9.0]]),
        np.array([True, True, False]),
        1,
    ),
]
"""Whole numbers; more tokens than width and fewer; padding everywhere; scores of a thousand."""

SCALE, SCORES = "np.sqrt(q.shape[1])", "q @ k.T / np.sqrt(q.shape[1])"
HIDDEN = f"np.where(there, {SCORES}, -np.inf)"
SPLIT = "np.split(one, heads, axis=1)"
PLAIN = f"np.exp({SCORES}) * there"

ROWS = "the rows of padding are hidden, not its columns: nobody may look at it"
AXIS = "the softmax goes over the tokens that look, not over those that are seen"
NAN = {
    AXIS: edit({"scores, axis=1": "scores, axis=0"}),
    "0 times infinity is taken, which is nan: choose with np.where": edit(
        {HIDDEN: f"{SCORES} + (1.0 - there) * -np.inf"}
    ),
    ROWS: edit({"np.where(there,": "np.where(there[:, None],"}),
    "exp of a score of 1,000 is infinite: take the highest of a row away first": edit(
        {HIDDEN: PLAIN, "softmax(scores, axis=1)": "scores / scores.sum(axis=1, keepdims=True)"}
    ),
}
"""Slips whose results hold nan: at the first case that does, its places tell which."""

SLIPS = {
    "padding takes part in the softmax": edit({HIDDEN: SCORES}),
    "the scores of padding are set to 0, and exp(0) is 1": edit({HIDDEN: f"{SCORES} * there"}),
    "padding is taken out after the softmax, and the weights no longer sum to 1": edit(
        {HIDDEN: SCORES, "axis=1) @": "axis=1) * there @"}
    ),
    "1000 is taken from the scores of padding, and a token's own may be as low": edit(
        {HIDDEN: f"{SCORES} - 1000.0 * ~there"}
    ),
    "padding's scores are made low, by 2000 or to -1000, and a token's own may be as low: use "
    "-np.inf": edit({HIDDEN: f"{SCORES} - 2000.0 * ~there"}),
    ROWS: edit({"np.where(there,": "np.where(there[:, None],", "-np.inf": "-1e9"}),
    AXIS: edit({"-np.inf": "-1e9", "scores, axis=1": "scores, axis=0"}),
    "the result is cut to whole numbers: np.zeros_like of whole numbers holds no others": returning(
        "result.astype(Q.dtype)"
    ),
    "the scores are not divided by the root of a head's width": edit({f" / {SCALE}": ""}),
    "the scores are divided by the root of the whole width, not of a head's": edit(
        {SCALE: "np.sqrt(Q.shape[1])"}
    ),
    "the scores are divided by a head's width, not by its root": edit({SCALE: "q.shape[1]"}),
    "there is one head, whatever `heads` says": first("heads = 1"),
    "a head takes every so-many-th column: it takes neighbours": edit(
        {SPLIT: "[one[:, h::heads] for h in range(heads)]"}
    ),
    "the table is reshaped to (heads, T, width) and mixes tokens: exchange the axes": edit(
        {SPLIT: "one.reshape(heads, len(one), -1)"}
    ),
    "the rows of padding are set to 0: they are computed like all others": returning(
        "result * there[:, None]"
    ),
    "queries and keys have changed places": first("Q, K = K, Q"),
}

shown = in_one_line(right)


def _read(value: Any, case: Case) -> np.ndarray:
    got = floats(value)
    if got is not None and np.isnan(got).any():
        for says, gives in NAN.items():
            want = gives(*case)
            if got.shape == want.shape and np.allclose(got, want, equal_nan=True):
                reject(f"{shown(case)}: the result holds nan. It looks as if {says}.")
    return as_array(value, f"{shown(case)}: the result", case[0].shape)


TASK = checked(
    "30.2",
    "Mix the values of the tokens that are there, head by head.",
    right,
    CASES,
    SLIPS,
    hints=(
        "One head first: a table of scores, tokens that look down, tokens that are seen across. "
        "Which entries must get a share of exactly 0?",
        "np.split(Q, heads, axis=1) gives each head its columns. Set the scores of absent tokens "
        "to -np.inf; softmax from scipy.special takes the highest away by itself.",
        "for q, k, v in zip(*(np.split(x, heads, axis=1) for x in (Q, K, V))): s = np.where(there, "
        "q @ k.T / np.sqrt(q.shape[1]), -np.inf); found.append(softmax(s, axis=1) @ v). Then "
        "np.concatenate(found, axis=1).",
    ),
    insight="Attention has no weights of its own: they are in what makes Q, K and V.",
    shown=shown,
    read=_read,
)
