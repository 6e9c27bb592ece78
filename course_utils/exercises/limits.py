"""A time limit for code that may never end, and whose interrupts are told apart."""

from __future__ import annotations

import _thread
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN = 0.2
"""Seconds from the first interruption to the second."""


class TimeUp(BaseException):
    """Not an ``Exception``: the answer's own ``except Exception`` must not swallow it."""


class Keyboard:
    """Whether the reader interrupted, by Ctrl-C or the notebook's stop button.

    Both arrive as the signal SIGINT. A ``KeyboardInterrupt`` without one was raised by the code.
    """

    pressed = False


@contextmanager
def time_limit(seconds: float) -> Iterator[Keyboard]:
    """Raise ``TimeUp`` in the block once it has run for so long.

    It works in the main thread, where notebook cells run; elsewhere there is no limit, and no
    signal arrives. A block that swallows the interruption, or the reader's, and then ends still
    raises. A block that stops the timer or takes SIGALRM for itself is interrupted through SIGINT.
    What cannot be ended: one single call into compiled code, until that returns, and code that
    takes both signals for itself.
    """
    keyboard = Keyboard()
    if threading.current_thread() is not threading.main_thread():
        yield keyboard
        return
    times = 0
    active = True
    done, rang = threading.Event(), threading.Event()
    main = threading.get_ident()
    has_timer = hasattr(signal, "setitimer")  # Windows has none

    def interrupt(signum: int, frame: FrameType | None) -> None:
        nonlocal times
        if not active:
            return
        times += 1
        if has_timer:
            # A loop that waits inside its own `try` swallows what is raised there. So ring
            # again after some microseconds, each time another number of them, until one falls
            # outside of it; and at the latest in 50 ms.
            soon = AGAIN if times == 1 else (1 + times * 7919 % 200) * 1e-6
            signal.signal(signal.SIGALRM, interrupt)
            signal.setitimer(signal.ITIMER_REAL, soon, 0.05)
        raise TimeUp

    def from_keyboard(signum: int, frame: FrameType | None) -> None:
        if rang.is_set():
            interrupt(signum, frame)
            return
        keyboard.pressed = True
        if active:
            raise KeyboardInterrupt

    def watch() -> None:
        """Where there is no timer, or the block stopped it, interrupt through SIGINT."""
        wait = seconds + (2 * AGAIN if has_timer else 0)
        while not done.wait(wait):
            if signal.getsignal(signal.SIGINT) is not from_keyboard:
                return  # theirs, or the default action, which may end the process
            rang.set()
            if hasattr(signal, "pthread_kill"):
                signal.pthread_kill(main, signal.SIGINT)  # also wakes one that sleeps
            else:
                _thread.interrupt_main(signal.SIGINT)
            wait = AGAIN

    before = {signal.SIGINT: signal.signal(signal.SIGINT, from_keyboard)}
    if has_timer:
        before[signal.SIGALRM] = signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield keyboard
    finally:
        while active:
            try:
                active = False
            except TimeUp:  # it rang between the two lines
                continue
        done.set()
        watcher.join()  # so that no signal comes after the handlers are back
        if has_timer:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for which, handler in before.items():
            signal.signal(which, handler)
    if keyboard.pressed:
        raise KeyboardInterrupt
    if times:
        raise TimeUp
