"""Workers: the same weights as one process, one sentence where one dies, and none left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.workers import launch
from course_utils.workers.job import DONE, MADE, Job, Outcome, greatest_difference
from course_utils.workers.worker import KILL, wait_for_all

TOLERANCE = 1e-5
"""Of the weights after twenty steps. They are some .1 in size; sums in another order differ in the
last digits of single precision, 1e-7."""

JOB = Job(steps=20, batch_size=64)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Every process that the launcher starts."""
    found: list[subprocess.Popen[bytes]] = []

    made = subprocess.Popen

    def noted(*args: Any, **kwargs: Any) -> subprocess.Popen[bytes]:
        found.append(made(*args, **kwargs))
        return found[-1]

    monkeypatch.setattr(launch.subprocess, "Popen", noted)
    return found


@pytest.fixture(scope="module")
def outcomes() -> Iterator[dict[int, list[Outcome]]]:
    yield {workers: launch.train(JOB, workers) for workers in (1, 2)}


def test_two_workers_have_the_weights_of_one(outcomes: dict[int, list[Outcome]]) -> None:
    (one,), two = outcomes[1], outcomes[2]
    assert greatest_difference(*two) == 0.0
    assert greatest_difference(one, two[0]) < TOLERANCE
    np.testing.assert_allclose(one.losses, two[0].losses, atol=TOLERANCE)
    # The purchase has a label on few rows: some batch has more of them in one half.
    assert one.losses.shape == (JOB.steps, 4)


def test_training_moved_the_weights_by_more_than_the_tolerance(
    outcomes: dict[int, list[Outcome]],
) -> None:
    shorter = launch.train(Job(steps=1, batch_size=64))[0]
    assert greatest_difference(shorter, outcomes[1][0]) > 1_000 * TOLERANCE


def test_a_worker_that_is_done_waits_for_the_others(tmp_path: Path) -> None:
    """Another may still fetch its part of the last sum."""
    (tmp_path / DONE.format(0)).touch()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait_for_all, tmp_path, 2)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.5)
        (tmp_path / DONE.format(1)).touch()
        waiting.result(timeout=10)


def test_the_launcher_imports_no_tensorflow() -> None:
    code = "import sys, course_utils.workers.launch; assert 'tensorflow' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=paths.ROOT, check=True)


def test_a_killed_worker_is_one_sentence_and_leaves_nothing(
    started: list[subprocess.Popen[bytes]],
) -> None:
    job = Job(steps=20, batch_size=64, dies=(1, 10))
    with pytest.raises(CourseError, match=r"^Worker 1 of 2 was killed by signal 9 before the job"):
        launch.train(job, 2)
    assert len(started) == 2
    assert all(one.returncode is not None for one in started)
    workers = [one.pid for one in started]
    assert _soon(lambda: not any(map(_watched, workers)))


@pytest.mark.parametrize(
    ("early", "first"),
    [
        ({0: 1, 1: -signal.SIGTERM}, 1),
        ({0: -signal.SIGABRT, 1: -signal.SIGKILL}, 1),
        ({0: -signal.SIGKILL, 1: 1}, 0),
        ({0: 1, 1: 1}, 0),
        ({1: 1}, 1),
    ],
)
def test_the_worker_that_was_ended_is_named_and_not_one_that_lost_it(
    early: dict[int, int], first: int
) -> None:
    """The first may fail before the launcher looks again: then both have ended."""
    assert launch._first(early) == first


def test_both_gone_before_the_launcher_looks(tmp_path: Path) -> None:
    ends = ("raise SystemExit(1)", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)")
    gone = [subprocess.Popen([sys.executable, "-c", code]) for code in ends]
    for rank, one in enumerate(gone):
        one.wait()
        (tmp_path / f"said-{rank}").touch()
    with pytest.raises(CourseError, match=r"^Worker 1 of 2 was killed by signal 15 before the job"):
        launch._wait(gone, JOB, tmp_path, timeout=10)


def test_too_slow_workers_are_stopped(started: list[subprocess.Popen[bytes]]) -> None:
    with pytest.raises(CourseError, match=r"did not finish 20 steps in 0\.2 seconds; all were"):
        launch.train(JOB, 2, timeout=0.2)
    assert all(one.returncode is not None for one in started)


def test_a_worker_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {**os.environ, "TF_CONFIG": "no JSON"}
    monkeypatch.setattr(launch, "_environment", lambda addresses, rank: broken)
    with pytest.raises(CourseError, match=r"^Worker 0 of 1 ended with code 1 .* Its last line: "):
        launch.train(JOB)


def test_workers_end_when_the_launcher_is_gone(tmp_path: Path) -> None:
    code = (
        "from course_utils.workers import launch\n"
        "from course_utils.workers.job import Job\n"
        "import subprocess\n"
        "made = subprocess.Popen\n"
        "def shown(*args, **kwargs):\n"
        "    one = made(*args, **kwargs)\n"
        "    print(one.pid, flush=True)\n"
        "    return one\n"
        "launch.subprocess.Popen = shown\n"
        "launch.train(Job(steps=100_000), 2)\n"
    )
    launcher = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=paths.ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert launcher.stdout is not None
    workers = [int(launcher.stdout.readline()) for _ in range(2)]
    assert _soon(lambda: all(map(_watched, workers)))
    assert list(tmp_path.glob(f"{MADE}*"))
    launcher.send_signal(signal.SIGKILL)
    launcher.wait()
    assert _soon(lambda: not any(map(_runs, workers))), "A worker outlived its launcher."
    assert _soon(lambda: not any(map(_watched, workers)))
    assert not list(tmp_path.iterdir()), "The folder of a run outlived its launcher."


def _soon(holds: Callable[[], bool]) -> bool:
    """Whether it comes to hold within some minutes: a busy machine starts TensorFlow slowly."""
    for _ in range(2_400):
        if holds():
            return True
        time.sleep(0.1)
    return False


def _watched(pid: int) -> bool:
    """Whether a process waits for the end of this worker's launcher."""
    listed = subprocess.run(["ps", "-A", "-ww", "-o", "args="], capture_output=True, text=True)
    return any(line.endswith(f" {pid} {int(KILL)}") for line in listed.stdout.splitlines())


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # Ended, but its new parent has not looked yet.
    status = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(status.stdout.strip()) and not status.stdout.strip().startswith("Z")


def test_tasks_in_processes_of_their_own_are_as_one_after_the_other() -> None:
    jobs = [Job(steps=5, batch_size=64, tasks=(task,)) for task in ("view", "purchase")]
    together, alone = launch.train_each(jobs), [launch.train(job)[0] for job in jobs]
    for one, other in zip(together, alone, strict=True):
        assert one.losses.shape == (5, 1) and one.bytes_summed == 0
        assert greatest_difference(one, other) == 0.0


def test_impossible_jobs_are_refused_before_anything_starts(
    started: list[subprocess.Popen[bytes]],
) -> None:
    with pytest.raises(CourseError, match=r"^steps must be a whole number, 1 or more, got 0\.$"):
        Job(steps=0)
    with pytest.raises(CourseError, match=r"^learning_rate must be a number above 0, got -1\.0\.$"):
        Job(learning_rate=-1.0)
    with pytest.raises(CourseError, match=r"divides the batch of 64 rows, got 3\.$"):
        launch.train(JOB, 3)
    with pytest.raises(CourseError, match=r"divides the batch of 64 rows, got 0\.$"):
        launch.train(JOB, 0)
    assert not started


def test_outcomes_of_two_networks_are_not_compared() -> None:
    outcome = [Outcome([np.zeros(n)], np.zeros((1, 4)), 0.0, 0) for n in (2, 3)]
    with pytest.raises(CourseError, match="two different networks"):
        greatest_difference(*outcome)
