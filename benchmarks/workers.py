"""One network trained by two processes: the same weights, a worker that dies, and the speed.

For lesson 41.

    python benchmarks/workers.py

measures what is missing or stale, each part kept in results/workers.json as soon as it is done;
seven minutes. The weights, the sentence and the bytes are the same on every machine. The seconds
are not, and a busy machine makes them worse: one and two workers alternate, ratios of neighbouring
runs are kept, and the load beside them. To measure them again on a quiet machine:

    python benchmarks/workers.py --speed
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.workers.job import Job, greatest_difference
from course_utils.workers.launch import _environment, _free_ports, train, train_each

STEPS, RUNS = 100, 3
SPEEDS = {
    "256 rows, trunk of 64": Job(steps=40, batch_size=256),
    "4,096 rows, trunk of 64": Job(steps=40, batch_size=4_096),
    "256 rows, trunk of 2,048": Job(steps=40, batch_size=256, width=2_048),
    "4,096 rows, trunk of 2,048": Job(steps=20, batch_size=4_096, width=2_048),
}
TASKS = ("view", "click", "save", "purchase")

FIT = """
import os
import keras
import numpy as np
import tensorflow as tf
strategy = tf.distribute.MultiWorkerMirroredStrategy()
with strategy.scope():
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
try:
    model.fit(np.zeros((8, 3)), np.zeros((8, 1)), batch_size=8, verbose=0)
    said = "fit worked"
except Exception as error:
    said = f"{type(error).__name__}: {error}"
print(said, flush=True)
os._exit(0)
"""
"""What a reader would try first."""


def same() -> dict[str, Any]:
    """The weights of one process and of two, after as many steps."""
    job = Job(steps=STEPS)
    (one,), two = train(job, 1), train(job, 2)
    return {
        "steps": STEPS,
        "between the two workers": greatest_difference(*two),
        "one process and two": greatest_difference(one, two[0]),
        "moved in training": greatest_difference(train(Job(steps=1))[0], one),
        "largest weight": float(max(np.abs(weight).max() for weight in one.weights)),
        "bytes summed a step": two[0].bytes_summed,
    }


def killed() -> str:
    """What the launcher says of a worker that the system kills in the middle."""
    try:
        train(Job(steps=STEPS, dies=(1, STEPS // 2)), 2)
    except CourseError as error:
        return str(error)
    raise AssertionError("the worker lived")


def fit() -> str:
    """What ``model.fit`` says under the strategy, with two workers."""
    addresses = [f"127.0.0.1:{port}" for port in _free_ports(2)]
    with ExitStack() as stack:
        started = []
        for rank in range(2):
            env = {**_environment(addresses, rank), "KERAS_BACKEND": "tensorflow"}
            command = [sys.executable, "-c", FIT]
            started.append(
                stack.enter_context(
                    subprocess.Popen(
                        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                        text=True,
                    )
                )
            )  # fmt: skip
        said = [one.communicate(timeout=300)[0] for one in started]
    return " ".join(said[0].split())


def by_task() -> dict[str, Any]:
    """A network a task, each in a process of its own, and one after the other."""
    jobs = [Job(steps=STEPS, tasks=(task,)) for task in TASKS]
    together, alone = train_each(jobs), [train(job)[0] for job in jobs]
    pairs = zip(together, alone, strict=True)
    return {
        "greatest difference": max(greatest_difference(*pair) for pair in pairs),
        "bytes summed a step": sum(one.bytes_summed for one in together),
        "parameters": [sum(w.size for w in one.weights) for one in together],
        "parameters of one network": sum(w.size for w in train(Job(steps=1))[0].weights),
    }


def speed() -> dict[str, Any]:
    """Milliseconds a step of one and of two workers, alternating, the first step left out."""
    found: dict[str, Any] = {}
    for name, job in SPEEDS.items():
        runs: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(RUNS):
            for workers in runs:
                done = train(job, workers, timeout=900)[0]
                runs[workers].append(round(1_000 * done.seconds / (job.steps - 1), 3))
        found[name] = {
            "one": runs[1],
            "two": runs[2],
            "bytes summed a step": done.bytes_summed,
            "load": round(os.getloadavg()[0], 1),
        }
    return {"runs": found, "cores": os.cpu_count()}


STORED = Stored(
    paths.RESULTS / "workers.json",
    {},
)

PARTS: Mapping[str, Any] = {
    "same": same,
    "killed": killed,
    "fit": fit,
    "by task": by_task,
    "speed": speed,
}


def main(arguments: Sequence[str]) -> None:
    kept = STORED.load()
    if "--speed" in arguments and kept.pop("speed", None):
        STORED.file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    STORED.measure(PARTS)


if __name__ == "__main__":
    main(sys.argv[1:])
