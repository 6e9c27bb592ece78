"""What the capstone's rankers weigh and how long they take for a list (lesson 70).

    python benchmarks/capstone_cost.py

A quarter of a minute. CPU time of one thread, compiled, median of ``CALLS`` calls in turns: a
list of ten products, and a thousand candidates. A request has one scenario, so of nine twins
three are asked; all are kept.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import capstone_models as models
import numpy as np
from parts import Stored
from shop_contenders import with_crosses

from course_utils import paths
from course_utils.backend import tf
from course_utils.models import PLE, SharedBottom
from course_utils.shop.tasks import TASKS

SEEDS = (0,)
LIST, CANDIDATES, CALLS = 10, 1_000, 200


def networks() -> dict[str, list[Any]]:
    """Ranker -> the networks that one request asks."""
    columns = with_crosses(models.case(0).split).train.columns
    return {
        models.JOINT: [SharedBottom(columns, TASKS)],
        models.TWINS: [SharedBottom(columns, [task]) for task in TASKS],
        "PLE on crosses": [PLE(columns, TASKS)],
    }


def compiled(parts: list[Any]) -> Callable[[Any], Any]:
    return tf.function(lambda inputs: [one(inputs) for one in parts], reduce_retracing=True)


def measured() -> dict[str, dict[str, float]]:
    """Ranker -> parameters, milliseconds for a list and for a thousand candidates."""
    test = with_crosses(models.case(0).split).test
    made = networks()
    found: dict[str, dict[str, float]] = {
        name: {"parameters": int(sum(one.count_params() for one in parts))}
        for name, parts in made.items()
    }
    found[models.NINE] = {"parameters": 3 * found[models.TWINS]["parameters"]}
    run = {name: compiled(parts) for name, parts in made.items()}
    for n, word in ((LIST, "a list"), (CANDIDATES, "a thousand")):
        inputs = tuple(map(tf.constant, test.take(np.arange(n)).inputs))
        times: dict[str, list[float]] = {name: [] for name in run}
        for call in range(CALLS + 10):
            for name, ask in run.items():
                before = time.process_time()
                ask(inputs)
                if call >= 10:
                    times[name].append(time.process_time() - before)
        for name, of in times.items():
            found[name][f"ms, {word}"] = round(1000 * float(np.median(of)), 3)
        found[models.NINE][f"ms, {word}"] = found[models.TWINS][f"ms, {word}"]
    return found


def small() -> dict[str, int]:
    """For the test: parameters, which no machine changes."""
    return {
        name: int(sum(one.count_params() for one in parts)) for name, parts in networks().items()
    }


PARTS = {"small": small, "cost": measured}

STORED = Stored(
    paths.RESULTS / "capstone_cost.json",
    (Path(__file__).resolve(), *models.STORED.code),
    {"seeds": SEEDS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
