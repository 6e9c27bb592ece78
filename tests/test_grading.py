"""A learner's check is graded: what it refuses, what escapes, and in which words."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from course_utils.exercises.asking import Answer, NotAttempted, Rejected
from course_utils.exercises.grading import Grade, grade, grading

Largest = Callable[[list[int]], Any]

RIGHT: dict[str, Largest] = {
    "sorts": lambda numbers: sorted(numbers)[-1],
    "returns NumPy numbers": lambda numbers: np.max(numbers),
}
WRONG: dict[str, Largest] = {
    "takes the last": lambda numbers: numbers[-1],
    "starts at 0": lambda numbers: max([0, *numbers]),
    "fails on one number": lambda numbers: max(numbers[0], *numbers[1:]),
}
TASK = grading("99.4", RIGHT, WRONG, ("one", "two", "three"), "Negative numbers are numbers.")


def _thorough(largest: Largest) -> None:
    assert largest([1, 3, 2]) == 3
    assert largest([-2, -1]) == -1
    assert largest([5]) == 5


def _lazy(largest: Largest) -> None:
    assert largest([1, 3, 2]) == 3


def _strict(largest: Largest) -> None:
    if type(largest([1, 3, 2])) is not int:
        raise TypeError("no int")
    _thorough(largest)


def _accepts_all(largest: Largest) -> bool:
    return True


def _refuses_all(largest: Largest) -> bool:
    return False


def _grade(check: Callable[[Largest], Any]) -> Grade:
    return grade(Answer(check), RIGHT, WRONG)


def test_a_thorough_check_is_right_however_it_says_so() -> None:
    for check in (
        _thorough,
        lambda f: f([1, 3, 2]) == 3 and f([-2, -1]) == -1 and f([5]) == 5,
        lambda f: np.bool_(all(f(numbers) == max(numbers) for numbers in ([1, 3, 2], [-1], [5]))),
    ):
        verdict = TASK.check(check)
        assert (verdict.status, verdict.message) == ("correct", "Negative numbers are numbers.")


def test_checks_are_ranked() -> None:
    scores = [_grade(one).score for one in (_thorough, _strict, _lazy, _accepts_all, _refuses_all)]
    assert scores == [1.0, 0.5, pytest.approx(1 / 3), 0.0, 0.0]
    assert [_grade(one).caught for one in (_thorough, _lazy, _accepts_all)] == [3, 1, 0]


@pytest.mark.parametrize(
    ("check", "message"),
    [
        (
            _lazy,
            "It accepts 2 of 2 right answers and catches 1 of 3 wrong ones.\n"
            "Your check accepts an answer that starts at 0.\n"
            "Your check accepts an answer that fails on one number.",
        ),
        (
            _strict,
            "It accepts 1 of 2 right answers and catches 3 of 3 wrong ones.\n"
            "Your check refuses a right answer, one that returns NumPy numbers "
            "(TypeError: no int).",
        ),
        (
            _accepts_all,
            "Your check accepts every answer, the 3 wrong ones too. What would have to come back "
            "for it to fail? Is an `assert` or a `return` missing?",
        ),
        (
            _refuses_all,
            "Your check refuses every answer, the 2 right ones too: it returned False.",
        ),
        (
            lambda f: f.no_such_name,
            "Your check refuses every answer, the 2 right ones too: AttributeError: 'function' "
            "object has no attribute 'no_such_name'.",
        ),
        (
            lambda f: f([1, 3, 2]),
            "Your check returned int 3. It refuses an answer by a failing `assert` or by "
            "returning False, and accepts it by returning True, or nothing.",
        ),
    ],
)
def test_messages(check: Callable[[Largest], Any], message: str) -> None:
    verdict = TASK.check(check)
    assert verdict.status == "incorrect"
    assert re.sub(r", in line \d+: [^\n]*?(\)?\.)$", r"\1", verdict.message) == message


def test_a_failed_assert_is_named_by_its_line() -> None:
    """Of several asserts, which one; of a bug in the test itself, where."""

    def with_two(largest: Largest) -> None:
        assert largest([1]) == 1
        assert largest([1, 2]) == 3

    line = with_two.__code__.co_firstlineno + 2
    message = TASK.check(with_two).message
    assert message.endswith(f", in line {line}: assert largest([1, 2]) == 3.")

    def with_a_bug(largest: Largest) -> None:
        int(f"{largest([5])} is no number")

    assert f"in line {with_a_bug.__code__.co_firstlineno + 1}: int(" in (
        TASK.check(with_a_bug).message
    )


def test_a_check_without_a_seed_is_found() -> None:
    draws = iter([True] * 2 + [False] * 3 + [False])

    def unsteady(largest: Largest) -> bool:
        return next(draws, random.random() < 0)

    assert "decides differently" in TASK.check(unsteady).message

    def never_twice(largest: Largest) -> bool:
        return next(other) and largest([1, 3, 2]) == 3

    other = iter([True] * 6 + [False] * 4)
    assert "decides differently" in TASK.check(never_twice).message, "also where some escape"


def test_inputs_that_an_answer_changed_are_found() -> None:
    """A check that keeps its inputs hands the second run what a wrong answer left of them."""

    def sorts_in_place(numbers: list[int]) -> int:
        numbers.sort()
        return numbers[-1]

    kept = [2, 3, 1]

    def with_kept(largest: Largest) -> None:
        before = list(kept)
        assert largest(kept) == 3 and kept == before

    wrong = {"takes the last": WRONG["takes the last"], "changes its argument": sorts_in_place}
    task = grading("99.5", RIGHT, wrong, ("one", "two", "three"), "Copies.")
    assert "make its inputs anew in each call" in task.check(with_kept).message


def test_a_blank_is_no_attempt() -> None:
    assert TASK.check(...).status == "not attempted"
    assert TASK.check(lambda largest: ...).status == "not attempted"
    with pytest.raises(NotAttempted):
        _grade(lambda largest: ...)
    with pytest.raises(Rejected, match="returned str 'yes'"):
        _grade(lambda largest: "yes")


def test_its_id_says_what_it_is() -> None:
    assert TASK.id == "99.4 check" and "99.4" in TASK.prompt
