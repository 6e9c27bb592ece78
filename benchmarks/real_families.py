"""The real tables as grounds of the matrix, for docs/when.md: no truth is known, labels judge.

Four networks of the literature at most beside the zoo, ten splits, and Nadeau and Bengio's interval
where splits share rows (``real_tables.OVERLAP``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from real_tables import JUDGED, OVERLAP, areas, films, kinds, reviews

from course_utils.columns import Split
from course_utils.comparison import Case
from course_utils.regimes.depth_scenarios import mmoe as mmoe_with_scenario
from course_utils.regimes.family import Family, Maker
from course_utils.regimes.hmoe import hmoe
from course_utils.regimes.m3oe import m3oe
from course_utils.regimes.mmoe import mmoe
from course_utils.regimes.pepnet import pepnet
from course_utils.regimes.ple import ple
from course_utils.regimes.star import star


def case_of(table: Callable[[int], Split], seed: int) -> Case:
    """A split as a case of which nobody knows the truth; all tasks are judged."""
    split = table(seed)
    return Case(split, {}, {}, {task: np.ones(len(split.test), bool) for task in split.test.labels})


OF_SCENARIOS: dict[str, Maker] = {
    "STAR": star,
    "PEPNet": pepnet,
    "HMoE": hmoe,
    "MMoE": mmoe_with_scenario,
}

OF_BOTH: dict[str, Maker] = {
    "M3oE": m3oe,
    "STAR": star,
    "PEPNet": pepnet,
    "MMoE": mmoe_with_scenario,
}

OF_TASKS: dict[str, Maker] = {"MMoE": mmoe, "PLE": ple}


def real(table: Callable[[int], Split], methods: dict[str, Maker]) -> Family:
    """A table as a family with one cell."""
    first, *others = methods
    return Family(
        method=first,
        make=partial(case_of, table),
        methods=methods,
        also={"real": {}},
        fresh=JUDGED,
        overlap=OVERLAP[table.__name__],
        beside=tuple(others),
    )


REAL = {
    "areas": real(areas, OF_SCENARIOS),
    "kinds": real(kinds, OF_BOTH),
    "films": real(films, OF_TASKS),
    "reviews": real(reviews, OF_TASKS),
}
