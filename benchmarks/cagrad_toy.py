"""CAGrad's toy again: which method comes to rest where, from the paper's starts and from others.

    python benchmarks/cagrad_toy.py

writes results/cagrad_toy.json, in some minutes. Adam, as in the paper: its three starts, its rate
of .001 and 100,000 steps; then the same starts and twelve more, drawn over the picture, with a
rate of .01 and 10,000 steps.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from machine import described

from course_utils import paths
from course_utils.authoring.fingerprint import reach
from course_utils.balancing.aggregator import Aggregator
from course_utils.balancing.aligned_mtl import AlignedMTL
from course_utils.balancing.cagrad import CAGrad
from course_utils.balancing.imtl_g import IMTLG
from course_utils.balancing.mean import Mean
from course_utils.balancing.mgda import MGDA
from course_utils.balancing.pcgrad import PCGrad
from course_utils.balancing.toy import STARTS, gradients, losses
from course_utils.balancing.upgrad import UPGrad

STORED = paths.ROOT / "results" / "cagrad_toy.json"
METHODS = (Mean, MGDA, PCGrad, CAGrad, UPGrad, IMTLG, AlignedMTL)
PAPER = {"rate": 1e-3, "steps": 100_000}
OTHERS = {"rate": 1e-2, "steps": 10_000}
BEST = -15.092
"""The least mean of both losses, at (0, -8.355)."""

NEAR = 0.05
"""Of a mean loss: nearer than this to the best is there."""


def more_starts() -> np.ndarray:
    """``[15, 2]``: the paper's, and twelve drawn evenly, but for a strip at the axis."""
    points = np.random.default_rng(0).uniform(-10, 10, (200, 2))
    return np.concatenate([STARTS, points[np.abs(points[:, 1]) > 1][:12]])


def paths_from(method: type[Aggregator], starts: np.ndarray, rate: float, steps: int) -> np.ndarray:
    """``[51, S, 2]``: every fiftieth part of each start's path under Adam."""
    each = [method() for _ in starts]
    for one in each:
        one.reset(2, 0)
    theta, first, second = np.array(starts, float), 0.0, 0.0
    kept = [theta.copy()]
    for step in range(1, steps + 1):
        rows = gradients(theta)
        grams = rows @ rows.swapaxes(1, 2)
        weights = np.stack([one.weights(gram) for one, gram in zip(each, grams, strict=True)])
        d = np.einsum("sk,skp->sp", weights, rows)
        first, second = 0.9 * first + 0.1 * d, 0.999 * second + 0.001 * d * d
        theta -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        if step % (steps // 50) == 0:
            kept.append(theta.copy())
    return np.array(kept)


def where(theta: np.ndarray) -> str:
    """At the least mean, elsewhere on the line of compromises, or stuck."""
    mean = losses(theta).mean()
    if mean < BEST + NEAR:
        return "best mean"
    rows = gradients(theta)
    gram = rows @ rows.T
    weights = MGDA().weights(gram)
    shortest = float(np.sqrt(max(weights @ gram @ weights, 0.0)))
    return "a compromise" if theta[1] < -7 and shortest < 0.05 else "stuck"


def run(starts: np.ndarray, rate: float, steps: int) -> dict[str, Any]:
    """Of every method: each start's path, and the word for its end."""
    found = {}
    for method in METHODS:
        walked = paths_from(method, starts, rate, steps)
        found[method.__name__] = {
            "ends": [where(end) for end in walked[-1]],
            "losses": np.round(losses(walked[-1]), 3).tolist(),
            "paths": np.round(walked.swapaxes(0, 1), 2).tolist(),
        }
        print(method.__name__, found[method.__name__]["ends"], flush=True)
    return found


def code() -> str:
    """The hash of the code that makes the numbers."""
    return reach().of((run, more_starts, STARTS, PAPER, OTHERS))


def main() -> None:
    paper, others = run(np.array(STARTS), **PAPER), run(more_starts(), **OTHERS)
    kept = {
        "code": code(),
        "machine": described("numpy"),
        "paper": {"starts": STARTS, **PAPER, "methods": paper},
        "others": {"starts": np.round(more_starts(), 3).tolist(), **OTHERS, "methods": others},
    }
    STORED.write_text(json.dumps(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
