"""Task 22.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from answers import Proof, Wrong, silent
from course_utils.backend import tf
from course_utils.exercises.l22.cosine_slips import (
    MISTAKES,
    flat,
    nan_for_zero,
    right_cosine,
    with_added,
)


def _one_vector(g_i: Any, g_j: Any) -> Any:
    shapes = [
        np.shape(b if a is None else a) if not (a is None and b is None) else (0,)
        for a, b in zip(g_i, g_j, strict=True)
    ]
    a, b = (
        np.hstack(
            [
                np.zeros(s).ravel() if x is None else x.ravel()
                for s, x in zip(shapes, g, strict=True)
            ]
        )
        for g in (g_i, g_j)
    )
    norms = np.linalg.norm(a), np.linalg.norm(b)
    return np.float64(0) if 0 in norms else np.dot(a / norms[0], b / norms[1])


def _number_by_number(g_i: Any, g_j: Any) -> float:
    dot = size_i = size_j = 0.0
    for a, b in zip(g_i, g_j, strict=True):
        if a is None and b is None:
            continue
        a = np.zeros(b.shape) if a is None else a
        b = np.zeros(a.shape) if b is None else b
        for x, y in zip(a.flat, b.flat, strict=True):
            dot, size_i, size_j = dot + x * y, size_i + x * x, size_j + y * y
    return float(dot / math.sqrt(size_i) / math.sqrt(size_j)) if size_i * size_j else 0.0


def _from_sums(g_i: Any, g_j: Any) -> Any:
    """By polarisation: 4 ab = (a + b)^2 - (a - b)^2, in units of the largest number."""
    given = [np.abs(one).max() for one in (*g_i, *g_j) if one is not None]
    unit = max(given, default=0) or 1
    pairs = [
        [0 if one is None else one / unit for one in two] for two in zip(g_i, g_j, strict=True)
    ]
    plus, minus = (sum(np.sum((a + s * b) ** 2) for a, b in pairs) for s in (1, -1))
    left, right = (sum(np.sum(np.square(pair[k])) for pair in pairs) for k in (0, 1))
    if left == 0 or right == 0:
        return 0
    return np.array([(plus - minus) / 4 / np.sqrt(left * right)])


def _fills_the_blanks(g_i: Any, g_j: Any) -> float:
    """Zeros are put into the list that came."""
    for k, (a, b) in enumerate(zip(g_i, g_j, strict=True)):
        g_i[k] = np.zeros(np.shape(b)) if a is None else a
    return right_cosine(g_i, g_j)


def _scales_in_place(g_i: Any, g_j: Any) -> float:
    found = right_cosine(g_i, g_j)
    for one in g_j:
        if one is not None and one.dtype == float:
            one /= 2
    return found


def _close_to_zero(g_i: Any, g_j: Any) -> Any:
    a, b = flat(g_i, g_j)
    length = np.linalg.norm(a) * np.linalg.norm(b)
    return 0.0 if np.isclose(length, 0) else a @ b / length


def _with_tensorflow(g_i: Any, g_j: Any) -> float:
    """Whole gradients as tensors, None as zeros of the other's shape."""
    pairs = [(a, b) for a, b in zip(g_i, g_j, strict=True) if not (a is None and b is None)]
    if not pairs:
        return 0.0
    a = [tf.constant(np.zeros_like(q) if p is None else p) for p, q in pairs]
    b = [tf.constant(np.zeros_like(p) if q is None else q) for p, q in pairs]
    one, other = (tf.concat([tf.reshape(x, [-1]) for x in side], 0) for side in (a, b))
    length = tf.norm(one) * tf.norm(other)
    return float(tf.reduce_sum(one * other) / length) if length > 0 else 0.0


def _only_full_pairs(g_i: Any, g_j: Any) -> Any:
    """None becomes nan, and nan makes the result."""
    a, b = (np.concatenate([np.ravel(np.array(x, float)) for x in g]) for g in (g_i, g_j))
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b) if a.shape == b.shape else np.nan


PROOF = Proof(
    task="22.2",
    right=[_one_vector, _number_by_number, _from_sums, _with_tensorflow],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda g_i, g_j: round(right_cosine(g_i, g_j), 3), "to 3 decimals", silent=True),
        Wrong(lambda g_i, g_j: round(right_cosine(g_i, g_j), 6), "to 6 decimals", silent=True),
        Wrong(
            with_added(1e-8), "if a gradient of 1e-9 is lost: a small number is added", silent=True
        ),
        Wrong(_close_to_zero, "a length below about 1e-8 is taken for 0 (np.isclose", silent=True),
        Wrong(nan_for_zero, "np.array([[3.0]])]) must be 0.0, got nan"),
        Wrong(_only_full_pairs, "[None, np.array([[0.0, -0.3], [-0.8, -0.3], [0.0, -0.3]]), np."),
        Wrong(_fills_the_blanks, "your function changes `g_i`", silent=True),
        Wrong(_scales_in_place, "your function changes `g_j`", silent=True),
        Wrong(lambda g_i, g_j: [right_cosine(g_i, g_j)] * 2, "must be one number, got list"),
        Wrong(lambda g_i, g_j: None, "Did you forget a return?"),
    ],
)
