"""The four outcomes of a check, and everything a learner's code can do to it."""

from __future__ import annotations

import contextlib
import dataclasses
import signal
import sys
import threading
import time
import warnings
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from course_utils import exercises
from course_utils.errors import CourseError
from course_utils.exercises import engine
from course_utils.exercises.asking import Answer, Rejected, reject
from course_utils.exercises.engine import Task
from course_utils.exercises.markers import GRADED
from course_utils.exercises.reading import (
    among,
    as_array,
    as_list,
    as_number,
    as_number_or_none,
    has_parts,
    holds_nan,
    is_whole,
    pair_of,
)
from course_utils.exercises.sorting import Sentence, check_sorted
from course_utils.exercises.theirs import show_inputs, show_table, strange_in


def _check_double(answer: Any) -> None:
    numbers = [1, 2, 3]
    got = as_list(answer(numbers), "double(numbers)")
    assert numbers == [1, 2, 3], "the check's own data were changed"
    if got != [2, 4, 6]:
        reject(
            f"double([1, 2, 3]) must be [2, 4, 6], got {got}.", "E1" if got == [1, 2, 3] else None
        )


TASK = Task(
    id="99.1",
    prompt="Double each number.",
    check_answer=_check_double,
    hints=("one", "two", "three"),
    insight="Twice is enough.",
    errata={"E1": "nothing is doubled"},
    crashes={"no_such_function": "E1"},
)


def test_correct() -> None:
    verdict = TASK.check(lambda numbers: [2 * one for one in numbers])
    assert (verdict.status, verdict.message, verdict.erratum) == (
        "correct",
        "Twice is enough.",
        None,
    )


@pytest.mark.parametrize(
    ("answer", "changed"),
    [
        (lambda table, numbers, named: table.__delitem__("x") or 1, "`table`"),
        (lambda table, numbers, named: numbers.__setitem__(0, 0.0) or 1, "`numbers`"),
        (lambda table, *rest, named: named["a"].append(1) or 1, "`named`"),
        (lambda table, *rest, named: rest[0].__setitem__(0, 0.0) or 1, "2"),
        (lambda *given, **named: named["named"].update(b=[]) or 1, "`named`"),
    ],
)
def test_a_right_answer_that_changes_what_it_was_given_is_told(answer: Any, changed: str) -> None:
    given = pd.DataFrame({"x": [1, 2]}), np.array([np.nan, 1.0]), {"a": [object()]}

    def check_answer(answer: Any) -> None:
        assert answer(*given[:2], named=given[2]) == 1

    task = Task("99.2", "One.", check_answer, ("one", "two", "three"), insight="One.")
    assert task.check(lambda table, numbers, named: 1).message == "One."
    verdict = task.check(answer)
    assert verdict.status == "correct"
    told = f"One.\nOne thing besides: your function changes its argument {changed}. Whoever calls"
    assert verdict.message.startswith(told)
    free = dataclasses.replace(task, may_change=True)
    assert free.check(answer).message == "One."


def test_incorrect_says_what_was_expected_and_names_the_erratum() -> None:
    verdict = TASK.check(lambda numbers: numbers)
    assert verdict.status == "incorrect"
    assert "must be [2, 4, 6], got [1, 2, 3]" in verdict.message
    assert "The article makes this mistake: nothing is doubled" in verdict.message
    assert verdict.erratum == "E1"


@pytest.mark.parametrize("answer", [..., lambda numbers: ..., lambda numbers: (..., 1)])
def test_a_blank_is_not_attempted(answer: Any) -> None:
    assert TASK.check(answer).status == "not attempted"


def test_their_exception_is_theirs_with_its_line() -> None:
    def answer(numbers: list[int]) -> list[int]:
        table = {1: 2}
        return [table[one] for one in numbers]  # this line

    verdict = TASK.check(answer)
    assert verdict.status == "error"
    assert "For ([1, 2, 3]) your code raised KeyError: 2" in verdict.message
    assert "return [table[one] for one in numbers]" in verdict.message
    line = answer.__code__.co_firstlineno + 2
    assert f"line {line}" in verdict.message


def test_an_exception_inside_a_library_shows_their_line() -> None:
    def answer(numbers: list[int]) -> Any:
        return pd.DataFrame({"n": numbers})["m"]

    message = TASK.check(answer).message
    assert "KeyError" in message and 'pd.DataFrame({"n": numbers})["m"]' in message


def test_a_crash_of_the_article_is_named() -> None:
    verdict = TASK.check(lambda numbers: np.no_such_function(numbers))
    assert (verdict.status, verdict.erratum) == ("error", "E1")


def test_a_wrong_word_for_the_articles_phrase_is_not_the_articles_mistake() -> None:
    task = Task(
        "99.3", "", lambda answer: reject("No.", "E1"), (), takes="data", errata={"E1": "x"}
    )
    assert task.check(1).message == "No.\nThis is about a mistake of the article: x."


def test_arrays_and_tables_among_the_inputs_are_told_in_short() -> None:
    small, long = pd.DataFrame({"n": [1, 2]}, index=[7, 7]), pd.DataFrame({"n": range(50)})
    assert show_inputs((small, long, np.zeros((3, 2)), 2.5)) == (
        "(<table of index: [7, 7], n: [1, 2]>, <table of 50 rows>, <array of shape (3, 2)>, 2.5)"
    )
    assert show_table(small.reset_index(drop=True)) == "<table of n: [1, 2]>"


def test_wrong_signature() -> None:
    verdict = TASK.check(lambda: [2, 4, 6])
    assert verdict.status == "error"
    assert "could not be called with ([1, 2, 3]) as the task says" in verdict.message


def test_leaving_the_kernel_is_an_error() -> None:
    assert TASK.check(lambda numbers: sys.exit()).status == "error"


def _interrupts(numbers: list[int]) -> None:
    raise KeyboardInterrupt


def test_an_answer_that_raises_keyboard_interrupt_is_an_error() -> None:
    """No signal came: the code raised it, not the reader."""
    verdict = TASK.check(_interrupts)
    assert verdict.status == "error" and "your code raised KeyboardInterrupt" in verdict.message


def _press_stop(numbers: list[int]) -> list[int]:
    signal.raise_signal(signal.SIGINT)  # what Ctrl-C and the stop button send
    return [2 * one for one in numbers]


def _press_stop_and_swallow(numbers: list[int]) -> list[int]:
    with contextlib.suppress(BaseException):
        signal.raise_signal(signal.SIGINT)
    return [2 * one for one in numbers]


@pytest.mark.parametrize("answer", [_press_stop, _press_stop_and_swallow])
def test_the_readers_interrupt_still_stops_the_cell(answer: Any) -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        TASK.check(answer)
    assert signal.getsignal(signal.SIGINT) is before


def test_in_another_thread_an_interrupt_is_the_answers_own() -> None:
    verdicts: list[Any] = []
    thread = threading.Thread(target=lambda: verdicts.append(TASK.check(_interrupts)))
    thread.start()
    thread.join()
    assert verdicts[0].status == "error"


def test_closing_the_output_closes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    def answer(numbers: list[int]) -> list[int]:
        print("before")
        sys.stdout.close()
        print("after")
        return [2 * one for one in numbers]

    assert TASK.check(answer).status == "correct"
    assert capsys.readouterr().out == "before\nafter\n"


class Unlucky:
    """A callable that has no attribute to look at, and fails."""

    def __call__(self, numbers: list[int]) -> None:
        raise ValueError("no")

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


def test_a_callable_that_cannot_be_looked_at_ends_in_words() -> None:
    verdict = TASK.check(Unlucky())
    assert (verdict.status, verdict.message) == (
        "error",
        "For ([1, 2, 3]) your code raised ValueError: no.",
    )


class Exits:
    """Leaves the kernel as soon as anybody reads it."""

    def __array__(self, *args: Any, **kwargs: Any) -> np.ndarray:
        raise SystemExit

    def __deepcopy__(self, memo: Any) -> Any:
        raise SystemExit

    def __repr__(self) -> str:
        raise SystemExit

    def __iter__(self) -> Any:
        raise SystemExit

    ndim = 1

    def tolist(self) -> list[Any]:
        raise SystemExit


@pytest.mark.parametrize("take", [as_number, as_array, as_list, lambda value, what: list(value)])
def test_a_result_that_leaves_the_kernel_is_an_error(take: Any) -> None:
    task = Task("99.2", "", lambda answer: take(answer([1]), "x") and None, ())
    verdict = task.check(lambda numbers: Exits())
    assert verdict.status == "error"
    assert "could not read what your function returned (SystemExit)" in verdict.message


def _own(source: str) -> Any:
    """A check as if it were one of the course's files."""
    code = compile(source, str(Path(engine.__file__).with_name("a_check.py")), "exec")
    names: dict[str, Any] = {"answer": None, "reject": reject}
    exec(code, names)
    return names["check"]


def test_what_fails_in_the_check_is_the_courses_fault() -> None:
    check = _own("def check(answer):\n    rows = answer([1])\n    return [0][rows[0]]")
    verdict = Task("99.5", "", check, ()).check(lambda numbers: [7])
    assert verdict.status == "error"
    assert verdict.message.startswith(
        "The check of 99.5 itself failed (IndexError: list index out of range, in line 3 of "
        "a_check.py). This is a fault of the course, not of your answer: please report it"
    )
    data = _own("def check(answer):\n    return [0][answer]")
    verdict = Task("99.5", "", data, (), takes="data").check(7)
    assert verdict.message.startswith("The check of 99.5 itself failed (IndexError")


class Cell:
    """A learner's class, of which nobody can ask whether it equals a number."""

    def __eq__(self, other: object) -> bool:
        raise ZeroDivisionError

    __hash__ = object.__hash__


def _nested() -> list[Any]:
    endless: list[Any] = []
    endless.append(endless)
    return endless


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (Cell(), "ZeroDivisionError"),
        ([Cell()], "ZeroDivisionError"),
        (pd.NA, "NAType"),
        ({"a": [pd.Series([1, pd.NA])]}, "NAType"),
        (pd.Series([1, None], dtype="Int64"), "NAType"),
        (np.ma.masked_array([1], [True]), "MaskedArray"),
        ({1j}, "complex"),
        (_nested(), "list"),
        (np.array([1, object()]), "object"),
    ],
)
def test_a_check_that_fails_on_a_strange_value_could_not_read_it(value: Any, what: str) -> None:
    check = _own(
        "def check(answer):\n    got = answer([1])\n"
        "    got = got[0] if type(got) is list else got\n"
        "    if got == 1:\n        pass\n    raise IndexError"
    )
    verdict = Task("99.5", "", check, ()).check(lambda numbers: value)
    assert verdict.status == "error"
    assert verdict.message == (
        f"The check could not read what your function returned ({what}). It must be of plain "
        "numbers, text, lists or arrays."
    )


@pytest.mark.parametrize(
    "value",
    [None, True, 10**400, Fraction(1, 3), "a", [(1, {"a": {2}})], np.zeros((2, 2)), np.array("a"),
     pd.DataFrame({"a": [1.5], "b": ["x"]}), pd.Index(["a"]), np.array([None, "a"]), np.float32(1)],
)  # fmt: skip
def test_plain_values_are_not_strange(value: Any) -> None:
    assert strange_in(value) is None


def test_data_that_leave_the_kernel_are_an_error_and_no_functions() -> None:
    task = Task("99.3", "", lambda answer: None, (), takes="data")
    verdict = task.check([Exits()])
    assert verdict.status == "error"
    assert "could not read your answer (SystemExit)" in verdict.message
    assert "function" not in verdict.message


def _yields(numbers: list[int]) -> Any:
    yield from (2 * one for one in numbers)


async def _waits(numbers: list[int]) -> list[int]:
    return [2 * one for one in numbers]


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (_yields, "generator"),
        (lambda numbers: map(lambda one: 2 * one, numbers), "map"),
        (_waits, "coroutine"),
    ],
)
@pytest.mark.filterwarnings("ignore:coroutine")
def test_a_lazy_result_is_an_error(answer: Any, what: str) -> None:
    verdict = TASK.check(answer)
    assert verdict.status == "error"
    assert f"returned a {what}, which computes nothing until it is asked" in verdict.message


def _nothing_for(which: Any) -> Task:
    def check(answer: Any) -> None:
        got = answer([1])
        as_number(got[0] if which == "item" else got, "x")

    return Task("99.4", "", check, ())


def test_a_forgotten_return_is_guessed_only_where_nothing_came_back() -> None:
    assert _nothing_for("whole").check(lambda numbers: None).message == (
        "x must be one number, got None. Did you forget a return?"
    )
    message = _nothing_for("item").check(lambda numbers: [None]).message
    assert message == "x must be one number, got None."


def test_none_for_some_inputs_only_is_no_forgotten_return() -> None:
    def check(answer: Any) -> None:
        for numbers in ([1], []):
            as_number(answer(numbers), f"f({numbers})")

    assert Task("99.4", "", check, ()).check(lambda numbers: sum(numbers) or None).message == (
        "f([]) must be one number, got None. For other inputs you return a value: what does your "
        "code do with these?"
    )


def test_an_argument_given_by_name_is_named_in_an_error() -> None:
    def check(answer: Any) -> None:
        assert answer(1, z=2) == 3
        answer(1, z="two")

    verdict = Task("99.4", "", check, ()).check(lambda x, z: x + z)
    assert verdict.status == "error"
    assert "For (1, 'two') your code raised TypeError" in verdict.message


def test_a_result_instead_of_the_function() -> None:
    verdict = TASK.check([2, 4, 6])
    assert verdict.status == "incorrect"
    assert 'check("99.1", f)' in verdict.message


def test_their_changes_stay_in_their_copy() -> None:
    def answer(numbers: list[int]) -> list[int]:
        for place in range(len(numbers)):
            numbers[place] *= 2
        return numbers

    assert TASK.check(answer).status == "correct"


def _shuffle(items: list[int]) -> int:
    items.append(items.pop(0))
    return len(items)


def _fill(array: np.ndarray) -> int:
    array[np.isnan(array)] = 0
    return array.size


def _swap(table: dict[str, Any]) -> int:
    table["a"] = table.pop("a")
    return len(table)


@pytest.mark.parametrize(
    ("function", "argument", "at"),
    [
        (_shuffle, [1, 2], 0),
        (_shuffle, [1, 1], None),
        (_shuffle, [1, True], 0),
        (len, [np.array([1.0, np.nan]), None, (np.nan, "a")], None),
        (_fill, np.array([1.0, np.nan]), 0),
        (_fill, np.array([1.0, -0.0]), None),
        (lambda a: a.sort() or 1, np.array(["b", "a"], dtype=object), 0),
        (lambda a: a.setflags(write=False) or 1, np.array([1, None], dtype=object), None),
        (lambda a: a.resize((2, 1)) or 1, np.array([1, 2]), 0),
        (_swap, {"a": np.zeros(2), "b": {"c": 1}}, 0),
        (_swap, {"b": frozenset("xy"), "a": np.zeros(2)}, None),
        (lambda a: a["b"].update(c=2) or 1, {"b": {"c": 1}}, 0),
        (lambda a: a[0].add(3) or 1, ({1, 2},), 0),
    ],
)
def test_a_changed_argument_is_noticed(function: Any, argument: Any, at: int | None) -> None:
    answer = Answer(function)
    assert answer.changed_at is None
    answer(argument)
    assert answer.changed_at == at


def test_the_first_changed_argument_of_the_last_call_counts() -> None:
    def function(one: list[int], two: list[int], three: list[int]) -> int:
        if one:
            two.clear()
            three.clear()
        return 1

    answer = Answer(function)
    answer([1], [2], [3])
    assert answer.changed_at == 1
    answer([], [2], [3])
    assert answer.changed_at is None
    answer.raised([1], [2])
    assert answer.changed_at is None


def _loop(numbers: Any) -> None:
    while True:
        pass


def _sleep(numbers: Any) -> None:
    time.sleep(3600)


def _swallow(numbers: Any) -> None:
    while True:
        try:
            time.sleep(0.001)
        except BaseException:
            continue


def _swallow_once_and_return(numbers: Any) -> list[int]:
    try:
        while True:
            pass
    except BaseException:
        return [2, 4, 6]


def _swallow_long_waits(numbers: Any) -> None:
    while True:
        try:
            time.sleep(60)
        except BaseException:
            continue


def _swallow_in_a_helper(numbers: Any) -> None:
    while True:
        try:
            _loop(numbers)
        except BaseException:
            continue


def _disarm(numbers: Any) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
    time.sleep(3600)


def _disarm_and_swallow(numbers: Any) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
    _swallow(numbers)


def _take_the_alarm(numbers: Any) -> None:
    signal.signal(signal.SIGALRM, lambda signum, frame: None)
    time.sleep(3600)


def _let_the_alarm_kill(numbers: Any) -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _loop(numbers)


needs_timer = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer on Windows")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(_disarm, marks=needs_timer),
        pytest.param(_disarm_and_swallow, marks=needs_timer),
        pytest.param(_take_the_alarm, marks=needs_timer),
        pytest.param(_let_the_alarm_kill, marks=needs_timer),
        _loop,
        _sleep,
        _swallow,
        _swallow_once_and_return,
        _swallow_long_waits,
        _swallow_in_a_helper,
    ],
)
def test_an_endless_answer_is_stopped(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "SECONDS", 0.3)
    verdict = TASK.check(answer)
    assert verdict.status == "error"
    assert "still running" in verdict.message


def test_the_limit_ends_with_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "SECONDS", 0.2)
    assert TASK.check(lambda numbers: [2 * one for one in numbers]).status == "correct"
    time.sleep(0.5)  # an alarm left behind would ring here


HUGE = 10**400


class Hostile:
    """Breaks whoever looks at it."""

    def __repr__(self) -> str:
        raise RuntimeError

    def __array__(self, *args: Any, **kwargs: Any) -> np.ndarray:
        raise RuntimeError


class HostileError(Exception):
    def __str__(self) -> str:
        raise RuntimeError


def _raise_hostile(numbers: Any) -> None:
    raise HostileError


@pytest.mark.parametrize(
    "result",
    [
        Hostile(),
        [Hostile()],
        [pd.NA],
        [np.array([1, 2])],
        [pd.Series([1, 2])],
        10**5000,
        [10**400],
        pd.DataFrame({"a": [1]}),
        np.array(["1"]),
        object,
    ],
    ids=lambda result: type(result).__name__,
)
def test_a_strange_result_ends_in_words(result: Any) -> None:
    for take in (as_number, as_array, as_list):
        task = Task("99.2", "", lambda answer, take=take: take(answer([1]), "x") and None, ())
        verdict = task.check(lambda numbers: result)
        assert verdict.message and len(verdict.message) < 500
    assert TASK.check(lambda numbers: result).status in ("incorrect", "error")


def test_a_strange_exception_ends_in_words() -> None:
    verdict = TASK.check(_raise_hostile)
    assert verdict.status == "error" and "HostileError, in line" in verdict.message


def test_a_changed_input_is_shown_as_it_was() -> None:
    def answer(numbers: list[int]) -> None:
        numbers.clear()
        raise ValueError("no")

    assert "For ([1, 2, 3]) your code raised ValueError: no" in TASK.check(answer).message


def test_what_an_answer_prints_is_shown_and_capped(capsys: pytest.CaptureFixture[str]) -> None:
    def answer(numbers: list[int]) -> list[int]:
        print("numbers:", numbers)
        print("x" * 100_000)
        return [2 * one for one in numbers]

    assert TASK.check(answer).status == "correct"
    printed = capsys.readouterr().out
    assert printed.startswith("numbers: [1, 2, 3]") and len(printed) == 2000


def test_settings_that_an_answer_changes_end_with_it() -> None:
    def answer(numbers: list[int]) -> list[int]:
        np.seterr(all="raise")
        warnings.simplefilter("error")
        return [2 * one for one in numbers]

    before = np.geterr(), list(warnings.filters)
    assert TASK.check(answer).status == "correct"
    assert (np.geterr(), list(warnings.filters)) == before


def test_raised_tells_what_a_call_raises() -> None:
    answer = Answer(lambda x: 1 / x)
    assert isinstance(answer.raised(0), ZeroDivisionError)
    assert answer.raised(1) is None


def test_hints() -> None:
    assert [TASK.hint(level) for level in (1, 2, 3)] == ["one", "two", "three"]
    with pytest.raises(ValueError, match="hints 1, 2 and 3"):
        TASK.hint(4)


@pytest.mark.parametrize(
    "value",
    [
        1,
        1.0,
        np.float32(1),
        np.int8(1),
        np.array(1),
        np.array([1.0]),
        [1],
        Fraction(1),
        Decimal("1.0"),
        [[Fraction(1)]],
        pd.Series([1]),
    ],
)
def test_as_number_takes_any_number(value: Any) -> None:
    assert as_number(value, "x") == 1.0


@pytest.mark.parametrize(
    "value",
    [None, "1", True, [True], [1, 2], np.nan, np.inf, {}, [], object(), 1j, [None], 10**400],
)
def test_as_number_rejects(value: Any) -> None:
    with pytest.raises(Rejected):
        as_number(value, "x")


def test_as_array_checks_shape_and_numbers() -> None:
    assert as_array([[1, 2]], "x", (1, 2)).tolist() == [[1.0, 2.0]]
    assert as_array([[Fraction(1, 2), 2]], "x", (1, 2)).tolist() == [[0.5, 2.0]]
    assert as_array([-np.inf], "x", infinite=True).tolist() == [-np.inf]
    for bad in ([1, 2], None, [["a", "b"]], [[1, np.nan]], [[1, np.inf]]):
        with pytest.raises(Rejected):
            as_array(bad, "x", (1, 2))


def test_as_list_takes_sequences_only() -> None:
    for good in (["a"], ("a",), np.array(["a"]), pd.Series(["a"]), pd.Index(["a"])):
        assert as_list(good, "x") == ["a"]
    for bad in (None, "a", {"a"}, {"a": 1}, (one for one in "a"), 3):
        with pytest.raises(Rejected):
            as_list(bad, "x")


def test_none_is_told_where_nan_stands_in_its_place() -> None:
    assert as_number_or_none(None, "x", none=True) is None
    assert as_number_or_none(2, "x", none=False) == 2.0
    for value in (np.nan, np.float32("inf"), [np.nan]):
        with pytest.raises(Rejected, match=r"x must be None, got (nan|inf)"):
            as_number_or_none(value, "x", none=True)
        with pytest.raises(Rejected, match="x must be a finite number"):
            as_number_or_none(value, "x", none=False)


def test_what_a_value_is_can_be_asked_of_any_value() -> None:
    words = {"a", "b"}
    assert among("a", words) and among(("a", 1), [("a", 1)]) and among(None, (None, ""))
    odd = ("c", None, ["a"], {}, {"a"}, np.array(["a", "b"]), pd.NA, ("a", []), HUGE)
    assert not any(among(one, words) for one in odd)
    assert all(map(is_whole, (1, -1, 2.0, np.int8(3), np.float32(4), Fraction(4, 2))))
    odd = (True, np.True_, 1.5, np.nan, np.inf, HUGE, "1", None, [1], np.array([1]), 1j)
    assert not any(map(is_whole, odd))
    assert (
        has_parts((1, 2), 2)
        and has_parts(np.zeros((2, 3)), 2)
        and pair_of([1, 2], "f", "") == (1, 2)
    )
    assert not any(has_parts(one, 2) for one in ([1], "ab", {1, 2}, np.array("ab"), None))
    with pytest.raises(Rejected, match="f must return a pair"):
        pair_of(np.array(1), "f", "a pair")
    assert holds_nan(np.nan) and holds_nan([[1, np.nan]]) and not holds_nan([np.inf, HUGE])
    assert not any(map(holds_nan, ([], None, "nan", [[1], [1, 2]])))


def test_numbers_counted_from_0_are_told_so() -> None:
    sentences = {1: Sentence("one", "A", ""), 2: Sentence("two", "B", "")}
    with pytest.raises(Rejected, match="You count from 0: a sentence has the number"):
        check_sorted({0: "A", 1: "B"}, sentences, {"A": "a", "B": "b"})
    with pytest.raises(Rejected, match="There is no entry for 2"):
        check_sorted({1: "A"}, sentences, {"A": "a", "B": "b"})
    check_sorted({"1": "a", 2: "B"}, sentences, {"A": "a", "B": "b"})


def test_a_sum_that_an_array_of_whole_numbers_cannot_hold_is_explained() -> None:
    def answer(numbers: list[int]) -> np.ndarray:
        doubled = np.array(numbers)
        doubled += 0.5
        return doubled

    message = TASK.check(answer).message
    assert "keep the array's type" in message and "doubled += 0.5" in message


def test_finding_tasks() -> None:
    ids = [one.id for one in exercises.all_tasks()]
    # A task whose answer is a test, "53.4 check", stands behind its own.
    assert ids == sorted(
        ids, key=lambda id: (*map(int, id.removesuffix(GRADED).split(".")), id.endswith(GRADED))
    )
    assert exercises.task("51.3").id == "51.3"
    with pytest.raises(CourseError, match=r"lesson 51 has 51\.1"):
        exercises.task("51.99")
    with pytest.raises(CourseError, match="lessons with tasks"):
        exercises.task("98.1")


def test_an_overflow_at_an_edge_that_the_check_chose_prints_nothing() -> None:
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        np.exp(np.array([800.0]))
        assert shown
        shown.clear()

        def in_both(answer: Any) -> None:
            edge = np.array([-800.0])
            assert answer(edge) == 1 / (1 + np.exp(-edge)) == 0

        one = Task("98.1", "A task.", in_both, ("a", "b", "c"))
        assert one.check(lambda z: 1 / (1 + np.exp(-z))).status == "correct"
    assert not shown
