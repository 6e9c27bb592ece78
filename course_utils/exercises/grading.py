"""A task whose answer is a check: the learner's own test, run on right and wrong answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.exercises.asking import Answer, AnswerRaised, reject
from course_utils.exercises.engine import Task
from course_utils.exercises.markers import GRADED
from course_utils.exercises.theirs import line_in, said, shorten

Answers = Mapping[str, Callable[..., Any]]
"""What an answer does, as it goes on after "an answer that" -> the answer."""


@dataclass(frozen=True)
class Grade:
    """What a check made of a task's right and wrong answers.

    Attributes:
        refused: the right answers that it refused -> how, in words.
        escaped: the wrong answers that it accepted.
        right, wrong: how many of each there were.
    """

    refused: Mapping[str, str]
    escaped: tuple[str, ...]
    right: int
    wrong: int

    @property
    def caught(self) -> int:
        """How many wrong answers the check refused."""
        return self.wrong - len(self.escaped)

    @property
    def score(self) -> float:
        """Youden's J: the share of wrong answers caught, minus that of right ones refused.

        It is 1 at best, and 0 for a check that accepts everything or refuses everything.
        """
        return self.caught / self.wrong - len(self.refused) / self.right


def grade(check: Answer, right: Answers, wrong: Answers) -> Grade:
    """Run a check on every answer.

    Args:
        check: takes a function; refuses it by raising, as ``assert`` does, or by returning
            False, and accepts it by returning True or None.
        right: answers that it has to accept.
        wrong: answers that it has to refuse.

    Raises:
        Rejected: if the check returns anything else.
    """
    verdicts = {name: _refusal(check, answer) for name, answer in right.items()}
    return Grade(
        refused={name: how for name, how in verdicts.items() if how is not None},
        escaped=tuple(name for name, one in wrong.items() if _refusal(check, one) is None),
        right=len(right),
        wrong=len(wrong),
    )


def _refusal(check: Answer, answer: Callable[..., Any]) -> str | None:
    """How the check refuses an answer; None if it accepts it."""
    try:
        verdict = check(answer)
    except AnswerRaised as raised:
        error = raised.__cause__
        assert error is not None
        what = f"{type(error).__name__}: {said(error)}".rstrip(": ")
        line = line_in(check.file, error)
        return what if line is None else f"{what}, in line {line[0]}: {line[1]}".rstrip(": ")
    if verdict is None or (isinstance(verdict, (bool, np.bool_)) and verdict):
        return None
    if isinstance(verdict, (bool, np.bool_)):
        return "it returned False"
    reject(
        f"Your check returned {shorten(verdict)}. It refuses an answer by a failing `assert` or by "
        "returning False, and accepts it by returning True, or nothing."
    )


def grading(
    id: str, right: Answers, wrong: Answers, hints: tuple[str, str, str], insight: str
) -> Task:
    """The task of writing a check for task ``id``.

    Args:
        id: of the task that the check is for, ``"53.4"``.
        right: right answers, written differently: "returns NumPy numbers" -> the function.
        wrong: wrong answers: "ignores ties" -> the function.
        hints: three, each giving more away.
        insight: one sentence to take away once the check lets none escape.
    """

    def check_check(answer: Any) -> None:
        found = grade(answer, right, wrong)
        if len(found.refused) == found.right and not found.escaped:
            how = next(iter(found.refused.values()))
            reject(f"Your check refuses every answer, the {found.right} right ones too: {how}.")
        if not found.refused and not found.caught:
            reject(
                f"Your check accepts every answer, the {found.wrong} wrong ones too. What would "
                "have to come back for it to fail? Is an `assert` or a `return` missing?"
            )
        if grade(answer, right, wrong) != found:
            reject(
                "Run again on the same answers, your check decides differently. Seed its random "
                "numbers, and make its inputs anew in each call: an answer may change them."
            )
        if found.refused or found.escaped:
            reject(_told(found))

    return Task(
        id=f"{id}{GRADED}",
        prompt=f"Write a check for task {id}: it accepts every right answer and no wrong one.",
        check_answer=check_check,
        hints=hints,
        insight=insight,
    )


def _told(found: Grade) -> str:
    """What a check refused and what escaped, one a line."""
    lines = [
        f"It accepts {found.right - len(found.refused)} of {found.right} right answers and catches "
        f"{found.caught} of {found.wrong} wrong ones."
    ]
    lines += [
        f"Your check refuses a right answer, one that {name} ({how})."
        for name, how in found.refused.items()
    ]
    lines += [f"Your check accepts an answer that {name}." for name in found.escaped]
    return "\n".join(lines)
