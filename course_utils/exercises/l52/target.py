"""Task 52.9: target attention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit, softmax

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l52.shared import compare_named, lines_by
from course_utils.exercises.reading import as_array

_DRAW = np.random.default_rng(9)


def _case(steps: int, d: int, h: int, mask: list[float]) -> Case:
    sizes = [(d,), (steps, d), (4 * d, h), (h,), (h,)]
    c, e, w1, b1, w2 = (_DRAW.integers(-4, 5, size) / 4 for size in sizes)
    return c, e, np.array(mask), w1, b1, w2


EXAMPLE: Case = (
    np.array([1.0]),
    np.array([[2.0], [1.0], [5.0]]),
    np.array([1.0, 1.0, 0.0]),
    np.array([[0.0], [0.0], [0.0], [1.0]]),
    np.array([0.0]),
    np.array([1.0]),
)
CASES: list[Case] = [
    EXAMPLE,
    _case(4, 3, 2, [1, 1, 1, 0]),
    _case(3, 2, 4, [1, 1, 1]),
    _case(5, 2, 3, [1, 0, 0, 0, 0]),
    _case(2, 4, 2, [0, 0]),
    _case(1, 1, 1, [1]),
    _case(6, 2, 2, [1, 1, 1, 1, 0, 0]),
    # A hole: the mask says which steps there are, not how many alone.
    (EXAMPLE[0], EXAMPLE[1][[0, 2, 1]], np.array([1.0, 0.0, 1.0]), *EXAMPLE[3:]),
]

Attention = Callable[..., np.ndarray]


def attended(
    inputs: Callable[[Any, Any], list[Any]] = lambda e, c: [e, c, e - c, e * c],
    hidden: Callable[[Any], Any] = expit,
    weigh: Callable[[Any, Any], Any] = lambda a, mask: a * mask,
    pool: Callable[[Any, Any, Any], Any] = lambda w, e, mask: w @ e,
    bias: bool = True,
) -> Attention:
    """Target attention, or what becomes of it by one slip."""

    def vector(c: Any, e: Any, mask: Any, w1: Any, b1: Any, w2: Any) -> np.ndarray:
        wide = np.broadcast_to(c, e.shape)
        x = np.concatenate(inputs(e, wide), axis=1)
        a = hidden(x @ w1 + (b1 if bias else 0.0)) @ w2
        with np.errstate(all="ignore"):
            return np.asarray(pool(weigh(a, mask), e, mask), dtype=float)

    return vector


def _softmax(a: np.ndarray, mask: np.ndarray) -> np.ndarray:
    if not mask.any():
        return np.zeros(len(a))
    return np.asarray(softmax(np.where(mask > 0, a, -np.inf)))


def of_public_code(c: Any, *rest: Any) -> np.ndarray:
    """Scores over the root of d, then a masked softmax."""
    root = len(c) ** 0.5
    return attended(weigh=lambda a, mask: _softmax(a / root, mask))(c, *rest)


right_attention = attended()
no_mask = attended(weigh=lambda a, mask: a)
normalised = attended(weigh=_softmax)
softmax_all = attended(weigh=lambda a, mask: softmax(a) * mask)
mean_pooled = attended(pool=lambda w, e, mask: w @ e / max(mask.sum(), 1.0))
divided = attended(pool=lambda w, e, mask: w @ e / len(w))
no_attention = attended(weigh=lambda a, mask: mask)
relu = attended(hidden=lambda x: np.maximum(x, 0.0))
no_hidden = attended(hidden=lambda x: x)
no_bias = attended(bias=False)
other_order = attended(inputs=lambda e, c: [c, e, c - e, c * e])
turned_difference = attended(inputs=lambda e, c: [e, c, c - e, e * c])
squashed = attended(weigh=lambda a, mask: expit(a) * mask)
squashed_last = attended(hidden=lambda x: x, weigh=lambda a, mask: expit(a) * mask)
first_steps = attended(weigh=lambda a, mask: a * (np.arange(len(a)) < mask.sum()))
of_candidate = attended(pool=lambda w, e, mask: w.sum() * e.mean(axis=0))

_NOT_ONE = "DIN's need not sum to 1"
_SOFTMAX = f"the weights go through a softmax: {_NOT_ONE}"
MISTAKES = {
    "the mask is not used: padding is added up with the rest": no_mask,
    f"{_SOFTMAX}, ten steps like the candidate weigh more than one": normalised,
    f"{_SOFTMAX}, and scores are divided by the root of d, as in the public code": of_public_code,
    f"a softmax runs over all steps, padding included; none is wanted: {_NOT_ONE}": softmax_all,
    "the sum is divided by the number of steps: the amount of interest is lost": mean_pooled,
    "the sum is divided by the length with its padding": divided,
    "every step weighs 1: the candidate is not used": no_attention,
    "the hidden layer has a ReLU; here it is a sigmoid": relu,
    "the hidden layer has no sigmoid": no_hidden,
    "b1 is left out": no_bias,
    "the candidate stands first; the order is [e, c, e - c, e * c]": other_order,
    "the difference is turned round: it is e - c": turned_difference,
    "the sigmoid comes last; it stands inside, before w2": squashed_last,
    "a sigmoid is put on the weights; they may be negative or above 1": squashed,
    "the first steps are taken, as many as the mask has ones; ask the mask which": first_steps,
    "the weights are summed before they meet the steps": of_candidate,
}

_shown = lines_by("c", "e", "mask", "w1", "b1", "w2")


def check_target(answer: Any) -> None:
    # Those with a step first: a softmax without one is nan, and would not be named.
    for cases in ([case for case in CASES if case[2].any()], CASES):
        compare_named(
            answer,
            cases,
            right_attention,
            lambda got, case: as_array(got, f"{_shown(case)}: the result", case[0].shape),
            _shown,
            MISTAKES,
            {},
        )


TASK = Task(
    id="52.9",
    prompt="Return what the history says about the candidate: sum of a(e_j, c) e_j.",
    check_answer=check_target,
    hints=(
        "For each step one row [e, c, e - c, e * c], four times as wide: np.broadcast_to(c, "
        "e.shape), then np.concatenate(..., axis=1).",
        "a = sigmoid(x @ w1 + b1) @ w2 is one number a step. The mask makes it 0 where there is "
        "no step. No softmax.",
        "1 / (1 + np.exp(-(x @ w1 + b1))) @ w2, times mask, then @ e",
    ),
    insight="Without the softmax the length of the vector says how much interest there is.",
)
