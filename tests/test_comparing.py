"""How checks compare: one tolerance, and messages that say what differs and why."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course_utils.exercises.asking import Answer, Rejected
from course_utils.exercises.comparing import compare, explain, leaving
from course_utils.exercises.engine import Task, Verdict
from course_utils.exercises.reading import as_array, as_number
from course_utils.exercises.tolerance import apart, near, rounded_to, same

DRAWN = np.random.default_rng(7).random(200)


def test_32_bit_numbers_and_their_sums_are_right() -> None:
    assert same(DRAWN.astype(np.float32), DRAWN)
    assert same(float(DRAWN.astype(np.float32).sum()), float(DRAWN.sum()))
    assert same(sum(DRAWN.astype(np.float32).tolist()) / 200, float(DRAWN.mean()))


def test_six_decimals_and_a_cut_at_1e_7_are_wrong() -> None:
    assert not same(DRAWN.round(6), DRAWN)
    assert not same(round(0.0123456789, 6), 0.0123456789)
    assert not same(max(2e-9, 1e-7), 2e-9)
    assert not same(-np.log(1e-7), -np.log(1e-20))


@pytest.mark.parametrize(
    ("got", "want", "equal"),
    [
        (0.3, 0.1 + 0.2, True),
        (0.0, 1e-10, True),
        (np.array([1.0, -np.inf]), np.array([1.0, -np.inf]), True),
        (np.array([1.0, -1e9]), np.array([1.0, -np.inf]), False),
        ([1.0, 2.0], np.array([[1.0, 2.0]]), False),
        (np.nan, np.nan, False),
        ({"a": 0.3}, {"a": 0.1 + 0.2}, True),
        ({"a": 1}, {"b": 1}, False),
        ({"a": 1}, 1, False),
        (["a"], ["a"], True),
        (["a", 1.0], ["a", 1.0 + 1e-9], True),
        (["a"], ["a", "b"], False),
        ([], ["a"], False),
        (None, None, True),
        (None, 0.0, False),
        (0.0, None, False),
        ("1", 1, False),
    ],
)
def test_same(got: Any, want: Any, equal: bool) -> None:
    assert same(got, want) is equal


@pytest.mark.parametrize("other", [0.1035072, 0.10350721, 0.10350720000001, 0.1035071999999999])
def test_two_numbers_that_differ_look_different(other: float) -> None:
    want, got = apart(0.10350719, other)
    assert want != got


def test_rounding_is_recognised_by_one_number_of_decimals() -> None:
    assert rounded_to([DRAWN.round(6)], [DRAWN]) == 6
    assert rounded_to([{"a": 0.33}, 0.67], [{"a": 1 / 3}, 2 / 3]) == 2
    assert rounded_to([0.33, 0.667], [1 / 3, 2 / 3]) is None
    assert rounded_to([["a"]], [["a"]]) is None
    assert rounded_to([{"a": 0.33}, {}], [{"a": 1 / 3}, {}]) == 2
    assert rounded_to([{"a": 0.33}, {}], [{"a": 1 / 3}, {"b": 1.0}]) is None


def test_near_looks_at_what_has_numbers() -> None:
    assert near([{"a": 0.33333}, {}], [{"a": 1 / 3}, {}])
    assert not near([{"a": 0.33333}, {}], [{"a": 1 / 3}, {"b": 1.0}])
    assert not near([["a"], []], [["a"], []])


@pytest.mark.parametrize(
    ("got", "want"),
    [
        ((None, None), (None, 0.7)),
        ((0.7, None), (None, 0.7)),
        ({"a": (None, 0.5), "b": (0.75, 1.0)}, {"a": (None, 0.5), "b": (0.875, 1.15)}),
        (("b", 0.5), ("a", 0.5)),
        (np.array([None, 0.2], object), [None, 0.3]),
    ],
)
def test_a_result_that_holds_none_is_not_left_out(got: Any, want: Any) -> None:
    """Beside results that agree, a wrong rule is not called rounding."""
    assert not near([got, 0.5], [want, 0.5])
    assert rounded_to([got, 0.33], [want, 1 / 3]) is None
    explained = explain([(0,), (1,)], [got, 0.5], lambda at: [want, 0.5][at], {}, 0)
    assert explained == ""


def test_rounding_is_recognised_beside_none() -> None:
    assert rounded_to([{"a": (None, 0.33)}, {"b": None}], [{"a": (None, 1 / 3)}, {"b": None}]) == 2
    assert near([("a", [0.33333, None])], [("a", (1 / 3, None))])


def test_a_huge_number_is_told_in_short() -> None:
    assert apart(-np.inf, -1e300) == ("-inf", "-1e+300")
    assert apart(1e12, 1.00001e12) == ("1e+12", "1.00001e+12")
    assert apart(-np.inf, 1.0) == ("-inf", "1")


def test_a_whole_number_is_told_whole() -> None:
    assert apart(4.0, 3.0) == ("4", "3")
    assert apart(4.0, 4.00001) == ("4", "4.00001")
    assert apart(0.5, -0.0) == ("0.5000", "0")
    assert apart(123456789.0, 123456790.0) == ("123456789", "123456790")


CASES = [(1.0, 3.0), (2.0, 3.0), (1.0, 8.0)]


def _divide(a: float, b: float) -> np.ndarray:
    return np.array([a / b, a])


MISTAKES = {
    "You divide the other way round.": lambda a, b: np.array([b / a, a]),
    "the second is squared": lambda a, b: np.array([a / b, a * a]),
    "You have no result for 2.": lambda a, b: np.array([np.nan if a == 2 else a - b, a]),
}


def _check(answer: Any) -> None:
    compare(
        answer,
        CASES,
        _divide,
        lambda value, case: as_array(value, _shown(case), (2,)),
        _shown,
        MISTAKES,
    )


def _shown(case: Any) -> str:
    return f"divide{case}"


def _verdict(answer: Any) -> Verdict:
    return Task("99.5", "", _check, ("one", "two", "three")).check(answer)


def test_a_right_answer_passes_also_in_32_bits() -> None:
    assert _verdict(_divide).status == "correct"
    assert _verdict(lambda a, b: np.float32([a / b, a])).status == "correct"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda a, b: [b / a, a], "at place 0 it must be 0.3333, got 3. You divide the other"),
        (lambda a, b: [a / b, a * a], "divide(2.0, 3.0): at place 1 it must be 2, got 4."),
        (lambda a, b: [a / b, a * a], "It looks as if the second is squared."),
        (lambda a, b: [round(a / b, 4), a], "You rounded to 4 decimals. Do not round."),
        (lambda a, b: [round(a / b, 4), a], "must be 0.33333, got 0.33330"),
        (lambda a, b: [a / b + 1e-5, a], "do not round, also not on the way, and add no small"),
        (lambda a, b: [a - b, a], "at place 0 it must be 0.3333, got -2."),
    ],
)
def test_a_wrong_answer_is_told_where_and_why(answer: Any, says: str) -> None:
    verdict = _verdict(answer)
    assert verdict.status == "incorrect" and says in verdict.message, verdict.message


def test_a_mistake_is_named_where_it_has_a_number_before_one_where_it_has_none() -> None:
    def check(answer: Any) -> None:
        def read(got: Any, case: Any) -> float:
            return as_number(got, f"half{case}")

        mistakes = {"it is turned round": lambda x: np.nan if x == 0 else 2 / x}
        mistakes["it is squared"] = lambda x: x * x
        compare(answer, [(1.0,), (4.0,), (0.0,)], lambda x: x / 2, read, str, mistakes)

    task = Task("99.1", "", check, ("one", "two", "three"))
    message = task.check(lambda x: 2 / x if x else np.nan).message
    assert message == "(1.0,) must be 0.5000, got 2. It looks as if it is turned round."
    assert "half(0.0,) must be a finite number" in task.check(lambda x: x * x or np.nan).message
    assert "half(0.0,) must be a finite number" in task.check(lambda x: x / 2 or np.nan).message


def test_a_mistake_must_explain_every_case() -> None:
    """One that fits the shown case only is not named; one without a result elsewhere is."""
    only_first = [np.array([3.0, 1.0]), np.array([9.0, 9.0]), np.array([9.0, 9.0])]
    assert explain(CASES, only_first, _divide, MISTAKES, 0) == ""
    gots = [np.array([a - b, a]) for a, b in CASES]
    assert explain(CASES, gots, _divide, MISTAKES, 0) == " You have no result for 2."
    assert explain(CASES, gots, _divide, MISTAKES, 1) == ""


def test_an_answer_that_keeps_something_between_calls_is_told_so() -> None:
    seen: list[float] = []

    def answer(a: float, b: float) -> list[float]:
        seen.append(a)
        return [a / b, a + (len(seen) > len(CASES))]

    assert "called again it gives another result" in _verdict(answer).message


def test_an_answer_that_changes_an_argument_is_rejected() -> None:
    def total(rows: list[int], more: list[int]) -> int:
        more.sort()
        return sum(rows) + sum(more)

    asked = leaving(Answer(total), ("rows", "more"), lambda case: f"total{case}")
    assert asked([2, 1], [1, 2]) == 6
    with pytest.raises(Rejected) as rejected:
        asked([2, 1], [2, 1])
    assert rejected.value.message == (
        "total([2, 1], [2, 1]): your function changes `more`, and whoever called it goes on with "
        "that. Leave the arguments as they are: work on a copy."
    )
