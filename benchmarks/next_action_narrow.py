"""Narrower networks of kinds where momentum is nearly off: widths 4 and 8 beside 16 (lesson 52).

    python benchmarks/next_action_narrow.py

adds to ``next_action_widths.py``, where validation took 16, its narrowest, over 64 in every shop
at this end of the dial. Each network is built anew, so that its dropout does not hang on what was
fitted before it. Kept in results/next_action_narrow.json, part by part.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import next_action as whole
import next_action_widths as widths
from parts import Stored

from course_utils import paths
from course_utils.backend import keras

WIDTHS = (4, 8, 16)


def narrow(name: str, seed: int) -> dict[str, Any]:
    """A network on one shop: each width, and the one that validation chooses."""
    one = widths.kinds(seed, 0.01)
    result: dict[str, Any] = {"valid": {}}
    for width in WIDTHS:
        keras.utils.set_random_seed(seed)
        widths.reader.cache_clear()
        valid, test = widths.said(name, one, seed, width)
        result["valid"][f"{width}"] = whole.of_kinds(valid, one.valid[1])["log loss"]
        result[f"{width}"] = whole.of_kinds(test, one.test[1])
    result["chosen"] = min(WIDTHS, key=lambda width: float(result["valid"][f"{width}"]))
    return result


PARTS: dict[str, Callable[[], Any]] = {
    f"{name} 0.01 {seed}": partial(narrow, name, seed)
    for name in ("LSTM", "SASRec")
    for seed in whole.SHOPS
}

STORED = Stored(
    paths.RESULTS / "next_action_narrow.json",
    {"seeds": whole.SHOPS},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
