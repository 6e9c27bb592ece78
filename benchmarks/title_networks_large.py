"""Four times as many titles, each network stopped by PR-AUC: does the CNN reach the lookup then?

    python benchmarks/title_networks_large.py

makes results/title_networks_large.json, some three CPU minutes: the three shops of title_networks.py's
part "more rows", with the networks, the stop and the settings of title_networks_ranked.py.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import title_networks as first
import title_networks_ranked as ranked
from parts import Stored

from course_utils import paths


def more_rows() -> dict[str, Any]:
    """The CNN and the mean: way -> metric -> one number a shop."""
    ways = {name: ranked.WAYS[name] for name in ("CNN, max", "mean")}
    make = partial(first.titles, labelled=first.LARGE)
    return first.on_shops(ranked.STORED.load()["chosen"], ways, make, range(3))


PARTS: Mapping[str, Callable[[], Any]] = {"more rows": more_rows}

STORED: Stored = Stored(
    paths.RESULTS / "title_networks_large.json",
    sorted({*ranked.STORED.code, Path(__file__).resolve()}),
    first.STORED.seeds,
)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
