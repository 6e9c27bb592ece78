"""The four outcomes of a check, and everything a learner's code can do to it."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import signal
import sys
import threading
import time
import warnings
from decimal import Decimal
from fractions import Fraction
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
from course_utils.exercises.reading import as_array, as_list, as_number
from course_utils.exercises.theirs import show_inputs, show_table


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
    "change",
    [
        lambda table, numbers, named: table.__delitem__("x"),
        lambda table, numbers, named: numbers.__setitem__(0, 0.0),
        lambda table, numbers, named: named["a"].append(1),
        lambda table, numbers, named: named.update(b=[]),
    ],
)
def test_a_right_answer_that_changes_what_it_was_given_is_told(change: Any) -> None:
    given = pd.DataFrame({"x": [1, 2]}), np.array([np.nan, 1.0]), {"a": [object()]}

    def check_answer(answer: Any) -> None:
        assert answer(*given) == 1

    task = Task("99.2", "One.", check_answer, ("one", "two", "three"), insight="One.")
    assert task.check(lambda table, numbers, named: 1).message == "One."
    verdict = task.check(lambda *args: change(*args) or 1)
    assert verdict.status == "correct"
    assert re.search(
        r"One\.\nOne thing besides: your function changes argument \d of \(<table", verdict.message
    )
    free = dataclasses.replace(task, may_change=True)
    assert free.check(lambda *args: change(*args) or 1).message == "One."


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
        assert Answer(lambda z: 1 / (1 + np.exp(-z)))(np.array([-800.0])) == 0
    assert not shown
