"""Task 52.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l52.ready import right_ready, two_axes, whole_numbers

ARTICLE: dict[str, Any] = {}
exec(
    """
def with_training_rows(x, steps, features):
    return x_train

def as_in_the_article(x, steps, features):
    return np.array(x)
""",
    ARTICLE,
)


def _by_cases(x: Any, steps: int, features: int) -> Any:
    a = np.array(x, dtype=np.float64)
    if a.shape == (steps, features):
        return a.reshape(1, steps, features)
    if a.ndim == 3 and a.shape[1] == steps and a.shape[2] == features:
        return a
    raise ValueError(a.shape)


def _as_lists(x: Any, steps: int, features: int) -> Any:
    return right_ready(x, steps, features).tolist() or np.zeros((0, steps, features))


def _one_step(x: Any, steps: int, features: int) -> Any:
    """(1, 5) becomes (1, 1, 5)."""
    a = np.asarray(x, dtype=float)
    if a.shape[-1] != features:
        raise ValueError
    return a[:, None] if a.ndim == 2 else a


def _any_steps(x: Any, steps: int, features: int) -> Any:
    a = np.asarray(x, dtype=float)
    if a.shape == (1, features) and steps != 1:
        raise ValueError
    a = a[None] if a.ndim == 2 else a
    if a.ndim != 3 or a.shape[2] != features:
        raise ValueError
    return a


def _cut_and_filled(x: Any, steps: int, features: int) -> Any:
    """A wrong length is cut or repeated without a word."""
    a = np.asarray(x, dtype=float)
    if a.ndim == 2 and len(a) == 1 and steps != 1:
        raise ValueError
    a = a[None] if a.ndim == 2 else a
    return np.resize(a, (len(a), steps, features)) if len(a) else np.zeros((0, steps, features))


def _reshaped(x: Any, steps: int, features: int) -> Any:
    a = np.asarray(x, dtype=float)
    if a.size % (steps * features):
        raise ValueError
    return a.reshape(-1, steps, features)


def _asserts(x: Any, steps: int, features: int) -> Any:
    a = np.asarray(x, dtype=float)
    a = a[None] if a.ndim == 2 else a
    if a.shape[1:] != (steps, features):
        raise TypeError("shape")
    return a


def _checks_steps_alone(x: Any, steps: int, features: int) -> Any:
    a = np.asarray(x, dtype=float)
    a = a[None] if a.ndim == 2 else a
    if a.ndim < 2 or a.shape[1] != steps:
        raise ValueError
    return a


def _ndmin(x: Any, steps: int, features: int) -> Any:
    a = np.array(x, dtype=float, ndmin=3)
    if a.shape[1:] != (steps, features):
        raise ValueError
    return a


def _two_customers(x: Any, steps: int, features: int) -> Any:
    a = np.asarray(x, dtype=float)
    if a.ndim == 2 and a.shape[1] == features:
        return a.reshape(-1, steps, features)
    return right_ready(a, steps, features)


def _four_axes(x: Any, steps: int, features: int) -> Any:
    a = np.asarray(x, dtype=float)
    a = a[None] if a.ndim == 2 else a
    if a.ndim < 3 or a.shape[1] != steps or a.shape[2] != features:
        raise ValueError
    return a[..., 0] if a.ndim == 4 else a


def _two_axes(x: Any, steps: int, features: int) -> Any:
    right_ready(x, steps, features)
    return two_axes(x, steps, features)


PROOF = Proof(
    task="52.1",
    right=[_by_cases, _as_lists],
    wrong=[
        Wrong(ARTICLE["with_training_rows"], "x_train", "E63", status="error"),
        Wrong(ARTICLE["as_in_the_article"], "name 'np' is not defined", "E64", status="error"),
        Wrong(lambda x, steps, features: np.array(x), "one context of 5 numbers", "E65"),
        Wrong(_one_step, "got array([[[1., 2., 3., 4., 5.]]])", "E65", silent=True),
        Wrong(_any_steps, "10 steps were asked for", "E66", silent=True),
        Wrong(_cut_and_filled, "of shape (1, 1, 5), 10, 5) must raise", "E66", silent=True),
        Wrong(_reshaped, "to reshape it would mix up its numbers", silent=True),
        Wrong(_checks_steps_alone, "shape (2, 10, 4)", silent=True),
        Wrong(_asserts, "it stops, but by TypeError"),
        Wrong(_ndmin, "ones of shape (5,), 1, 5) must raise", silent=True),
        Wrong(_two_customers, "made into two customers of 10", silent=True),
        Wrong(_four_axes, "shape (1, 10, 5, 1)", silent=True),
        Wrong(_two_axes, "must have shape (1, 2, 2)"),
        Wrong(whole_numbers, "must be a float array", silent=True),
    ],
)
