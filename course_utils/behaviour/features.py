"""From actions to numbers: codes with a place for what is unknown, hours on a circle, chances."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from course_utils.errors import CourseError

PAD, UNKNOWN = 0, 1
"""Codes of no step, and of a value that training has not seen."""


class Vocabulary:
    """Whole numbers for the values of a column: 0 padding, 1 unknown, from 2 on those seen.

    Args:
        seen: values of training rows; the codes follow their sorted order.
    """

    def __init__(self, seen: Iterable[str]) -> None:
        self._code = {value: code for code, value in enumerate(sorted(set(seen)), UNKNOWN + 1)}

    def __len__(self) -> int:
        """How many codes there are, padding and unknown included: rows of an embedding."""
        return len(self._code) + UNKNOWN + 1

    def codes(self, values: Iterable[str]) -> np.ndarray:
        """The code of each value, ``[n]``; ``UNKNOWN`` for one that was not seen."""
        return np.array([self._code.get(value, UNKNOWN) for value in values], dtype=np.int64)


def on_a_circle(values: npt.ArrayLike, period: float) -> np.ndarray:
    """Sine and cosine of a time that comes back, ``[..., 2]``: 23 o'clock lies beside 0.

    Args:
        values: such as hours, any shape; period: after which they begin again, such as 24.
    """
    angle = 2 * np.pi * np.asarray(values, dtype=float) / period
    return np.stack([np.sin(angle), np.cos(angle)], axis=-1)


def markov_table(
    last: npt.ArrayLike, after: npt.ArrayLike, n: int, strength: float = 1.0
) -> np.ndarray:
    """Chances of what comes after each state, ``[n, n]``; rows sum to 1.

    Each row is shrunk to the chances of all transitions together, which count like ``strength``
    transitions more: a state that was never left has those.

    Args:
        last, after: codes from 0 to n - 1 of the state and of what followed, ``[m]``.
        n: states; strength: above 0.

    Raises:
        CourseError: if there are no transitions, or strength is not above 0.
    """
    state, following = np.asarray(last), np.asarray(after)
    if not len(state) or strength <= 0:
        raise CourseError("markov_table needs a transition or more, and a strength above 0.")
    counts = np.zeros((n, n))
    np.add.at(counts, (state, following), 1.0)
    overall = counts.sum(axis=0) / counts.sum()
    return (counts + strength * overall) / (counts.sum(axis=1, keepdims=True) + strength)


def without_weights(chances: npt.ArrayLike, weights: npt.ArrayLike) -> np.ndarray:
    """What a model trained with class weights w says, made probabilities again: p(k) ~ q(k) / w(k).

    Weighted cross-entropy is least where q(k) ~ w(k) p(k) (C. Elkan: The Foundations of
    Cost-Sensitive Learning, IJCAI 2001, gives the case of two classes).

    Args:
        chances: what the model says, ``[n, k]``; weights: of the classes in its loss, ``[k]``.
    """
    q = np.asarray(chances, dtype=float) / np.asarray(weights, dtype=float)
    return np.asarray(q / q.sum(axis=1, keepdims=True))
