"""Tasks and their checks.

A check is an ordinary function ``check(answer)``: it calls the learner's function, looks at
what comes back, and calls ``reject`` with the failing input, what was expected and what was
got. It sees behaviour only: never a name, never source text. What ends well is correct.
"""

from __future__ import annotations

import contextlib
import copy
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from course_utils.exercises import sources
from course_utils.exercises.asking import (
    Answer,
    AnswerRaised,
    GotNone,
    Lazy,
    NotAttempted,
    Rejected,
    is_blank,
    reject,
)
from course_utils.exercises.limits import TimeLimit, TimeUp
from course_utils.exercises.theirs import Printed, describe, said, shorten, unread

Status = Literal["correct", "incorrect", "not attempted", "error"]

SECONDS = 10.0
"""After this long an answer is stopped. A right one needs less than two."""

TRIES_BEFORE_SOLUTION = 3

CHANGED = (
    "\nOne thing besides: your function changes {}. Whoever calls it finds their data changed; "
    "work on a copy."
)
FORGOT = " Did you forget a return?"
FORGOT_HERE = " For other inputs you return a value: what does your code do with these?"


@dataclass(frozen=True)
class Verdict:
    """What a check found."""

    status: Status
    message: str
    erratum: str | None = None


@dataclass(frozen=True)
class Task:
    """One exercise.

    Attributes:
        id: lesson and number, ``"51.3"``.
        prompt: the task in one line; the lesson holds the long form.
        check: sees the answer, ends by itself or by ``reject``.
        hints: three, each giving more away.
        insight: one sentence to take away once it is solved.
        takes: a function, or plain data.
        may_change: whether the text allows that arguments are changed.
        errata: what this lesson's errata are called, ``{"E52": "raw ids are strings"}``.
        crashes: a fragment of an exception's text -> the erratum behind it.
        forgotten: a fragment of an exception's type and text -> the task's rule that it breaks.
        slips: the mistakes that the check names, as functions: what it says of one -> the answer.
        erratum_of: words of a slip -> the erratum that it repeats.
        right: gives the right result, where one function does.
        cases: the first calls of the check, where it makes them in any case.
    """

    id: str
    prompt: str
    check_answer: Callable[[Any], None]
    hints: tuple[str, str, str]
    insight: str = ""
    takes: Literal["function", "data"] = "function"
    may_change: bool = False
    errata: Mapping[str, str] = field(default_factory=dict)
    crashes: Mapping[str, str] = field(default_factory=dict)
    forgotten: Mapping[str, str] = field(default_factory=dict)
    slips: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    erratum_of: Mapping[str, str] = field(default_factory=dict)
    right: Callable[..., Any] | None = None
    cases: Sequence[tuple[Any, ...]] = ()

    def check(self, answer: Any) -> Verdict:
        """Check an answer. Never raises for what the learner did.

        What still raises: the reader's own interrupt, by Ctrl-C or the stop button.
        """
        printed = Printed()
        with (
            TimeLimit(SECONDS) as limit,  # the outermost: it interrupts nothing but what it runs
            contextlib.redirect_stdout(printed),
            warnings.catch_warnings(),
            np.errstate(),
        ):
            # Of an overflow at an edge that the check chose; the verdict says what matters.
            warnings.simplefilter("ignore", RuntimeWarning)
            asked = Answer(answer, limit.keyboard)
            try:
                verdict = limit.run(lambda: self._judge(answer, asked))
            except TimeUp:
                verdict = Verdict(
                    "error",
                    f"Your code was still running after {SECONDS:.0f} seconds and was stopped. "
                    "Does a loop never end? Does its counter move?",
                )
            except BaseException as error:  # whatever a learner's object does when looked at
                if limit.keyboard.pressed:
                    raise
                value, what = asked.returned, "what your function returned"
                if self.takes == "data":
                    value, what = answer, "your answer"
                verdict = Verdict("error", unread(error, value, what, self.id))
        print(printed.getvalue(), end="")
        return verdict

    def _judge(self, answer: Any, asked: Answer) -> Verdict:
        if is_blank(answer):
            return self._not_attempted()
        forgot, changed = "", None
        try:
            if self.takes == "data":
                self.check_answer(copy.deepcopy(answer))
            elif callable(answer):
                try:
                    self.check_answer(asked)
                    changed = None if self.may_change else asked.changed
                except GotNone:
                    if asked.returned is None:
                        forgot = FORGOT_HERE if asked.returned_once else FORGOT
                    raise
            else:
                reject(
                    f"Expected a function, got {shorten(answer)}. Pass the function itself, "
                    f'`check("{self.id}", f)`, not what it returns, `f(...)`.'
                )
        except NotAttempted:
            return self._not_attempted()
        except Lazy as lazy:
            return Verdict("error", str(lazy))
        except AnswerRaised as raised:
            cause = raised.__cause__
            assert cause is not None
            text = said(cause)
            erratum = next((e for part, e in self.crashes.items() if part in text), None)
            typed = f"{type(cause).__name__}: {text}"
            rule = next((f"\n{rule}" for part, rule in self.forgotten.items() if part in typed), "")
            message = describe(cause, answer, raised.inputs) + rule + self._named(erratum)
            return Verdict("error", message, erratum)
        except Rejected as rejected:
            named = (one for words, one in self.erratum_of.items() if words in rejected.message)
            erratum = rejected.erratum or next(named, None)
            message = rejected.message + forgot + self._named(erratum)
            return Verdict("incorrect", message, erratum)
        message = self.insight or "All inputs of the check gave what they should."
        return Verdict("correct", message + (CHANGED.format(changed) if changed else ""))

    def hint(self, level: int) -> str:
        """Hint 1, 2 or 3."""
        if level not in (1, 2, 3):
            raise ValueError(f"Task {self.id} has hints 1, 2 and 3, not {level!r}.")
        return self.hints[level - 1]

    def solution(self, force: bool = False, failures: int = 0, solved: bool = False) -> str:
        """The lesson's own answer: the marked text that ran.

        Args:
            force: show it at once.
            failures: how often an answer failed so far.
            solved: whether a right answer was given.

        Returns:
            The code, or, where it is too early, a sentence that says how to get it.
        """
        if force or solved or failures >= TRIES_BEFORE_SOLUTION:
            return sources.solution_text(self.id)
        left = TRIES_BEFORE_SOLUTION - failures
        return (
            f"The solution opens once you solved {self.id} or after {left} more "
            f'{"try" if left == 1 else "tries"}. `hint("{self.id}")` helps; '
            f'`solution("{self.id}", force=True)` shows it now.'
        )

    def _not_attempted(self) -> Verdict:
        return Verdict(
            "not attempted", f"Replace the dots, then run this cell again. {self.prompt}"
        )

    def _named(self, erratum: str | None) -> str:
        if erratum is None:
            return ""
        # Data repeats no code of the article's: a wrong word for its phrase is not its mistake.
        lead = (
            "The article makes this mistake"
            if self.takes == "function"
            else "This is about a mistake of the article"
        )
        return f"\n{lead}: {self.errata[erratum]}."
