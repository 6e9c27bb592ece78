"""What proves a check: right answers in other words, and wrong ones with what is said of them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from course_utils.exercises.engine import Status, Task
from course_utils.exercises.finding import check_modules, lessons_with_tasks


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
        wrong: wrong answers, each rejected for its own reason; the slips that the check names
            are proven without being listed here.
    """

    task: str
    right: Sequence[Any]
    wrong: Sequence[Wrong]


def silent(slips: Mapping[str, Callable[..., Any]]) -> list[Wrong]:
    """Slips as wrong answers: what the check says of one -> the answer."""
    return [Wrong(answer, says, silent=True) for says, answer in slips.items()]


def proven_slips(task: Task) -> list[Wrong]:
    """The slips that a check names, as wrong answers, each with its erratum."""
    return [
        replace(
            one,
            erratum=next((e for words, e in task.erratum_of.items() if words in one.says), None),
        )
        for one in silent(task.slips)
    ]


def modules() -> Iterator[tuple[str, Proof]]:
    """The name of each file that proves a task, and its proof; a file may prove a ``CHECK`` too."""
    for lesson in lessons_with_tasks():
        for name in check_modules(lesson):
            check, proof = (importlib.import_module(f"{name}{end}") for end in ("", "_test"))
            for task, proven in (("TASK", "PROOF"), ("CHECK", "PROOF_OF_CHECK")):
                if hasattr(check, task):
                    made: Proof = getattr(proof, proven)
                    slips = proven_slips(getattr(check, task))
                    yield f"{name}_test", replace(made, wrong=[*slips, *made.wrong])
