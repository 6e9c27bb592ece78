"""How a check asks the learner's function, and the three ways in which asking can end a check."""

from __future__ import annotations

import copy
import inspect
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, NoReturn

import numpy as np

from course_utils.exercises.limits import Keyboard, TimeUp
from course_utils.exercises.theirs import file_of, show_inputs
from course_utils.exercises.tolerance import unchanged


class Rejected(Exception):
    """A wrong answer, in words."""

    def __init__(self, message: str, erratum: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.erratum = erratum


class GotNone(Rejected):
    """None stands where it is not legal: a ``return`` may be missing."""


class NotAttempted(Exception):
    """The blank is still there."""


class AnswerRaised(Exception):
    """The learner's own code raised; ``__cause__`` holds what, ``inputs`` for which call."""

    def __init__(self, inputs: str) -> None:
        super().__init__(inputs)
        self.inputs = inputs


class Lazy(Exception):
    """The function returned what computes nothing yet, such as a generator."""


def reject(message: str, erratum: str | None = None) -> NoReturn:
    """End a check: the answer is wrong for this reason, and repeats this erratum."""
    raise Rejected(message, erratum)


class Answer:
    """The learner's function, as a check sees it: called on copies, its errors told apart.

    Attributes:
        returned: the whole result of the last call.
        returned_once: whether any call gave something else.
        changed_at: the argument, counted from 0, that the last call changed; else None.
        changed: the first argument that any call changed, as text; else None.
    """

    def __init__(self, function: Callable[..., Any], keyboard: Keyboard | None = None) -> None:
        self._function = function
        self._keyboard = keyboard or Keyboard()
        self.returned: Any = None
        self.returned_once = False
        self.changed_at: int | None = None
        self.changed: str | None = None

    @property
    def file(self) -> str | None:
        """Where the function was written; None for what is no function."""
        return file_of(self._function)

    def __call__(self, *args: Any, **named: Any) -> Any:
        inputs = show_inputs([*args, *named.values()])  # before the answer can change them
        self.changed_at = None
        lent, lent_named = copy.deepcopy(args), copy.deepcopy(named)
        try:
            # Their warning filters and NumPy's error settings end with the call.
            with warnings.catch_warnings(), np.errstate():
                result = self._function(*lent, **lent_named)
        except TimeUp:
            raise
        except BaseException as error:  # also SystemExit: an answer must not end the kernel
            if self._keyboard.pressed:
                raise
            raise AnswerRaised(inputs) from error
        pairs = zip([*args, *named.values()], [*lent, *lent_named.values()], strict=True)
        self.changed_at = next((k for k, pair in enumerate(pairs) if not unchanged(*pair)), None)
        if self.changed_at is not None and self.changed is None:
            self.changed = f"its argument {self._called(self.changed_at, len(args), list(named))}"
        self.returned = result
        self.returned_once |= result is not None
        if is_blank(result):
            raise NotAttempted
        if isinstance(result, (Iterator, Awaitable, AsyncIterator)):
            raise Lazy(
                f"For {inputs} your function returned a {type(result).__name__}, which computes "
                "nothing until it is asked. Return the values, for example a list."
            )
        return result

    def _called(self, at: int, unnamed: int, named: list[str]) -> str:
        """What the function calls an argument, or its number, counted from 1."""
        if at >= unnamed:
            return f"`{named[at - unnamed]}`"
        try:
            parameters = list(inspect.signature(self._function).parameters.values())
            if all(one.kind is not one.VAR_POSITIONAL for one in parameters[: at + 1]):
                return f"`{parameters[at].name}`"
        except Exception:  # a callable without a signature, or one that cannot be looked at
            pass
        return str(at + 1)

    def raised(self, *args: Any, **named: Any) -> BaseException | None:
        """What the function raises for these arguments; None if it returns."""
        try:
            self(*args, **named)
        except AnswerRaised as raised:
            return raised.__cause__
        return None


def is_blank(value: Any) -> bool:
    """True for the Ellipsis, also inside a tuple or list: ``return ..., ...``."""
    if isinstance(value, (tuple, list)):
        return any(item is ... for item in value)
    return value is ...
