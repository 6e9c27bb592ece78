"""How a check asks the learner's function, and the three ways in which asking can end a check."""

from __future__ import annotations

import copy
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, NoReturn

import numpy as np

from course_utils.exercises.limits import Keyboard, TimeUp
from course_utils.exercises.theirs import show_inputs


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
        returned_none: whether the last call gave None as the whole result.
        returned_once: whether any call gave something else.
    """

    def __init__(self, function: Callable[..., Any], keyboard: Keyboard | None = None) -> None:
        self._function = function
        self._keyboard = keyboard or Keyboard()
        self.returned_none = self.returned_once = False
        self._sent: tuple[Any, ...] = ()
        self._left: tuple[Any, ...] = ()

    def __call__(self, *args: Any, **named: Any) -> Any:
        inputs = show_inputs([*args, *named.values()])  # before the answer can change them
        self._sent = self._left = ()
        try:
            # Their warning filters and NumPy's error settings end with the call.
            with warnings.catch_warnings(), np.errstate():
                # Of an overflow at an edge that the check chose; the verdict says what matters.
                warnings.simplefilter("ignore", RuntimeWarning)
                copies = copy.deepcopy(args)
                result = self._function(*copies, **copy.deepcopy(named))
                self._sent, self._left = args, copies
        except TimeUp:
            raise
        except BaseException as error:  # also SystemExit: an answer must not end the kernel
            if self._keyboard.pressed:
                raise
            raise AnswerRaised(inputs) from error
        self.returned_none = result is None
        self.returned_once |= result is not None
        if is_blank(result):
            raise NotAttempted
        if isinstance(result, (Iterator, Awaitable, AsyncIterator)):
            raise Lazy(
                f"For {inputs} your function returned a {type(result).__name__}, which computes "
                "nothing until it is asked. Return the values, for example a list."
            )
        return result

    def changed(self) -> int | None:
        """Which argument of the last call, counted from 0, is no longer what it was; or None.

        Arguments are numbers, text, None, and arrays, lists, tuples, sets and dicts of these.
        """
        pairs = enumerate(zip(self._sent, self._left, strict=True))
        return next((at for at, (before, after) in pairs if not unchanged(before, after)), None)

    def raised(self, *args: Any, **named: Any) -> BaseException | None:
        """What the function raises for these arguments; None if it returns."""
        try:
            self(*args, **named)
        except AnswerRaised as raised:
            return raised.__cause__
        return None


def unchanged(before: Any, after: Any) -> bool:
    """Equal to the last bit, in the same order, of the same types."""
    if type(before) is not type(after):
        return False
    if isinstance(before, np.ndarray):
        alike = before.shape == after.shape and before.dtype == after.dtype
        if before.dtype == object:
            return alike and unchanged(list(before.flat), list(after.flat))
        return alike and before.tobytes() == after.tobytes()
    if isinstance(before, dict):
        return unchanged(list(before.items()), list(after.items()))
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(unchanged, before, after))
    return bool(before == after or (before != before and after != after))


def is_blank(value: Any) -> bool:
    """True for the Ellipsis, also inside a tuple or list: ``return ..., ...``."""
    if isinstance(value, (tuple, list)):
        return any(item is ... for item in value)
    return value is ...
