"""What the capstone's rankers weigh and how long they take for a list (lesson 70).

    python benchmarks/capstone_cost.py

A third of a minute. CPU time of one thread, compiled, median of ``CALLS`` calls in turns: a list
of ten products, and a thousand candidates. The three regressions are served as sums of looked-up
weights, the numbers' by scenario. *Best of each task* asks the click's regression and a network
for each of two snapshots; one network with three snapshots is built as the three twins are.
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
from shop_contenders import BY_SCENARIO, CROSSES, PRODUCTS, with_crosses

from course_utils import paths
from course_utils.backend import tf
from course_utils.comparison.inputs import scenario_column
from course_utils.comparison.logistic import crossed
from course_utils.models import PLE, SharedBottom
from course_utils.shop.tasks import TASKS

SEEDS = (0,)
LIST, CANDIDATES, CALLS = 10, 1_000, 200
REGRESSIONS, BEST = "three crossed regressions", "best of each task"

Ask = Callable[[Any], Any]


def networks() -> dict[str, list[Any]]:
    """Ranker -> the networks that one request asks."""
    columns = with_crosses(models.case(0).split).train.columns
    return {
        BEST: [SharedBottom(columns, TASKS) for _ in range(2)],
        models.JOINT: [SharedBottom(columns, TASKS)],
        models.TWINS: [SharedBottom(columns, [task]) for task in TASKS],
        "PLE on crosses": [PLE(columns, TASKS)],
    }


def weights() -> int:
    """How many numbers one crossed regression has."""
    train = scenario_column(models.case(0).split).train
    features = crossed(train, train.take(np.arange(2)), (*CROSSES, *PRODUCTS, *BY_SCENARIO))
    return int(features[0].shape[1]) + 1


def regressions(tasks: int) -> Ask:
    """Sums of looked-up weights: a row of ``tasks`` numbers for each code."""
    columns = with_crosses(models.case(0).split).train.columns
    sizes = [len(values) + 1 for values in columns.vocabulary.values()]
    draw = np.random.default_rng(0)
    rows = tf.constant(draw.normal(size=(sum(sizes), tasks)).astype("float32"))
    starts = tf.constant(np.cumsum([0, *sizes[:-1]]).astype("int32"))
    shape = (len(columns.scenarios), len(columns.numbers), tasks)
    slopes = tf.constant(draw.normal(size=shape).astype("float32"))

    def ask(inputs: Any) -> Any:
        codes, numbers, scenario = inputs
        looked_up = tf.reduce_sum(tf.gather(rows, codes + starts), axis=1)
        by_scenario = tf.einsum("nj,njt->nt", numbers, tf.gather(slopes, scenario))
        return tf.sigmoid(looked_up + by_scenario)

    return ask


def asked() -> dict[str, list[Ask]]:
    """Ranker -> all that one request asks."""
    found: dict[str, list[Ask]] = {REGRESSIONS: [regressions(len(TASKS))], **networks()}
    found[BEST] = [regressions(1), *found[BEST]]
    return found


def compiled(parts: list[Ask]) -> Ask:
    return tf.function(lambda inputs: [one(inputs) for one in parts], reduce_retracing=True)


def measured() -> dict[str, dict[str, float]]:
    """Ranker -> parameters, milliseconds for a list and for a thousand candidates."""
    test = with_crosses(models.case(0).split).test
    found: dict[str, dict[str, float]] = {
        name: {"parameters": many} for name, many in small().items()
    }
    run = {name: compiled(parts) for name, parts in asked().items()}
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
    return found


def small() -> dict[str, int]:
    """For the test: parameters, which no machine changes."""
    found = {
        name: int(sum(one.count_params() for one in parts)) for name, parts in networks().items()
    }
    one = weights()
    found[BEST] += one
    return {REGRESSIONS: len(TASKS) * one, **found}


PARTS = {"small": small, "cost": measured}

STORED = Stored(
    paths.RESULTS / "capstone_cost.json",
    {"seeds": SEEDS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
