"""Every check is proven: right answers written differently pass, wrong ones are rejected."""

from __future__ import annotations

import copy
import functools
import importlib
import re
from typing import Any

import answers
import numpy as np
import pytest
from answers import Proof, Wrong, proofs
from lessons import answer_of

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.exercises import Verdict, all_tasks, lessons_with_tasks, sources, tasks_of
from course_utils.exercises.markers import task_id, with_blank, without_markers
from course_utils.exercises.theirs import OWN_FAULT
from course_utils.exercises.tolerance import same

TASKS = {one.id: one for one in all_tasks()}
PROOFS = proofs()


@functools.cache
def verdicts(id: str) -> list[tuple[Wrong, Verdict]]:
    """A task's wrong answers, each with what its check says."""
    return [(one, TASKS[id].check(one.answer)) for one in PROOFS[id].wrong]


@pytest.fixture(scope="module")
def imports() -> dict[str, str]:
    return {lesson: sources.code_cells(lesson)[0] for lesson in lessons_with_tasks()}


@pytest.mark.parametrize("id", TASKS)
def test_lesson_answer_and_blank(id: str, imports: dict[str, str]) -> None:
    cell = sources.answer_cell(id)
    lesson = id.split(".")[0]
    verdict = TASKS[id].check(answer_of(without_markers(cell), imports[lesson]))
    assert (verdict.status, verdict.erratum) == ("correct", None), verdict.message
    assert "besides" not in verdict.message
    assert TASKS[id].check(answer_of(with_blank(cell), imports[lesson])).status == "not attempted"
    assert TASKS[id].check(...).status == "not attempted"


def test_every_task_has_a_proof_and_every_proof_a_task() -> None:
    assert list(PROOFS) == list(TASKS)


@pytest.mark.parametrize("id", TASKS)
def test_a_proof_stands_under_the_name_of_its_check(id: str) -> None:
    """``checks/l10/t3_recall_test.py`` proves what ``checks/l10/t3_recall.py`` checks."""
    lesson, number = id.split()[0].split(".")
    name = next(name for name, proof in answers.modules() if proof.task == id)
    if name.startswith("answers."):
        assert name.startswith(f"answers.l{lesson}.")
        check = importlib.import_module(name.replace("answers.", "course_utils.exercises."))
    else:
        assert name.startswith(f"checks.l{lesson}.t{number}_")
        check = importlib.import_module(name.removesuffix("_test"))
    assert TASKS[id] in (check.TASK, getattr(check, "CHECK", None))


@pytest.mark.parametrize("task", ["10.99", "10.1"], ids=["unknown", "twice"])
def test_a_proof_of_no_task_or_a_second_one_is_refused(
    task: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [*answers.modules(), ("answers.l10.more", Proof(task, [], []))]
    monkeypatch.setattr(answers, "modules", lambda: iter(found))
    with pytest.raises(CourseError, match=f"answers.l10.more proves task .?{task}"):
        proofs()


def test_the_package_imports_no_proof() -> None:
    """Who gets the learner's edition alone has all that a check needs."""
    for file in (paths.ROOT / "course_utils").rglob("*.py"):
        assert not re.search(r"^\s*(from|import) answers\b", file.read_text("utf-8"), re.M), file


@pytest.mark.parametrize("id", TASKS)
def test_other_right_answers_pass(id: str, record_property: Any) -> None:
    right = PROOFS[id].right
    assert len(right) >= 2
    for answer in right:
        verdict = TASKS[id].check(answer)
        assert verdict.status == "correct", f"{answer}: {verdict.message}"
    record_property("proofs", len(right))


@pytest.mark.parametrize("id", TASKS)
def test_wrong_answers_are_rejected_each_for_its_reason(id: str, record_property: Any) -> None:
    task = TASKS[id]
    for one, verdict in verdicts(id):
        assert OWN_FAULT.format(id) not in verdict.message, f"{one}: {verdict.message}"
        assert verdict.status == one.status, f"{one}: {verdict}"
        assert one.says in verdict.message, f"{one}: {verdict.message}"
        assert verdict.erratum == one.erratum, f"{one}: {verdict.message}"
        if one.erratum:
            assert f": {task.errata[one.erratum]}." in verdict.message
            # A learner has no key to the numbers but the lesson's closing table.
            assert f"{one.erratum}:" not in verdict.message
    record_property("proofs", len(verdicts(id)))


@pytest.mark.parametrize("id", [id for id, one in TASKS.items() if one.right is not None])
def test_what_any_answer_may_get_wrong_is_rejected(id: str) -> None:
    """A return that was forgotten, a list around the result, a number too few decimals long."""
    task = TASKS[id]
    right, first = task.right, task.cases[0]
    assert right is not None

    def rounded(*case: Any) -> Any:
        return _rounded(right(*case))

    if right(*first) is not None:
        said = task.check(lambda *case: None).message
        assert "got None" in said, said
    assert task.check(lambda *case: [right(*case)] * 2).status == "incorrect"
    if any(not same(right(*case), rounded(*case)) for case in task.cases):
        said = task.check(rounded).message
        assert "rounded to 3 decimals" in said, said


def _rounded(value: Any) -> Any:
    """A result whose numbers have three decimals."""
    if isinstance(value, (tuple, list)):
        return type(value)(_rounded(one) for one in value)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.round(3)
    return round(value, 3) if isinstance(value, float) else value


@pytest.mark.parametrize("id", TASKS)
def test_there_are_enough_wrong_answers(id: str) -> None:
    wrong = PROOFS[id].wrong
    rejected = [one for one in wrong if one.status == "incorrect"]
    assert len(rejected) >= 5
    assert sum(one.silent for one in rejected) >= 3
    reasons = [one.says for one in wrong]
    assert len(set(reasons)) == len(reasons)


def test_a_reason_belongs_to_one_wrong_answer_only() -> None:
    """A fragment that fits a neighbour's message too would prove nothing of its own."""
    for task in TASKS.values():
        messages = [(one, verdict.message) for one, verdict in verdicts(task.id)]
        for one, _ in messages:
            if one.status != "incorrect":
                continue
            also = [
                other for other, message in messages if other is not one and one.says in message
            ]
            assert len(also) < len(messages) - 1, f"{task.id}: {one.says!r} fits every message"


@pytest.mark.parametrize("lesson", lessons_with_tasks())
def test_source_and_exercises_hold_the_same_tasks(lesson: str) -> None:
    in_source = [task_id(cell) for cell in sources.code_cells(lesson) if task_id(cell)]
    assert in_source == [one.id for one in tasks_of(lesson)]
    assert all(one.id.startswith(f"{lesson}.") for one in tasks_of(lesson))


@pytest.mark.parametrize("id", TASKS)
def test_a_check_leaves_the_answer_alone(id: str) -> None:
    """Checking twice gives the same verdict: no state is kept between two checks."""
    task, proof = TASKS[id], PROOFS[id]
    wrong = next(one.answer for one in proof.wrong if one.status == "incorrect")
    first = task.check(copy.copy(wrong))
    assert task.check(proof.right[0]).status == "correct"
    assert task.check(copy.copy(wrong)).status == first.status
