"""What a linear probe finds of the fourth mixture and of the habit, layer by layer, five markets.

    python benchmarks/adding_a_task_probe.py

measures what is missing or stale, kept in results/adding_a_task_probe.json; a minute. The probe
reads 9,998 rows, the head of lesson 33 has 400 or 4,000 labels: it tells what is there, not what
a head can learn.
"""

from __future__ import annotations

import random
import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import adding_a_task as base
import numpy as np
from parts import Stored
from sklearn.linear_model import LinearRegression

from course_utils import paths
from course_utils.models import SharedBottom
from course_utils.regimes import shared_bottom

N = 19_998


def share(network: SharedBottom, layer: str, seed: int, rho: float) -> float:
    """R2, on 6,000 rows that were not fitted, of a linear regression of the true logit."""
    whole = shared_bottom.make(seed, rho=rho, n_train=1, n_valid=1, n_test=N)
    p, rows = whole.truth[base.NEW], whole.split.test
    x = network.embed(rows.codes, rows.numbers)
    x = np.array(network.trunk(x)[0] if layer == "trunk" else x)
    target = np.log(p / (1 - p))
    fitted = LinearRegression().fit(x[:9_998], target[:9_998])
    return round(float(fitted.score(x[-6_000:], target[-6_000:])), 4)


def probed(seed: int) -> dict[str, dict[str, float]]:
    """Layer -> target -> R2, in one market."""
    found = {}
    for width in base.WIDTHS:
        random.seed(3)
        for state, network in (
            ("untrained", base.plain(base.OLD, width)),
            ("trained", base.old_network(seed, width)),
        ):
            network.predict(base.market(seed, 1.0, 400).split.test)
            for layer in ("embeddings", "trunk"):
                found[f"{layer}, width {width}, {state}"] = {
                    "the fourth mixture": share(network, layer, seed, 1.0),
                    "the habit": share(network, layer, seed, 0.0),
                }
    return found


PARTS = {f"market {seed}": partial(probed, seed) for seed in base.SEEDS}

STORED = Stored(
    paths.RESULTS / "adding_a_task_probe.json",
    {"seeds": base.SEEDS},
)


if __name__ == "__main__":
    STORED.measure(PARTS)
