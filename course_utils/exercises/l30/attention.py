"""Task 30.2: scaled dot-product attention with heads and a mask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import softmax

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array
from course_utils.exercises.tolerance import floats

Numbers = np.ndarray
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


def attention(
    Q: Numbers,
    K: Numbers,
    V: Numbers,
    there: Numbers,
    heads: int,
    scale: Callable[[int], float] = np.sqrt,
    hide: Callable[[Numbers, Numbers], Numbers] = lambda s, there: np.where(there, s, -np.inf),
    after: Callable[[Numbers, Numbers], Numbers] = lambda a, there: a,
    axis: int = -1,
    apart: Callable[[Numbers, int], list[Numbers]] = lambda x, heads: np.split(x, heads, axis=1),
) -> Numbers:
    """The right numbers, or those of a mistake: what is hidden, scaled, split otherwise."""
    found = []
    for q, k, v in zip(apart(Q, heads), apart(K, heads), apart(V, heads), strict=True):
        scores = hide(q @ k.T / scale(q.shape[1]), there)
        found.append(after(softmax(scores, axis=axis), there) @ v)
    return np.concatenate(found, axis=1)


def _with(**mistake: Any) -> Callable[..., Numbers]:
    return lambda *case: attention(*case, **mistake)


def _not_hidden(scores: Numbers, there: Numbers) -> Numbers:
    return scores


def plain_exp(Q: Numbers, K: Numbers, V: Numbers, there: Numbers, heads: int) -> Numbers:
    found = []
    for q, k, v in zip(*(np.split(x, heads, axis=1) for x in (Q, K, V)), strict=True):
        with np.errstate(all="ignore"):
            e = np.exp(q @ k.T / np.sqrt(q.shape[1])) * there
            found.append(e / e.sum(axis=1, keepdims=True) @ v)
    return np.concatenate(found, axis=1)


def one_scale(Q: Numbers, K: Numbers, V: Numbers, there: Numbers, heads: int) -> Numbers:
    return attention(Q, K, V, there, heads, scale=lambda _: float(np.sqrt(Q.shape[1])))


def cut_rows(x: Numbers, heads: int) -> list[Numbers]:
    """A reshape without the exchange of axes: the numbers of other tokens come in."""
    return list(x.reshape(heads, len(x), -1))


ROWS = "the rows of padding are hidden, not its columns: nobody may look at it"
AXIS = "the softmax goes over the tokens that look, not over those that are seen"
NAN: dict[str, Callable[..., Numbers]] = {
    AXIS: _with(axis=0),
    "0 times infinity is taken, which is nan: choose with np.where": _with(
        hide=lambda s, there: s + (1.0 - there) * -np.inf
    ),
    ROWS: _with(hide=lambda s, there: np.where(there[:, None], s, -np.inf)),
    "exp of a score of 1,000 is infinite: take the highest of a row away first": plain_exp,
}
"""Mistakes whose results hold nan: at the first case that does, its places tell which."""

MISTAKES: dict[str, Callable[..., Numbers]] = {
    "padding takes part in the softmax": _with(hide=_not_hidden),
    "the scores of padding are set to 0, and exp(0) is 1": _with(hide=lambda s, there: s * there),
    "padding is taken out after the softmax, and the weights no longer sum to 1": _with(
        hide=_not_hidden, after=lambda a, there: a * there
    ),
    "1000 is taken from the scores of padding, and a token's own may be as low": _with(
        hide=lambda s, there: s - 1000.0 * ~there
    ),
    "padding's scores are made low, by 2000 or to -1000, and a token's own may be as low: use "
    "-np.inf": _with(hide=lambda s, there: s - 2000.0 * ~there),
    ROWS: _with(hide=lambda s, there: np.where(there[:, None], s, -1e9)),
    AXIS: _with(hide=lambda s, there: np.where(there, s, -1e9), axis=0),
    "the result is cut to whole numbers: np.zeros_like of whole numbers holds no others": (
        lambda *case: attention(*case).astype(case[0].dtype)
    ),
    "the scores are not divided by the root of a head's width": _with(scale=lambda _: 1.0),
    "the scores are divided by the root of the whole width, not of a head's": one_scale,
    "the scores are divided by a head's width, not by its root": _with(scale=float),
    "there is one head, whatever `heads` says": lambda Q, K, V, there, heads: attention(
        Q, K, V, there, 1
    ),
    "a head takes every so-many-th column: it takes neighbours": _with(
        apart=lambda x, heads: [x[:, h::heads] for h in range(heads)]
    ),
    "the table is reshaped to (heads, T, width) and mixes tokens: exchange the axes": _with(
        apart=cut_rows
    ),
    "the rows of padding are set to 0: they are computed like all others": (
        lambda *case: attention(*case) * case[3][:, None]
    ),
    "queries and keys have changed places": lambda Q, K, V, there, heads: attention(
        K, Q, V, there, heads
    ),
}


def _told(case: Case) -> str:
    return call_of("attention", case)


def _read(value: Any, case: Case) -> Numbers:
    got = floats(value)
    if got is not None and np.isnan(got).any():
        for says, gives in NAN.items():
            with np.errstate(all="ignore"):
                want = gives(*case)
            if got.shape == want.shape and np.allclose(got, want, equal_nan=True):
                reject(f"{_told(case)}: the result holds nan. It looks as if {says}.")
    return as_array(value, f"{_told(case)}: the result", case[0].shape)


def check_attention(answer: Any) -> None:
    names = ("Q", "K", "V", "there", "heads")
    compare(leaving(answer, names, _told), CASES, attention, _read, _told, MISTAKES)


TASK = Task(
    id="30.2",
    prompt="Mix the values of the tokens that are there, head by head.",
    check_answer=check_attention,
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
)
