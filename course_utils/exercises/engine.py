"""Tasks and their checks.

A check is an ordinary function ``check(answer)``: it calls the learner's function, looks at
what comes back, and calls ``reject`` with the failing input, what was expected and what was
got. It sees behaviour only: never a name, never source text. What ends well is correct.
"""

from __future__ import annotations

import contextlib
import copy
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn

import numpy as np

from course_utils.exercises import sources
from course_utils.exercises.limits import TimeUp, time_limit
from course_utils.exercises.theirs import Printed, describe, said, short_repr, show_inputs

Status = Literal["correct", "incorrect", "not attempted", "error"]

SECONDS = 10.0
"""After this long an answer is stopped. A right one needs less than two."""

TRIES_BEFORE_SOLUTION = 3


class Rejected(Exception):
    """A wrong answer, in words."""

    def __init__(self, message: str, erratum: str | None) -> None:
        super().__init__(message)
        self.message = message
        self.erratum = erratum


class NotAttempted(Exception):
    """The blank is still there."""


class AnswerRaised(Exception):
    """The learner's own code raised; ``__cause__`` holds what, ``inputs`` for which call."""

    def __init__(self, inputs: str) -> None:
        super().__init__(inputs)
        self.inputs = inputs


def reject(message: str, erratum: str | None = None) -> NoReturn:
    """End a check: the answer is wrong for this reason, and repeats this erratum."""
    raise Rejected(message, erratum)


@dataclass(frozen=True)
class Verdict:
    """What a check found."""

    status: Status
    message: str
    erratum: str | None = None


class Answer:
    """The learner's function, as a check sees it: called on copies, its errors told apart."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *args: Any) -> Any:
        inputs = show_inputs(args)  # before the answer can change them
        try:
            # Their warning filters and NumPy's error settings end with the call.
            with warnings.catch_warnings(), np.errstate():
                result = self._function(*copy.deepcopy(args))
        except (KeyboardInterrupt, TimeUp):
            raise
        except BaseException as error:  # also SystemExit: an answer must not end the kernel
            raise AnswerRaised(inputs) from error
        if _is_blank(result):
            raise NotAttempted
        return result

    def raised(self, *args: Any) -> BaseException | None:
        """What the function raises for these arguments; None if it returns."""
        try:
            self(*args)
        except AnswerRaised as raised:
            return raised.__cause__
        return None


def _is_blank(value: Any) -> bool:
    """True for the Ellipsis, also inside a tuple or list: ``return ..., ...``."""
    if isinstance(value, (tuple, list)):
        return any(item is ... for item in value)
    return value is ...


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
        errata: what this lesson's errata are called, ``{"E52": "raw ids are strings"}``.
        crashes: a fragment of an exception's text -> the erratum behind it.
    """

    id: str
    prompt: str
    check_answer: Callable[[Any], None]
    hints: tuple[str, str, str]
    insight: str = ""
    takes: Literal["function", "data"] = "function"
    errata: Mapping[str, str] = field(default_factory=dict)
    crashes: Mapping[str, str] = field(default_factory=dict)

    def check(self, answer: Any) -> Verdict:
        """Check an answer. Never raises for what the learner did."""
        printed = Printed()
        try:
            with time_limit(SECONDS), contextlib.redirect_stdout(printed):
                verdict = self._judge(answer)
        except TimeUp:
            verdict = Verdict(
                "error",
                f"Your code was still running after {SECONDS:.0f} seconds and was stopped. "
                "Does a loop never end? Does its counter move?",
            )
        except Exception as error:  # a result that breaks whoever looks at it
            verdict = Verdict(
                "error",
                "The check could not read what your function returned "
                f"({type(error).__name__}). Return plain numbers, text, lists or arrays.",
            )
        print(printed.getvalue(), end="")
        return verdict

    def _judge(self, answer: Any) -> Verdict:
        if _is_blank(answer):
            return self._not_attempted()
        try:
            self.check_answer(self._as_seen(answer))
        except NotAttempted:
            return self._not_attempted()
        except AnswerRaised as raised:
            cause = raised.__cause__
            assert cause is not None
            text = said(cause)
            erratum = next((e for part, e in self.crashes.items() if part in text), None)
            message = describe(cause, answer, raised.inputs) + self._named(erratum)
            return Verdict("error", message, erratum)
        except Rejected as rejected:
            message = rejected.message + self._named(rejected.erratum)
            return Verdict("incorrect", message, rejected.erratum)
        return Verdict("correct", self.insight or "All inputs of the check gave what they should.")

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

    def _as_seen(self, answer: Any) -> Any:
        if self.takes == "data":
            return copy.deepcopy(answer)
        if not callable(answer):
            reject(
                f"Expected a function, got {shorten(answer)}. Pass the function itself, "
                f'`check("{self.id}", f)`, not what it returns, `f(...)`.'
            )
        return Answer(answer)

    def _not_attempted(self) -> Verdict:
        return Verdict(
            "not attempted", f"Replace the dots, then run this cell again. {self.prompt}"
        )

    def _named(self, erratum: str | None) -> str:
        if erratum is None:
            return ""
        return f"\nThe article makes this mistake: {erratum}: {self.errata[erratum]}."


def shorten(value: Any, limit: int = 120) -> str:
    """A value as text for a message: its type and its start."""
    return f"{type(value).__name__} {short_repr(value, limit)}"


def _numeric(value: Any) -> np.ndarray | None:
    """A float array of what holds integers or floats; None for all else."""
    try:
        array = np.asarray(value)
        return array.astype(float) if array.dtype.kind in "iuf" else None
    except Exception:  # ragged lists, or a learner's own __array__
        return None


def as_number(value: Any, what: str) -> float:
    """A finite number from an int, float, NumPy scalar or array of one element, else reject."""
    if value is None:
        reject(f"{what} must be one number, got None. Did you forget a return?")
    array = _numeric(value)
    if array is None or array.size != 1:
        reject(f"{what} must be one number, got {shorten(value)}.")
    number = float(array.reshape(()))
    if not np.isfinite(number):
        reject(f"{what} must be a finite number, got {number}.")
    return number


def as_array(value: Any, what: str, shape: tuple[int, ...] | None = None) -> np.ndarray:
    """A float array of finite numbers from lists, arrays or a Series, else reject."""
    if value is None:
        reject(f"{what} must be an array, got None. Did you forget a return?")
    array = _numeric(value)
    if array is None:
        reject(f"{what} must be an array of numbers, got {shorten(value)}.")
    if shape is not None and array.shape != shape:
        reject(f"{what} must have shape {shape}, got shape {array.shape}.")
    if not np.isfinite(array).all():
        reject(f"{what} must hold finite numbers only; it holds nan or infinity.")
    return array


def as_list(value: Any, what: str) -> list[Any]:
    """A plain list from a list, a tuple, a one-dimensional array, an Index or a Series."""
    if value is None:
        reject(f"{what} must be a list, got None. Did you forget a return?")
    if hasattr(value, "tolist") and getattr(value, "ndim", 0) == 1:
        return list(value.tolist())
    if isinstance(value, (list, tuple)):
        return list(value)
    reject(f"{what} must be a list, got {shorten(value)}.")
