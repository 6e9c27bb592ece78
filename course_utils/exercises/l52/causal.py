"""Task 52.10: self-attention in which no step sees a later one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import softmax

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l52.shared import compare_named, lines_by
from course_utils.exercises.reading import as_array, holds_nan

_DRAW = np.random.default_rng(10)


def _case(steps: int, d: int, k: int, real: int) -> Case:
    x, wq, wk, wv = (
        _DRAW.integers(-4, 5, size) / 2 for size in [(steps, d), (d, k), (d, k), (d, d)]
    )
    return x, np.array([1.0] * real + [0.0] * (steps - real)), wq, wk, wv


EXAMPLE: Case = (
    np.array([[1.0], [3.0], [7.0]]),
    np.array([1.0, 1.0, 0.0]),
    np.array([[0.0]]),
    np.array([[0.0]]),
    np.array([[1.0]]),
)
CASES: list[Case] = [
    EXAMPLE,
    _case(4, 2, 2, 4),
    _case(5, 3, 4, 3),
    _case(1, 2, 1, 1),
    _case(3, 2, 3, 1),
    (EXAMPLE[0] * 400.0, EXAMPLE[1], np.array([[1.0]]), np.array([[1.0]]), EXAMPLE[4]),
    # All that may be seen lies far below 0.
    (EXAMPLE[0] * 40.0, EXAMPLE[1], np.array([[1.0]]), np.array([[-1.0]]), EXAMPLE[4]),
    (
        EXAMPLE[0].astype(int),
        np.array([1, 1, 1]),
        np.array([[1]]),
        np.array([[0.5]]),
        np.array([[2]]),
    ),
]

Attention = Callable[..., np.ndarray]


def attention(
    causal: int | None = 0,
    masked: bool = True,
    scale: Callable[[Any, Any], float] = lambda wk, x: wk.shape[1] ** 0.5,
    shares: Callable[[Any], Any] = lambda s: softmax(s, axis=1),
    before: bool = True,
    far: float = -1e9,
    pairs: Callable[[Any, Any, Any], tuple[Any, Any, Any]] = lambda q, k, v: (q, k, v),
) -> Attention:
    """Causal self-attention, or what becomes of it by one slip."""

    def attend(x: Any, mask: Any, wq: Any, wk: Any, wv: Any) -> np.ndarray:
        q, k, v = pairs(x @ wq, x @ wk, x @ wv)
        n = len(x)
        seen = np.ones((n, n), dtype=bool) if causal is None else np.tri(n, k=causal, dtype=bool)
        if masked:
            seen = seen & (np.asarray(mask) > 0)
        scores = q @ k.T / scale(wk, x)
        with np.errstate(all="ignore"):
            hidden = np.where(seen, scores, far)
            a = shares(hidden) if before else shares(scores) * seen
            return np.asarray((a @ v) * np.asarray(mask)[:, None], dtype=float)

    return attend


def _overflows(scores: np.ndarray) -> np.ndarray:
    e = np.exp(scores)
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def _of_columns(scores: np.ndarray) -> np.ndarray:
    e = np.exp(scores)
    return np.asarray(e / e.sum(axis=0))


def rows_kept(x: Any, mask: Any, wq: Any, wk: Any, wv: Any) -> np.ndarray:
    """Padded rows are not set to 0."""
    full = np.ones(len(x))
    last = max(int(np.sum(mask)) - 1, 0)
    y = right_attention(x, full, wq, wk, wv)
    seen = np.tri(len(x), dtype=bool) & (np.asarray(mask) > 0)
    s = np.where(seen, (x @ wq) @ (x @ wk).T / wk.shape[1] ** 0.5, -1e9)
    y[last + 1 :] = (softmax(s, axis=1) @ (x @ wv))[last + 1 :]
    return y


right_attention = attention()
sees_future = attention(causal=None)
blind_to_itself = attention(causal=-1)
one_ahead = attention(causal=1)
no_scale = attention(scale=lambda wk, x: 1.0)
scale_of_x = attention(scale=lambda wk, x: x.shape[1] ** 0.5)
not_rooted = attention(scale=lambda wk, x: float(wk.shape[1]))
columns = attention(shares=lambda s: softmax(s, axis=0))
after_softmax = attention(before=False)
no_softmax = attention(shares=lambda s: np.where(s < -1e8, 0.0, s))
exchanged = attention(pairs=lambda q, k, v: (k, q, v))
too_near = attention(far=-1e3)
zeros = attention(far=0.0)
down_columns = attention(shares=lambda s: _of_columns(s - s.max(axis=1, keepdims=True)))
overflowing = attention(shares=_overflows)

MISTAKES = {
    "later steps are seen: the future changes the past": sees_future,
    "the next step is seen: that is the label": one_ahead,
    "a step does not see itself": blind_to_itself,
    "the scores are not divided by sqrt(k)": no_scale,
    "the scores are divided by the root of x's width d; it is k, the width of the keys": scale_of_x,
    "the scores are divided by k, not by its root": not_rooted,
    "the softmax runs over the steps that look; each row must sum to 1": columns,
    "the mask comes after the softmax: the shares of what is left do not sum to 1": after_softmax,
    "there is no softmax": no_softmax,
    "queries and keys are exchanged": exchanged,
    "padded rows are not set to 0": rows_kept,
    "what must not be seen gets the score 0, as after `scores * mask`, and exp(0) = 1 counts": (
        zeros
    ),
    "what must not be seen gets a score that real ones fall below; take -np.inf": too_near,
}

_shown = lines_by("x", "mask", "wq", "wk", "wv")


def check_causal(answer: Any) -> None:
    for case in CASES:
        _no_nan(answer(*case), case)
    compare_named(answer, CASES, right_attention, _read, _shown, MISTAKES, {})
    x, mask, *weights = CASES[2]
    other = np.where(mask[:, None] > 0, x, 99.0)
    first, again = (_read(answer(z, mask, *weights), CASES[2]) for z in (x, other))
    if not np.allclose(first, again):
        reject(f"{_shown(CASES[2])}: numbers in padded steps change the result.")


def _no_nan(value: Any, case: Case) -> None:
    """Two ways to nan: a score too large for exp, or shares of a sum of 0."""
    if not holds_nan(value):
        return
    x, _, wq, wk, _ = case
    if np.abs((x @ wq) @ (x @ wk).T).max() > 700:
        reject(
            f"{_shown(case)}: the result holds nan, since exp of a score in the thousands is "
            "infinite, or of all scores of a row is 0. Subtract each row's maximum before np.exp."
        )
    reject(
        f"{_shown(case)}: the result holds nan: shares are divided by a sum of 0. Each *row* of "
        "shares sums to 1 (axis=1); a column of padding has nothing to share out."
    )


def _read(value: Any, case: Case) -> np.ndarray:
    return as_array(value, f"{_shown(case)}: the result", case[0].shape)


TASK = Task(
    id="52.10",
    prompt="Return softmax(Q K' / sqrt(k)) V, no step seeing a later one or padding.",
    check_answer=check_causal,
    hints=(
        "Q, K, V = x @ wq, x @ wk, x @ wv. Row i of Q @ K.T holds what step i thinks of each step.",
        "seen = np.tri(n, dtype=bool) & (mask > 0): earlier steps and itself, no padding. Where "
        "not seen, put -np.inf before the softmax.",
        "s = np.where(seen, Q @ K.T / np.sqrt(wk.shape[1]), -np.inf); e = np.exp(s - s.max(axis=1, "
        "keepdims=True)); e / e.sum(axis=1, keepdims=True) @ V; then padded rows to 0.",
    ),
    insight="Change a later step: if an earlier row moves, the model has read its label.",
)
