"""All networks of the course in a small size, and rows for them."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pandas as pd

from course_utils import models
from course_utils.columns import Columns, Table
from course_utils.models import Network

TASKS = ("click", "purchase")
SCENARIOS = ("home", "search", "cart")

BUILDS = {
    "SingleTask": lambda c, t=TASKS: models.SingleTask(c, t, (12, 10), (6,), 4),
    "SharedBottom": lambda c, t=TASKS: models.SharedBottom(c, t, (12, 10), (6,), 4),
    "DCN": lambda c, t=TASKS: models.DCN(c, t, 2, (12, 10), (6,), 4),
    "MMoE": lambda c, t=TASKS: models.MMoE(c, t, 3, (12, 10), (6,), 4),
    "CGC": lambda c, t=TASKS: models.PLE(c, t, 1, 2, 1, (10,), (6,), 4),
    "PLE": lambda c, t=TASKS: models.PLE(c, t, 2, 2, 1, (10,), (6,), 4),
    "ESMM": lambda c, t=TASKS: models.ESMM(c, t, (12, 6), 4),
    "ESCM2": lambda c, t=TASKS: models.ESCM2(c, t, 0.5, 0.5, 0.1, 3, (12, 10), (6,), 4),
    "AITM": lambda c, t=TASKS: models.AITM(c, t, (12, 10), 0.6, 4),
    "STAR": lambda c, t=TASKS: models.STAR(c, t, (12, 10), (6,), 4, 4),
    "PEPNet": lambda c, t=TASKS: models.PEPNet(c, t, ("user", "item"), (12, 10), 4),
    "HMoE": lambda c, t=TASKS: models.HMoE(c, t, 3, (12, 10), (6,), 4),
    "M2M": lambda c, t=TASKS: models.M2M(c, t, ("user",), 3, 4, 1, 4),
    "M3oE": lambda c, t=TASKS: models.M3oE(c, t, 2, 5, (6,), 4),
}
SCENARIO_NETWORKS = ("STAR", "PEPNet", "HMoE", "M2M", "M3oE")


def frame(n: int, seed: int = 0) -> pd.DataFrame:
    """Rows with two ids, a bag of words, two numbers, a scenario and two labels."""
    draw = np.random.default_rng(seed)
    words = ["red", "blue", "warm", "cheap", "new"]
    click = draw.integers(2, size=n)
    return pd.DataFrame(
        {
            "user": draw.integers(7, size=n).astype(str),
            "item": draw.integers(5, size=n).astype(str),
            "words": [list(draw.permutation(words)[: draw.integers(4)]) for _ in range(n)],
            "price": draw.normal(20.0, 5.0, size=n),
            "age": draw.normal(size=n),
            "scenario": draw.permutation(np.resize(SCENARIOS, n)),
            "click": click,
            "purchase": click * draw.integers(2, size=n),
        }
    )


def fit_columns(rows: pd.DataFrame) -> Columns:
    return Columns.fit(rows, ["user", "item"], ["price", "age"], {"words": 3}, "scenario")


def encode(columns: Columns, rows: pd.DataFrame) -> Table:
    return columns.table(rows, TASKS, {"purchase": rows.click.to_numpy() == 1}, groups="user")


def make(name: str, columns: Columns, seed: int = 0) -> Network:
    """A network whose every weight is random: no zero bias, no factor of 1, hides a mistake."""
    random.seed(seed)
    network = BUILDS[name](columns)
    draw = np.random.default_rng(seed)
    weights = [w + draw.normal(0.0, 0.3, w.shape).astype("float32") for w in network.get_weights()]
    network.set_weights(weights)
    for weight in network.non_trainable_variables:  # variances of STAR's norm
        weight.assign(np.abs(weight) + 0.1)
    return network


def predict(network: Network, table: Table, training: bool = False) -> dict[str, Any]:
    return {k: np.array(p) for k, p in network(table.inputs, training=training).items()}
