"""50.6: a title through embedding, convolution and pooling, without its padding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l50.shared import ERRATA, call_of, compare_named
from course_utils.exercises.reading import as_array

_DRAW = np.random.default_rng(505)


def _drawn(ids: list[int], kernel: int, bias: float = 0.0, filters: int = 2) -> Case:
    E = _DRAW.normal(size=(6, 2)).round(1)
    W = _DRAW.normal(size=(kernel, 2, filters)).round(1)
    return np.array(ids), E, W, (_DRAW.normal(size=filters) * 0.1 + bias).round(2)


CASES: list[Case] = [
    (
        np.array([2, 1, 0]),
        np.array([[9.0], [1.0], [2.0]]),
        np.array([[[1.0]], [[10.0]], [[100.0]]]),
        np.array([0.5]),
    ),
    _drawn([3, 4, 5, 2], 3, 0.5),
    _drawn([3, 4, 0, 0], 3, 0.5),
    _drawn([5, 2, 0, 0, 0, 0], 5, 1.0),
    _drawn([1], 3),
    _drawn([1], 5, 0.5, 3),
    _drawn([0, 0], 3, 1.0),
    _drawn([2, 2, 1, 0], 1, 0.3),
    _drawn([4, 3, 5, 1, 2, 0], 3, -6.0, 1),
    _drawn([4, 3, 5, 1, 0, 0], 5, 2.0, 3),
    _drawn([3, 5], 5),
]
"""Zeros stand on the right; an embedding of 0 that is not zero; a bias that beats the padding."""

Numbers = np.ndarray


def title_vector(
    ids: Numbers,
    E: Numbers,
    W: Numbers,
    b: Numbers,
    embedding: bool = True,
    window: bool = True,
    relu: bool = True,
    pool: Callable[..., Any] = np.max,
    flip: bool = False,
    before: int | None = None,
) -> Numbers:
    """The right vector, or one with a mistake: which mask is left out, what else is done."""
    there = ids != 0
    e = E[ids] * (there[:, None] if embedding else 1)
    half = len(W) // 2 if before is None else before * (len(W) - 1)
    padded = np.pad(e, ((half, len(W) - 1 - half), (0, 0)))
    filters = W[::-1] if flip else W
    h = sum(padded[j : j + len(ids)] @ filters[j] for j in range(len(W))) + b
    h = np.maximum(h, 0) if relu else h
    if window and not there.any():
        return np.zeros(len(b))
    return np.asarray(pool(h[there] if window else h, axis=0))


def _with(**mistake: Any) -> Callable[..., Numbers]:
    return lambda ids, E, W, b: title_vector(ids, E, W, b, **mistake)


def without_bias(ids: Numbers, E: Numbers, W: Numbers, b: Numbers) -> Numbers:
    return title_vector(ids, E, W, b * 0)


def bias_last(ids: Numbers, E: Numbers, W: Numbers, b: Numbers) -> Numbers:
    return title_vector(ids, E, W, b * 0) + b * (ids != 0).any()


def whole_windows(ids: Numbers, E: Numbers, W: Numbers, b: Numbers) -> Numbers:
    """Only windows that lie in the title."""
    e = E[ids[ids != 0]]
    if len(e) < len(W):
        return np.zeros(len(b))
    n = len(e) - len(W) + 1
    h = [sum(e[t + j] @ W[j] for j in range(len(W))) + b for t in range(n)]
    return np.maximum(np.max(h, axis=0), 0)


def none_if_short(ids: Numbers, E: Numbers, W: Numbers, b: Numbers) -> Numbers:
    """The article's windows; where there is none, zeros."""
    if len(ids) < len(W):
        return np.zeros(len(b))
    windows = np.lib.stride_tricks.sliding_window_view(E[ids], len(W), axis=0)
    return np.asarray(np.maximum(np.einsum("tdk,kdf->tf", windows, W) + b, 0).max(axis=0))


def filled_up(ids: Numbers, E: Numbers, W: Numbers, b: Numbers) -> Numbers:
    longer = np.append(ids, np.zeros(2 * len(W), int))
    return title_vector(longer, E, W, b, embedding=False, window=False)


def middle_only(ids: Numbers, E: Numbers, W: Numbers, b: Numbers) -> Numbers:
    middle = len(W) // 2
    return title_vector(ids, E, W if len(W) <= len(ids) else W[middle : middle + 1], b)


PADDING = "padding is read as if it were a token"
SHORT = "a title shorter than the kernel gets zeros, and padding is read"
MISTAKES: dict[str, Callable[..., Numbers]] = {
    f"{PADDING}: more of it is added, and its windows take part in the maximum": filled_up,
    PADDING: _with(embedding=False, window=False),
    f"{PADDING}: its embedding is set to zero, but its windows take part in the maximum": (
        _with(window=False)
    ),
    f"{PADDING}: its windows are left out, but its embedding stands in those of its neighbours": (
        _with(embedding=False)
    ),
    "the kernel is turned round: W[0] reads the token on the left": _with(flip=True),
    "the window begins at the token: it lies in the middle": _with(before=0),
    "the window ends at the token: it lies in the middle": _with(before=1),
    "nothing is cut at zero": _with(relu=False),
    "the mean is taken, not the maximum": _with(pool=np.mean),
    "the sum is taken, not the maximum": _with(pool=np.sum),
    "the bias is left out": without_bias,
    "the bias is added after the cut at zero": bias_last,
    "only whole windows are read: zeros stand beyond both ends": whole_windows,
    SHORT: none_if_short,
    "a kernel wider than the title loses its ends: zeros stand beyond both": middle_only,
}


def _read(value: Any, case: Case) -> Numbers:
    what = f"{call_of('title_vector', case)}: the result"
    found = as_array(value, what)
    if found.shape != case[3].shape:
        reject(f"{what} must have one number a filter, shape {case[3].shape}, got {found.shape}.")
    return found


def check_title_vector(answer: Any) -> None:
    errata = {PADDING: "E37", SHORT: "E43"}
    compare_named("title_vector", answer, CASES, title_vector, _read, MISTAKES, errata)
    ids, *rest = CASES[1]
    for more in (1, 7):
        longer = (np.append(ids, np.zeros(more, int)), *rest)
        compare(
            answer, [longer], title_vector, _read, lambda case: call_of("title_vector", case), {}
        )


TASK = Task(
    id="50.6",
    prompt="Embed, convolve, cut at zero, take the maximum: padding must leave no trace.",
    check_answer=check_title_vector,
    hints=(
        "Padding does harm in two places: in the windows of its neighbours, and in the maximum.",
        "e = E[ids] * there[:, None]; pad e with k // 2 rows of zeros on both sides; the windows' "
        "sum is a sum over j of padded[j:j + T] @ W[j].",
        "h = np.maximum(sum(padded[j:j + T] @ W[j] for j in range(k)) + b, 0), then "
        "h[there].max(axis=0), or zeros where no token is there.",
    ),
    insight="Two masks, one before the convolution and one in the pooling; one alone leaks.",
    errata=ERRATA,
    crashes={"zero-size array": "E43"},
)
