"""Is it the few labels? Equal weights, a small weight and a stop-gradient with more of them.

    python benchmarks/allocation_labels.py

keeps results/allocation_labels.json: the same markets as benchmarks/allocation.py, whose chosen
settings are kept, with labels of the purchase on 4,000 rows in place of 400; one minute of one
core. Nothing is tuned again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import allocation
from parts import Stored

from course_utils import paths
from course_utils.comparison.judging import measures
from course_utils.regimes import shared_bottom

FEW = 4_000
NAMES = ("equal weights", "tuned fixed weight", "stop-gradient")


def labels() -> dict[str, Any]:
    """Way -> task -> an AUC a market, with labels of the purchase on many rows."""
    kept = allocation.STORED.load()
    found: dict[str, Any] = {}
    for name in NAMES:
        [trial] = [one for one in allocation.WAYS[name] if one.name == kept[name]["chosen"]]
        trainer = allocation.trainer_of(trial, allocation.TASKS)
        trainer.balancing.weights = (1.0, 1.0, 1.0, trial.weight)
        found[name] = {task: [] for task in allocation.TASKS}
        for seed in allocation.SEEDS:
            one = shared_bottom.make(seed, few=FEW)
            train, valid = one.split.train, one.split.valid
            trainer.fit(
                train, valid, seed, trial.rate, allocation.EPOCHS, allocation.PATIENCE, "each"
            )
            for task, said in trainer.predict(one.split.test).items():
                found[name][task].append(round(float(measures(one.truth[task], said)["auc"]), 5))
    return found


STORED = Stored(
    paths.RESULTS / "allocation_labels.json",
    (*allocation.STORED.code, Path(__file__).resolve()),
    {"seeds": allocation.SEEDS},
)

if __name__ == "__main__":
    STORED.measure({"labels": labels})
