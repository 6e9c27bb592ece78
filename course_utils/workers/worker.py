"""One worker: its part of every batch, and gradients summed with the others'.

    python -m course_utils.workers.worker FOLDER RANK

is started by ``launch.train``. Keras 3's ``fit`` refuses ``MultiWorkerMirroredStrategy``, so the
loop is our own.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.backend import keras, tf
from course_utils.columns import Table
from course_utils.models import SharedBottom
from course_utils.models.losses import log_losses
from course_utils.regimes import shared_bottom
from course_utils.workers.job import DONE, MADE, Job, Outcome

ops = keras.ops

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
"""Windows knows no SIGKILL; there SIGTERM ends a process at once, too."""

POLL = 0.05
"""Seconds between two looks for the others' results."""

WATCH = """
import os, shutil, sys
folder, (worker, how) = sys.argv[1], map(int, sys.argv[2:])
sys.stdin.read()
# Whose parent has ended gets another; the worker's number may be somebody else's by now.
# (Windows starts Python through a launcher, so that the parent is never the worker.)
if os.name == "nt" or os.getppid() == worker:
    os.kill(worker, how)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
"""
"""Nothing is ever written to the worker's standard input: to have read it is to see its end. A
launcher that was killed could not remove the folder of its run: the watchers do, each after its
worker has ended, so that nobody writes there any more after the last."""


def work(job: Job, rank: int, workers: int, strategy: Any) -> Outcome:
    """Train this worker's copy.

    A step's loss of task k is a mean over the rows of the whole batch that have a label of k,

        L_k = sum over workers of (sum of its rows' losses) / (rows with a label, all workers)

    so each worker divides the sum over its own rows by the count of all. The mean of the workers'
    own means is something else wherever labels are missing: a worker with one purchase label would
    count it as much as the other its ten.
    """
    train = shared_bottom.make(job.seed).split.train
    tasks = job.tasks or tuple(train.labels)
    train = replace(
        train,
        labels={task: train.labels[task] for task in tasks},
        masks={task: mask for task, mask in train.masks.items() if task in tasks},
    )
    with strategy.scope():
        keras.utils.set_random_seed(job.seed)
        network = SharedBottom(train.columns, tasks, (job.width,), ())
        optimizer = keras.optimizers.Adam(job.learning_rate)
        optimizer.build(network.trainable_variables)
    weights = network.trainable_variables

    def step(inputs: Any, labels: Any, mask: Any, counts: Any) -> Any:
        with tf.GradientTape() as tape:
            predicted = network(inputs, training=True)
            chances = ops.stack([predicted[task] for task in network.tasks])
            losses = ops.sum(mask * log_losses(labels, chances), axis=1) / counts
            total = ops.sum(losses)
        # The optimizer itself sums the gradients of all workers: to sum them here, too, would
        # count each worker's as often as there are workers.
        optimizer.apply(list(map(tf.convert_to_tensor, tape.gradient(total, weights))))
        return losses

    @tf.function
    def together(*batch: Any) -> Any:
        return strategy.reduce("SUM", strategy.run(step, args=batch), axis=None)

    losses, seconds = [], 0.0
    for number, rows in enumerate(batches(job, len(train))):
        if job.dies == (rank, number):
            os.kill(os.getpid(), KILL)
        part = np.split(rows, workers)[rank]
        before = time.perf_counter()
        losses.append(together(*tensors(train, part, counts_of(train, rows))).numpy())
        seconds += (time.perf_counter() - before) * (number > 0)
    size = sum(int(np.prod(weight.shape)) for weight in weights) * 4
    found = [weight.numpy() for weight in weights]
    return Outcome(found, np.array(losses), seconds, size if workers > 1 else 0)


def batches(job: Job, n: int) -> np.ndarray:
    """``[steps, batch_size]``: rows of each step, the same for every worker."""
    order, size = np.random.default_rng(job.seed), job.batch_size
    epochs = -(-job.steps // (n // size))
    rows = [order.permutation(n)[: n // size * size].reshape(-1, size) for _ in range(epochs)]
    return np.concatenate(rows)[: job.steps]


def counts_of(table: Table, rows: np.ndarray) -> np.ndarray:
    """``[K]``: rows of the whole batch with a label of each task; 1 where there is none."""
    return np.maximum([table.mask(task)[rows].sum() for task in table.labels], 1).astype("float32")


def tensors(table: Table, rows: np.ndarray, counts: np.ndarray) -> tuple[Any, ...]:
    labels = np.stack([y[rows] for y in table.labels.values()])
    mask = np.stack([table.mask(task)[rows] for task in table.labels]).astype("float32")
    inputs = tuple(tf.constant(one[rows]) for one in table.inputs)
    return inputs, tf.constant(labels), tf.constant(mask), tf.constant(counts)


def end_with_the_launcher(folder: Path) -> None:
    """End when the launcher is gone, however it ended: its end of our standard input closes then.
    The folder goes, too, if a launcher made it.

    A process of its own waits for that. A thread would not do: while TensorFlow looks for the
    other workers, no thread of Python runs.
    """
    made = str(folder) if folder.name.startswith(MADE) else ""
    subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", WATCH, made, str(os.getpid()), str(int(KILL))],
        stdin=sys.stdin,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for_all(folder: Path, workers: int) -> None:
    """Return when every worker has written what it brings back.

    A worker may have its last sum while another still fetches a part of it from here: who ends too
    early takes it along. If one ends without a result, the launcher stops the rest.
    """
    while not all((folder / DONE.format(rank)).exists() for rank in range(workers)):
        time.sleep(POLL)


if __name__ == "__main__":
    folder, rank = Path(sys.argv[1]), int(sys.argv[2])
    end_with_the_launcher(folder)
    cluster = json.loads(os.environ.get("TF_CONFIG", "{}")).get("cluster", {})
    n = len(cluster.get("worker", [rank]))
    if n > 1:
        strategy = tf.distribute.MultiWorkerMirroredStrategy()
    else:
        strategy = tf.distribute.get_strategy()
    work(Job.read(folder), rank, n, strategy).write(folder / DONE.format(rank))
    wait_for_all(folder, n)
    # Its background threads would wait for the others, which may have ended.
    sys.stdout.flush()
    os._exit(0)
