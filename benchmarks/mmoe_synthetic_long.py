"""MMoE's synthetic experiment with more training: does the order change?

    python benchmarks/mmoe_synthetic_long.py

makes results/mmoe_synthetic_long.json anew, in about two minutes of one CPU. It takes everything
from mmoe_synthetic.py, the fast sines and the rate that was chosen there at 5,000 steps, and
trains four seeds for 20,000 steps at p = 0. The rate falls over the last half of a training, so
this is no continuation of the shorter one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import mmoe_synthetic as short
from machine import described

from course_utils import paths
from course_utils.authoring.fingerprint import reach

RESULTS = paths.ROOT / "results" / "mmoe_synthetic_long.json"

KIND, RATE, SEEDS = "fast", 1e-2, (0, 1, 2, 3)
TRAININGS = ((0.0, 20_000),)
"""Cosine and steps."""


def measured() -> dict[str, dict[str, dict[str, list[float]]]]:
    """Cosine -> steps -> network -> an error a seed."""
    errors: dict[str, dict[str, dict[str, list[float]]]] = {}
    for cosine, steps in TRAININGS:
        by_name = errors.setdefault(str(cosine), {}).setdefault(str(steps), {})
        for name in short.NETWORKS:
            found = short.trained(name, KIND, cosine, SEEDS, RATE, steps)
            by_name[name] = [round(float(one), 5) for one in found]
            print(cosine, steps, name, by_name[name], flush=True)
    return errors


def code() -> str:
    """The hash of the code that makes the numbers."""
    return reach().of(measured)


def main() -> None:
    kept = {
        "code": code(),
        "kind": KIND,
        "rate": RATE,
        "seeds": list(SEEDS),
        "errors": measured(),
        "machine": described("tensorflow-cpu", "numpy"),
    }
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
