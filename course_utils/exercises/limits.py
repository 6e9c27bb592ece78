"""A time limit for code that may never end. Standard library only."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

AGAIN = 0.2
"""Seconds between two interruptions: code that swallows the first meets the next."""


class TimeUp(BaseException):
    """Not an ``Exception``: the answer's own ``except Exception`` must not swallow it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise ``TimeUp`` in the block once it has run for so long.

    It works in the main thread, where notebook cells run; elsewhere there is no limit. A
    block that swallows the interruption and then ends still raises.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    times = 0
    active = True

    def interrupt(signum: int, frame: FrameType | None) -> None:
        nonlocal times
        times += 1
        if not active:
            return
        if times == 1:
            raise TimeUp
        _raise_some_lines_later(frame, times % 7)

    tracer = sys.gettrace()
    if hasattr(signal, "setitimer"):
        which = signal.SIGALRM
        before = signal.signal(which, interrupt)
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)

        def stop() -> None:
            signal.setitimer(signal.ITIMER_REAL, 0)
    else:  # Windows has no interval timer
        which = signal.SIGINT
        before = signal.signal(which, interrupt)
        done = threading.Event()

        def keep_interrupting() -> None:
            wait = seconds
            while not done.wait(wait):
                _thread.interrupt_main(which)
                wait = AGAIN

        threading.Thread(target=keep_interrupting, daemon=True).start()
        stop = done.set
    try:
        yield
    finally:
        active = False
        stop()
        signal.signal(which, before)
        sys.settrace(tracer)
    if times:
        raise TimeUp


def _raise_some_lines_later(frame: FrameType | None, lines: int) -> None:
    """Raise ``TimeUp`` after so many lines of the interrupted code.

    A loop that waits inside its own ``try`` would swallow an exception raised where it
    waits, each time; a few lines later it stands outside the ``try``.
    """
    left = lines

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal left
        if event == "line":
            left -= 1
            if left < 0:
                raise TimeUp
        return trace

    while frame is not None:
        frame.f_trace = trace
        frame = frame.f_back
    sys.settrace(trace)
