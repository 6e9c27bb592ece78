"""Whatever ends an answer, and wherever a signal lands: what the check changed is put back."""

from __future__ import annotations

import contextlib
import itertools
import math
import signal
import sys
import warnings
from collections.abc import Iterator
from types import FrameType
from typing import Any

import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel

from course_utils import paths
from course_utils.exercises import engine, task
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="Windows has neither this timer nor its signal"
)


def _check_one(answer: Any) -> None:
    assert as_number(answer([1]), "one([1])") == 1


ONE = Task("99.1", "Return one.", _check_one, ("one", "two", "three"))


def _settings() -> tuple[Any, ...]:
    """All that a check changes while it runs."""
    handlers = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGALRM)]
    timer = signal.getitimer(signal.ITIMER_REAL)
    return sys.stdout, list(warnings.filters), np.geterr(), handlers, timer


@pytest.fixture(autouse=True)
def ignored() -> Iterator[None]:
    """Outside of the check the alarm is nobody's: by default it would end the process."""
    before = signal.signal(signal.SIGALRM, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _signal_at(at: int, which: signal.Signals) -> Iterator[list[int]]:
    """Send a signal before the instruction of this number; the list grows by one each."""
    seen: list[int] = []

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        frame.f_trace_opcodes = True
        if event == "opcode":
            seen.append(1)
            if len(seen) == at:
                sys.settrace(None)
                signal.raise_signal(which)  # the handler sees this frame, inside of the traced one
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield seen
    finally:
        sys.settrace(before)


def _returns(numbers: Any) -> int:
    return 1


def _is_out_of_time(numbers: Any) -> int:
    """The first interruption, as after a long call into compiled code; the second is pending."""
    signal.raise_signal(signal.SIGALRM)
    return 1


@pytest.mark.parametrize(
    ("answer", "which", "outcome"),
    [
        (_is_out_of_time, signal.SIGALRM, "error"),
        (_returns, signal.SIGALRM, "error"),
        (_returns, signal.SIGINT, "KeyboardInterrupt"),
    ],
)
def test_a_signal_between_any_two_instructions(
    monkeypatch: pytest.MonkeyPatch, answer: Any, which: signal.Signals, outcome: str
) -> None:
    # A signal may land while something is being collected. pytest's hook for that has instructions
    # of its own, and a second signal in it fails the test; a builtin has none.
    monkeypatch.setattr(sys, "unraisablehook", id)
    before = _settings()
    outcomes = []
    for at in itertools.count(1):
        try:
            with _signal_at(at, which) as seen:
                how = ONE.check(answer).status
        except KeyboardInterrupt:
            how = "KeyboardInterrupt"
        assert _settings() == before, f"at instruction {at}: {how}"
        if len(seen) < at:
            break
        outcomes.append(how)
    assert outcomes.count(outcome) > len(outcomes) / 3


def test_who_tries_all_orders_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Task 31.4 forbids it, and has more texts than it would ever end on."""
    monkeypatch.setattr(engine, "SECONDS", 2.0)
    verdict = task("31.4").check(_all_orders)
    assert verdict.status == "error" and "still running" in verdict.message


def _all_orders(scores: Any, grades: Any, k: int) -> Any:
    s, g = [float(one) for one in scores], [float(one) for one in grades]
    found = []
    for order in itertools.permutations(range(len(s))):
        if all(s[a] >= s[b] for a, b in itertools.pairwise(order)):
            at = enumerate(order[:k])
            found.append(sum((2 ** g[i] - 1) / math.log2(p + 2) for p, i in at))
    best = sorted((2**one - 1 for one in g), reverse=True)[:k]
    return np.mean(found) / sum(one / math.log2(p + 2) for p, one in enumerate(best))


def test_prints_show_in_a_real_kernel_after_an_answer_hung_in_compiled_code() -> None:
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(paths.ROOT))
    try:

        def run(code: str) -> str:
            said = []
            client.execute_interactive(code, timeout=60, output_hook=said.append)
            return "".join(one["content"].get("text", "") for one in said)

        run(
            "from course_utils.exercises import engine, task\n"
            "engine.SECONDS = 0.05\n"
            "def hangs(*given):\n"
            "    return sum(range(50_000_000))"
        )
        for _ in range(4):
            assert run('print(task("15.3").check(hangs).status)') == "error\n"
            assert run('print("still here")') == "still here\n"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
