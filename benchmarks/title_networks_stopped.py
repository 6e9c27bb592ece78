"""What the stop alone does to lesson 50's CNN: by the lowest loss, or by the best PR-AUC.

    python benchmarks/title_networks_stopped.py

makes results/title_networks_stopped.json after title_networks_ranked.py and its pairs,
some three CPU minutes. Setting and patience are theirs, and the same for both stops: with 1,500
titles, where order counts, and with the 6,000 titles of title_networks.py's part "more rows".
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import title_networks as first
import title_networks_pairs as pairs
import title_networks_ranked as ranked
from parts import Stored

from course_utils import paths
from course_utils.backend import tf
from course_utils.labels.titles import known_loss

CNN = "CNN, max"


def low_loss(labels: np.ndarray, log_odds: np.ndarray) -> float:
    """Minus the loss: a criterion is better if it is higher."""
    return -float(known_loss(tf.constant(labels), tf.constant(log_odds)))


def by_loss(text: first.Text, dropout: float, rate: float) -> np.ndarray:
    return ranked.trained(text, text.ids, text.y, "max", 3, dropout, rate, low_loss)


def stopped_by_loss(
    settings: Mapping[str, Any], make: Callable[[int], first.Text], shops: Sequence[int]
) -> dict[str, Any]:
    """Metric -> one number a shop, of the CNN with the setting chosen for the stop by PR-AUC."""
    ways: dict[str, first.Way] = {CNN: (by_loss, [])}
    return first.on_shops(settings, ways, make, shops)[CNN]


def large(seed: int) -> first.Text:
    return first.titles(seed, labelled=first.LARGE)


def more_rows(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The CNN and the mean, stopped by PR-AUC: way -> metric -> one number a shop."""
    ways = {name: ranked.WAYS[name] for name in (CNN, "mean")}
    return first.on_shops(settings, ways, large, range(3))


STORED: Stored = Stored(
    paths.RESULTS / "title_networks_stopped.json",
    first.STORED.seeds,
)
CHOSEN = ranked.STORED.earlier("chosen")
PARTS: Mapping[str, Callable[[], Any]] = {
    "more rows": partial(more_rows, CHOSEN),
    "contest, by loss": partial(stopped_by_loss, CHOSEN, first.titles, first.SHOPS),
    "negated, by loss": partial(
        stopped_by_loss, pairs.STORED.earlier("chosen"), first.negated, first.SHOPS
    ),
    "more rows, by loss": partial(stopped_by_loss, CHOSEN, large, range(3)),
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
