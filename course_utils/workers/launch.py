"""The launcher: start the workers, look after them, leave none behind. No TensorFlow here."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.workers.job import DONE, MADE, Job, Outcome

POLL = 0.1
"""Seconds between two looks at the workers."""

FROM_OUTSIDE = {-getattr(signal, name, 0) for name in ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")}
"""How a process ends that somebody else ended; one that fails by itself ends in other ways."""

PATIENCE = 5.0
"""Seconds that a worker has to end when it is asked to, before it is killed."""


def train(job: Job, workers: int = 1, timeout: float = 300.0) -> list[Outcome]:
    """Train with that many processes on this machine, and wait for them.

    With several, each holds a copy of the network, gets its part of every batch, and
    ``tf.distribute.MultiWorkerMirroredStrategy`` sums their gradients over loopback. Where one
    worker ends too early, the others would wait for its gradients for ever: all are stopped.

    Args:
        timeout: seconds after which all are stopped.

    Returns:
        What each worker brought back, by rank.

    Raises:
        CourseError: before anything is started if the batch cannot be divided; else if a worker
            ended without a result, or they took too long. No worker runs any more then.
    """
    if type(workers) is not int or workers < 1 or job.batch_size % workers:
        raise CourseError(
            f"workers must be a whole number that divides the batch of {job.batch_size} rows, "
            f"got {workers!r}."
        )
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=MADE)))
        job.write(folder)
        started: list[subprocess.Popen[bytes]] = []
        stack.callback(stop, started)  # whatever happens, an interrupted kernel too
        addresses = [f"127.0.0.1:{port}" for port in _free_ports(workers)]
        for rank in range(workers):
            said = stack.enter_context((folder / f"said-{rank}").open("wb"))
            started.append(
                subprocess.Popen(
                    [sys.executable, "-m", "course_utils.workers.worker", str(folder), str(rank)],
                    cwd=paths.ROOT,
                    # TensorFlow leaves files of its own in the temporary directory.
                    env={**_environment(addresses, rank), "TMPDIR": str(folder)},
                    # A worker reads its end: when this process is gone, so is the worker.
                    stdin=subprocess.PIPE,
                    stdout=said,
                    stderr=said,
                )
            )
        _wait(started, job, folder, timeout)
        return [Outcome.read(folder / DONE.format(rank)) for rank in range(workers)]


def train_each(jobs: Sequence[Job], timeout: float = 300.0) -> list[Outcome]:
    """Train every job in a process of its own, all at once; nothing is summed between them.

    Returns:
        What each brought back, in the order of the jobs.

    Raises:
        CourseError: as ``train`` does, after the others are done.
    """
    with ThreadPoolExecutor(max(1, len(jobs))) as pool:
        return [one for (one,) in pool.map(lambda job: train(job, timeout=timeout), jobs)]


def stop(started: Sequence[subprocess.Popen[bytes]]) -> None:
    """End all that still run: ask first, then kill. Returns when none is left."""
    running = [one for one in started if one.poll() is None]
    for one in running:
        one.terminate()
    until = time.monotonic() + PATIENCE
    for one in running:
        try:
            one.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()
    for one in started:
        if one.stdin is not None:
            one.stdin.close()


def _wait(
    started: Sequence[subprocess.Popen[bytes]], job: Job, folder: Path, timeout: float
) -> None:
    until = time.monotonic() + timeout
    while True:
        codes = [one.poll() for one in started]
        early = {
            rank: code
            for rank, code in enumerate(codes)
            if code is not None and not (folder / DONE.format(rank)).exists()
        }
        if early:
            stop(started)
            rank = _first(early)
            raise CourseError(_early(rank, early[rank], len(started), folder))
        if all(code is not None for code in codes):
            return
        if time.monotonic() > until:
            stop(started)
            raise CourseError(
                f"{len(started)} workers did not finish {job.steps} steps in {timeout:g} seconds; "
                "all were stopped. Give a longer timeout, or fewer steps."
            )
        time.sleep(POLL)


def _first(early: Mapping[int, int]) -> int:
    """Which of the workers that ended too early began it: one that was ended from outside, if any.
    The others lose its connection and fail at once, perhaps before anybody looks.

    Args:
        early: rank -> how the process ended.
    """
    return min(early, key=lambda rank: (early[rank] not in FROM_OUTSIDE, rank))


def _early(rank: int, code: int, n: int, folder: Path) -> str:
    """What the reader is told of a worker that ended without a result."""
    how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
    others = "" if n == 1 else " All others would wait for its gradients: they were stopped."
    said = (folder / f"said-{rank}").read_text("utf-8", "replace").strip().splitlines()
    # TensorFlow puts lines of its graph behind the error.
    errors = [line for line in said if "Error" in line] or said
    last = f" Its last line: {errors[-1]}" if said and code > 0 else ""
    return f"Worker {rank} of {n} {how} before the job was done.{others}{last}"


def _free_ports(n: int) -> list[int]:
    """Ports of loopback that nobody listens on now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(n)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _environment(addresses: Sequence[str], rank: int) -> dict[str, str]:
    """One thread each, and who the others are: TensorFlow reads it from ``TF_CONFIG``."""
    own = {"OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    task = {"type": "worker", "index": rank}
    config = {"cluster": {"worker": list(addresses)}, "task": task}
    shared = {"TF_CONFIG": json.dumps(config)} if len(addresses) > 1 else {}
    known = {key: value for key, value in os.environ.items() if key != "TF_CONFIG"}
    return {**known, **own, **shared, "PYTHONPATH": str(paths.ROOT)}
