"""Lesson 40: what its checks share: an answer that is one array."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.reading import as_array


def compare_arrays(
    answer: Any,
    name: str,
    arguments: Sequence[str],
    cases: Sequence[Case],
    right: Callable[..., np.ndarray],
    mistakes: Mapping[str, Callable[..., Any]],
    edges: Sequence[Case] = (),
) -> None:
    """Hold an answer of one array against the right one; its arguments stay as they are.

    Args:
        answer: the learner's function. name, arguments: what the text calls it and them.
        cases: arguments of its calls. right: gives the right array. mistakes: words -> a slip.
        edges: more calls, asked after the others, so that a slip shows before an edge hides it.
    """

    def told(case: Case) -> str:
        return call_of(name, case)

    for asked in (cases, [*cases, *edges]):
        compare(
            leaving(answer, arguments, told),
            asked,
            right,
            lambda got, case: as_array(got, told(case), right(*case).shape),
            told,
            mistakes,
        )


def pairs_of_gradients() -> list[Case]:
    """Two gradients with and without conflict, of like and of unlike length, and their edges."""
    draw = np.random.default_rng(40)
    return [
        (np.array([1.0, 0.0]), np.array([-1.0, 2.0])),
        (np.array([3.0, 1.0]), np.array([-1.0, 1.0])),
        (np.array([2.0, 1.0]), np.array([1.0, 3.0])),
        (np.array([1.0, 0.0]), np.array([0.0, 10.0])),
        (np.array([4.0, 0.5]), np.array([1.0, 0.0])),
        (np.array([0.01, 0.02, -0.03]), np.array([0.5, -4.0, 0.25])),
        (draw.normal(size=5).round(3), draw.normal(size=5).round(3)),
        (draw.normal(size=4).round(3), -3 * draw.normal(size=4).round(3)),
        (np.array([1, -2, 2]), np.array([-2, 1, 2])),
    ]
