"""The call that a message shows is code: run, it makes the same arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils.exercises.calls import call_of, code_of, with_lines
from course_utils.exercises.tolerance import unchanged


@pytest.mark.parametrize(
    "value",
    [
        np.array([1.0, np.nan]),
        np.array([[1, 2]]),
        {"a": np.array([0.5]), frozenset("ba"): [(1,), ()]},
        ("x", None, True, [np.zeros(0)]),
        [np.zeros((0, 3), int), np.array([], bool), np.array([], np.uint64), np.zeros((2, 0))],
        "it's",
        {"b", "a"},
        set(),
        np.ones((300, 1), np.int8),
        np.full(40, 0.5),
        np.tile([0.2, 0.7, 0.0], 12),
        np.tile(np.array([1, 0], np.uint8), 9),
        np.arange(18.0),
    ],
)
def test_code_makes_the_value_again(value: Any) -> None:
    assert unchanged(value, eval(code_of(value), {"np": np}))


def test_a_call_and_its_lines() -> None:
    assert call_of("f", (np.array([1]), "a")) == "f(np.array([1]), 'a')"
    assert with_lines(x=[1], y=None) == "With\n    x = [1]\n    y = None\n"


def test_a_long_array_of_a_few_numbers_is_told_in_short() -> None:
    assert code_of(np.ones((300, 1), np.int8)) == "np.full((300, 1), 1, dtype=np.int8)"
    assert code_of(np.tile([0.2, 0.7, 0.0], 12)) == "np.tile(np.array([0.2, 0.7, 0.0]), 12)"
    assert code_of({"b", "a"}) == "{'a', 'b'}"
