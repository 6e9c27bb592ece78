"""A time limit for code that may never end, and whose interrupts are told apart."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Self, TypeVar

AGAIN = 0.2
"""Seconds from the first interruption to the second."""

Result = TypeVar("Result")


class TimeUp(BaseException):
    """Not an ``Exception``: the answer's own ``except Exception`` must not swallow it."""


class Keyboard:
    """Whether the reader interrupted, by Ctrl-C or the notebook's stop button.

    Both arrive as the signal SIGINT. A ``KeyboardInterrupt`` without one was raised by the code.
    """

    pressed = False


class TimeLimit:
    """Raises ``TimeUp`` in what ``run`` calls once that has run for so long.

    It works in the main thread, where notebook cells run; elsewhere there is no limit, and no
    signal arrives. A function that swallows the interruption, or the reader's, and then ends still
    raises. One that stops the timer or takes SIGALRM for itself is interrupted through SIGINT.
    What cannot be ended: one single call into compiled code, until that returns, and code that
    takes both signals for itself.

    A signal may land between any two instructions, and after a long call into compiled code two
    land at once. So nothing is ever raised outside of ``run``: what is to be put back whatever
    happens, such as ``sys.stdout``, is put back by a ``with`` between this one and ``run``.
    Pressed there, the reader's interrupt is raised when this one ends.

    Attributes:
        keyboard: whether the reader interrupted.
    """

    def __init__(self, seconds: float) -> None:
        self.keyboard = Keyboard()
        self._seconds = seconds
        self._times = 0
        self._frame: FrameType | None = None
        self._done, self._rang = threading.Event(), threading.Event()
        self._works = threading.current_thread() is threading.main_thread()
        self._has_timer = hasattr(signal, "setitimer")  # Windows has none
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        if not self._works:
            return self
        main = threading.get_ident()
        self._watcher = threading.Thread(target=self._watch, args=(main,), daemon=True)
        self._before[signal.SIGINT] = signal.signal(signal.SIGINT, self._from_keyboard)
        if self._has_timer:
            self._before[signal.SIGALRM] = signal.signal(signal.SIGALRM, self._interrupt)
            signal.setitimer(signal.ITIMER_REAL, self._seconds)
        self._watcher.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._frame = None
        if not self._works:
            return
        self._done.set()
        self._watcher.join()  # so that no signal comes after the handlers are back
        if self._has_timer:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for which in reversed(self._before):  # the keyboard's last: until then it is only noted
            signal.signal(which, self._before[which])
        if self.keyboard.pressed:
            raise KeyboardInterrupt

    def run(self, function: Callable[[], Result]) -> Result:
        """What the function returns.

        Raises:
            TimeUp: where it takes too long.
        """
        self._frame = sys._getframe()
        result = function()
        if self._times:
            raise TimeUp
        return result

    def _runs(self, frame: FrameType | None) -> bool:
        """Whether what a signal interrupted was called by ``run``."""
        while frame is not None and frame is not self._frame:
            frame = frame.f_back
        return frame is not None

    def _interrupt(self, signum: int, frame: FrameType | None) -> None:
        if not self._runs(frame):
            return
        self._times += 1
        if self._has_timer:
            # A loop that waits inside its own `try` swallows what is raised there. So ring
            # again after some microseconds, each time another number of them, until one falls
            # outside of it; and at the latest in 50 ms.
            soon = AGAIN if self._times == 1 else (1 + self._times * 7919 % 200) * 1e-6
            signal.signal(signal.SIGALRM, self._interrupt)
            signal.setitimer(signal.ITIMER_REAL, soon, 0.05)
        raise TimeUp

    def _from_keyboard(self, signum: int, frame: FrameType | None) -> None:
        if self._rang.is_set():
            self._interrupt(signum, frame)
            return
        self.keyboard.pressed = True
        if self._runs(frame):
            raise KeyboardInterrupt

    def _watch(self, main: int) -> None:
        """Where there is no timer, or the function stopped it, interrupt through SIGINT."""
        wait = self._seconds + (2 * AGAIN if self._has_timer else 0)
        while not self._done.wait(wait):
            if signal.getsignal(signal.SIGINT) != self._from_keyboard:
                return  # theirs, or the default action, which may end the process
            self._rang.set()
            if hasattr(signal, "pthread_kill"):
                signal.pthread_kill(main, signal.SIGINT)  # also wakes one that sleeps
            else:
                _thread.interrupt_main(signal.SIGINT)
            wait = AGAIN
