"""Task 53.6: DIN's attention for a batch, with a mask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l53.shared import hold

Array = np.ndarray


def _case(seed: int, d: int, h: int, masks: list[list[int]], pad: float) -> Case:
    """``pad`` stands where the mask is False."""
    draw = np.random.default_rng(seed)
    mask = np.array(masks, bool)
    e = draw.integers(-4, 5, (*mask.shape, d)) / 2
    e[~mask] = pad
    c, w1 = draw.integers(-4, 5, (len(mask), d)) / 2, draw.normal(size=(4 * d, h)).round(2)
    return e, c, mask, w1, draw.normal(size=h).round(2), draw.normal(size=h).round(2)


EXAMPLE: Case = (
    np.array([[[1.0], [-1.0], [np.nan]]]),
    np.array([[2.0]]),
    np.array([[True, True, False]]),
    np.array([[0.0], [0.0], [0.0], [1.0]]),
    np.array([0.0]),
    np.array([1.0]),
)
CASES: list[Case] = [
    EXAMPLE,
    _case(1, 2, 3, [[1, 1, 1]], 0.0),
    _case(2, 2, 3, [[1, 1, 0], [1, 1, 1]], 9.0),
    # Padding on the left, in the middle, everywhere.
    _case(3, 1, 4, [[0, 0, 1, 1], [1, 0, 1, 1], [0, 0, 0, 0]], np.nan),
    _case(4, 3, 2, [[1], [0]], np.nan),
    _case(5, 2, 2, [[0, 1, 0]], -5.0),
    _case(6, 2, 2, [[0, 1, 1], [1, 1, 0]], np.inf),
]


def _sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def _softmax(a: Array, mask: Array) -> Array:
    a = np.where(mask, a, -np.inf)
    top = np.where(mask.any(axis=1), a.max(axis=1), 0.0)[:, None]
    shares = np.where(mask, np.exp(a - top), 0.0)
    return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12))


def by(
    seen: Callable[[Array], Array] = lambda mask: mask,
    inner: Callable[[Array], Array] = _sigmoid,
    inputs: Callable[[Array, Array], list[Array]] = lambda e, c: [e, c, e - c, e * c],
    weigh: Callable[[Array, Array], Array] = lambda a, mask: np.where(mask, a, 0.0),
    mean: bool = False,
    fill: bool = True,
    bias: float = 1.0,
) -> Callable[..., Array]:
    """The pooled history; right as it stands. ``fill`` drops what stands at padding."""

    def pool(e: Array, c: Array, mask: Array, w1: Array, b1: Array, w2: Array) -> Array:
        mask = seen(np.asarray(mask, bool))
        e = np.where(mask[:, :, None], e, 0.0) if fill else np.where(np.isfinite(e), e, 0.0)
        wide = np.broadcast_to(c[:, None, :], e.shape)
        a = inner(np.concatenate(inputs(e, wide), axis=2) @ w1 + bias * b1) @ w2
        pooled = (weigh(a, mask)[:, :, None] * e).sum(axis=1)
        return np.asarray(pooled / np.maximum(mask.sum(axis=1), 1)[:, None] if mean else pooled)

    return pool


def from_the_left(mask: Array) -> Array:
    """As if the steps stood first and the padding behind."""
    return np.arange(mask.shape[1]) < mask.sum(axis=1)[:, None]


def first_candidate(e: Array, c: Array, mask: Array, w1: Array, b1: Array, w2: Array) -> Array:
    return right_din(e, np.broadcast_to(c[:1], c.shape), mask, w1, b1, w2)


right_din = by()

MISTAKES: dict[str, Callable[..., Any]] = {
    "the mask is taken for a length: padding may stand anywhere": by(from_the_left, fill=False),
    "the weights are put through a softmax; the paper leaves that out": by(weigh=_softmax),
    "the sum is divided by the number of steps": by(mean=True),
    "the inner layer has a relu, not a sigmoid": by(inner=lambda z: np.maximum(z, 0)),
    "the inner layer has no sigmoid": by(inner=lambda z: z),
    "the weights are kept above 0": by(weigh=lambda a, mask: np.where(mask, np.maximum(a, 0), 0.0)),
    "the bias b1 is left out": by(bias=0.0),
    "c stands before e in the inputs": by(inputs=lambda e, c: [c, e, e - c, e * c]),
    "the difference is c - e": by(inputs=lambda e, c: [e, c, c - e, e * c]),
    "all customers get the first one's candidate": first_candidate,
    "no step is weighed: it is the plain sum": by(weigh=lambda a, mask: mask.astype(float)),
}


def check_din(answer: Any) -> None:
    why = (
        "0 times nan, or times infinity, is nan: replace what stands at padding before you "
        "multiply; a product with a mask of zeros does not help."
    )
    hold(
        answer,
        ("e", "c", "mask", "w1", "b1", "w2"),
        CASES,
        right_din,
        MISTAKES,
        not_finite=why,
    )


TASK = Task(
    id="53.6",
    prompt="Return each customer's steps, weighed by their candidate, without what is padding.",
    check_answer=check_din,
    hints=(
        "Write the shapes first: e (B, T, d), c (B, 1, d) as wide as e, inputs (B, T, 4d), weights "
        "(B, T), result (B, d).",
        "0 * nan is nan: replace what stands at padding before you multiply, "
        "e = np.where(mask[:, :, None], e, 0.0).",
        "wide = np.broadcast_to(c[:, None], e.shape); z = np.concatenate([e, wide, e - wide, "
        "e * wide], axis=2) @ w1 + b1; a = 1 / (1 + np.exp(-z)) @ w2; "
        "np.einsum('bt,btd->bd', a, e).",
    ),
    insight="A padded step of zeros has a weight too, σ(b1) w2: here it multiplies 0, in a softmax "
    "it would cost the others.",
)
