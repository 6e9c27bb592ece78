"""A time limit for code that may never end. Standard library only."""

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


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise ``TimeUp`` in the block once it has run for so long.

    It works in the main thread, where notebook cells run; elsewhere there is no limit. A
    block that swallows the interruption and then ends still raises. What it cannot end: one
    single call into compiled code, until that returns.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    times = 0
    active = True

    if hasattr(signal, "setitimer"):
        which = signal.SIGALRM

        def interrupt(signum: int, frame: FrameType | None) -> None:
            nonlocal times
            if not active:
                return
            times += 1
            # A loop that waits inside its own `try` swallows what is raised there. So ring
            # again after some microseconds, each time another number of them, until one falls
            # outside of it; and at the latest in 50 ms.
            soon = AGAIN if times == 1 else (1 + times * 7919 % 200) * 1e-6
            signal.setitimer(signal.ITIMER_REAL, soon, 0.05)
            raise TimeUp

        before = signal.signal(which, interrupt)
        signal.setitimer(signal.ITIMER_REAL, seconds)

        def stop() -> None:
            signal.setitimer(signal.ITIMER_REAL, 0)
    else:  # Windows has no interval timer
        which = signal.SIGINT
        done, rang = threading.Event(), threading.Event()

        def interrupt(signum: int, frame: FrameType | None) -> None:
            nonlocal times
            if not rang.is_set():
                raise KeyboardInterrupt  # it was the reader
            if active:
                times += 1
                raise TimeUp

        def keep_interrupting() -> None:
            wait = seconds
            while not done.wait(wait):
                rang.set()
                _thread.interrupt_main(which)
                wait = AGAIN

        before = signal.signal(which, interrupt)
        threading.Thread(target=keep_interrupting, daemon=True).start()
        stop = done.set
    try:
        yield
    finally:
        while active:
            try:
                active = False
            except TimeUp:  # it rang between the two lines
                continue
        stop()
        signal.signal(which, before)
    if times:
        raise TimeUp
