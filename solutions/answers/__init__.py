"""What proves the checks: for each task right answers in other words, and wrong ones.

A file ``answers/lNN/<task>.py`` stands for the check ``course_utils/exercises/lNN/<task>.py`` and
holds one ``PROOF``. Nothing in ``course_utils`` imports from here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course_utils.errors import CourseError
from course_utils.exercises import all_tasks
from course_utils.exercises.engine import Status


@dataclass(frozen=True)
class Wrong:
    """A wrong answer that proves a check.

    Attributes:
        answer: what a learner would pass to the check.
        says: a fragment that the verdict's message must hold.
        erratum: the erratum that the verdict must name.
        silent: it runs and looks right; only the check notices.
        status: ``error`` where the answer raises, as some of the article's code does.
    """

    answer: Any
    says: str
    erratum: str | None = None
    silent: bool = False
    status: Status = "incorrect"


@dataclass(frozen=True)
class Proof:
    """What proves one task's check.

    Attributes:
        task: the task's id, ``"51.3"``.
        right: right answers written differently from the lesson's.
        wrong: wrong answers, each rejected for its own reason.
    """

    task: str
    right: Sequence[Any]
    wrong: Sequence[Wrong]


def silent(mistakes: Mapping[str, Callable[..., Any]]) -> list[Wrong]:
    """The mistakes that a check names, as wrong answers: what it says of one -> the answer."""
    return [Wrong(answer, says, silent=True) for says, answer in mistakes.items()]


def proofs() -> dict[str, Proof]:
    """The proofs of all tasks, by task, in the order of the tasks.

    Raises:
        CourseError: if a proof's task is unknown, or has two proofs.
    """
    known = [one.id for one in all_tasks()]
    found: dict[str, Proof] = {}
    for module, proof in modules():
        if proof.task not in known:
            raise CourseError(f"{module} proves task {proof.task!r}, which does not exist.")
        if proof.task in found:
            raise CourseError(f"{module} proves task {proof.task}, which has a proof already.")
        found[proof.task] = proof
    return {id: found[id] for id in known if id in found}


def modules() -> Iterator[tuple[str, Proof]]:
    """The name of each file that proves a task, and its proof."""
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        if not module.ispkg:
            yield module.name, importlib.import_module(module.name).PROOF
