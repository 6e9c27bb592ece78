"""Is it the stopping? And is it true where the purchase has a taste of its own?

    python benchmarks/allocation_more.py

keeps results/allocation_more.json; one minute of one core, for the settings that
benchmarks/allocation.py has chosen; nothing is tuned again.

**Best epoch**: the losers in hindsight. Every way keeps the purchase's
weights of the epoch with its least validation loss, which comes early where chances are too sure
of themselves, while its AUC still rises. Here each of the chosen settings trains all epochs, and
the best of every second epoch is taken **on the test rows**: more than any stopping rule can give.

**Own taste**: the same markets with rho = 0, in which the frequent tasks show nothing of what
moves the purchase, and its labels are as few.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import allocation
import numpy as np
from parts import Stored

from course_utils import paths
from course_utils.backend import tf
from course_utils.balancing.fixed import Fixed
from course_utils.comparison.judging import measures
from course_utils.regimes import shared_bottom
from course_utils.training.history import History

LOSERS = ("equal weights", "DWA", "GradNorm", "uncertainty")
FIXED = ("equal weights", "tuned fixed weight", "stop-gradient")


def at_best(trial: allocation.Trial, seed: int) -> float:
    """The purchase's greatest AUC on the test rows, of every second epoch."""
    one, trainer = allocation.market(seed), allocation.trainer_of(trial, allocation.TASKS)
    if isinstance(trainer.balancing, Fixed):
        trainer.balancing.weights = (1.0, 1.0, 1.0, trial.weight)
    trainer._start(seed, trial.rate)
    data, n = trainer._tensors(one.split.train), len(one.split.train)
    order = np.random.Generator(np.random.PCG64(seed))
    history, found = History(trainer.network.tasks), []
    for epoch in range(allocation.EPOCHS):
        rows = order.permutation(n)[: n // trial.batch * trial.batch].reshape(-1, trial.batch)
        trainer._epoch(tf.constant(rows, tf.int32), data, history)
        if epoch % 2:
            said = trainer.network.predict(one.split.test)[allocation.MAIN]
            found.append(float(measures(one.truth[allocation.MAIN], said)["auc"]))
    return round(max(found), 5)


def chosen(name: str) -> allocation.Trial:
    of = allocation.STORED.load()[name]["chosen"]
    [trial] = [one for one in allocation.WAYS[name] if one.name == of]
    return trial


def best_epoch() -> dict[str, list[float]]:
    """Way -> an AUC of the purchase a market."""
    return {name: [at_best(chosen(name), seed) for seed in allocation.SEEDS] for name in LOSERS}


def own_taste() -> dict[str, Any]:
    """Way -> task -> an AUC a market."""
    found: dict[str, Any] = {}
    for name in FIXED:
        trial = chosen(name)
        trainer = allocation.trainer_of(trial, allocation.TASKS)
        trainer.balancing.weights = (1.0, 1.0, 1.0, trial.weight)
        found[name] = {task: [] for task in allocation.TASKS}
        for seed in allocation.SEEDS:
            one = shared_bottom.make(seed, rho=0.0)
            train, valid = one.split.train, one.split.valid
            trainer.fit(
                train, valid, seed, trial.rate, allocation.EPOCHS, allocation.PATIENCE, "each"
            )
            for task, said in trainer.predict(one.split.test).items():
                found[name][task].append(round(float(measures(one.truth[task], said)["auc"]), 5))
    return found


STORED = Stored(
    paths.RESULTS / "allocation_more.json",
    (*allocation.STORED.code, Path(__file__).resolve()),
    {"seeds": allocation.SEEDS},
)

if __name__ == "__main__":
    STORED.measure({"best epoch": best_epoch, "own taste": own_taste})
