"""A slip is an edit of the lesson's answer; an edit that has lost its place stops the build."""

from __future__ import annotations

import pytest

from course_utils.authoring import answers
from course_utils.errors import CourseError
from course_utils.exercises import lesson_answer
from course_utils.exercises.lesson_answer import LessonAnswer, Marked

TEXT = """
def total(numbers, factor):
    result = 0.0
    for number in numbers:
        result += factor * number
    return result
""".strip()


@pytest.fixture
def right(monkeypatch: pytest.MonkeyPatch) -> LessonAnswer:
    monkeypatch.setattr(lesson_answer, "marked_answers", lambda: {"20.1": Marked("total", TEXT)})
    return LessonAnswer("20.1")


def test_the_answer_runs_on_copies(right: LessonAnswer) -> None:
    numbers = [1.0, 2.0]
    assert right.arguments == ["numbers", "factor"]
    assert right(numbers, 3) == 9.0
    assert right.first("numbers.clear()")(numbers, 3) == 0.0
    assert numbers == [1.0, 2.0]


def test_slips(right: LessonAnswer) -> None:
    assert right.edit({"factor * number": "number"})([1.0, 2.0], 3) == 3.0
    both = right.edit({"factor * number": "number / factor"}, {"0.0": "1.0"})
    assert both([2.0], 2) == 2.0
    assert right.first("factor = 1")([1.0, 2.0], 3) == 3.0
    assert right.returning("result / len(numbers)")([1.0, 2.0], 3) == 4.5
    assert right.returning("right(numbers[:1], factor)")([1.0, 2.0], 3) == 3.0


def test_lines_after_a_line_are_indented_like_it(right: LessonAnswer) -> None:
    assert right.after("result +=", "if number < 0:\n    result = 0.0")([1.0, -2.0], 3) == 0.0
    assert right.after("result = 0.0", "numbers = numbers[1:]")([1.0, 2.0], 3) == 6.0
    for line, lines in (("result", 3), ("weight", 0)):
        with pytest.raises(CourseError, match=f"^{lines} lines of .* hold '{line}'"):
            right.after(line, "pass")


def test_what_cannot_be_copied_is_passed_on(right: LessonAnswer) -> None:
    stream = LessonAnswer("20.1", copies=False)
    assert stream((float(n) for n in range(3)), 2) == 6.0
    assert stream.edit({"factor * ": ""})((float(n) for n in range(3)), 2) == 3.0


def test_a_change_in_place_reaches_the_caller(right: LessonAnswer) -> None:
    numbers = [2.0, 1.0]
    assert right.in_place("numbers.sort()")(numbers, 1) == 3.0
    assert numbers == [1.0, 2.0]


def test_numbers_are_pythons(right: LessonAnswer) -> None:
    answer = LessonAnswer("20.1")
    assert repr(answer.edit({"0.0": "np.float64(0)"})([1.0], 2)) == "np.float64(2.0)"
    answer._function = lambda numbers, factor: (np_float(1.5), [np_float(2.5)])
    assert repr(answer([], 1)) == "(1.5, [2.5])"


def np_float(value: float) -> object:
    import numpy as np

    return np.float64(value)


def test_an_edit_without_its_place_is_refused(right: LessonAnswer) -> None:
    with pytest.raises(CourseError, match=r"answer to 20\.1 does not hold 'weight'"):
        right.edit({"weight": "1"})


def test_a_task_without_an_answer_is_refused() -> None:
    with pytest.raises(CourseError, match=r"marks an answer to 20\.99.*build 20"):
        LessonAnswer("20.99")


def test_a_changed_answer_makes_the_copy_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answers.stale() == []
    text = lesson_answer.STORED.read_text(encoding="utf-8")
    monkeypatch.setattr(answers, "_text", lambda: text.replace("return", "return 2 *", 1))
    assert answers.stale() == ["checks/answers.json is not what the lessons mark as answers."]
