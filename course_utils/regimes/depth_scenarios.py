"""Twelve markets on the dial of depth: which structure pays when? (``depth.py`` has the equation
and what was predicted.)

All networks of several scenarios are tried here, and whatever else is famous with the market as a
column. None of them is the method: the question is who leads at which depth, with how many rows,
and how alike the markets are.
"""

from __future__ import annotations

from course_utils.comparison import MEAN, Contender, network, scenario_column
from course_utils.comparison.ground import Ground
from course_utils.comparison.space import training
from course_utils.models import MMoE
from course_utils.regimes.depth import make_scenarios
from course_utils.regimes.family import Family, Maker
from course_utils.regimes.hmoe import hmoe
from course_utils.regimes.m3oe import m3oe
from course_utils.regimes.mmoe import STRUCTURE
from course_utils.regimes.pepnet import pepnet
from course_utils.regimes.star import star


def mmoe(ground: Ground, **_: float) -> Contender:
    """MMoE whose gate reads the market among the columns."""
    return network("MMoE", MMoE, {**training(ground), **STRUCTURE}, scenario_column)


METHODS: dict[str, Maker] = {
    "STAR": star,
    "PEPNet": pepnet,
    "HMoE": hmoe,
    "M3oE": m3oe,
    "MMoE": mmoe,
}

DEPTHS = (0.0, 0.25, 0.5, 0.75, 1.0)

FAR = (
    "crossed logistic regression per scenario",
    "logistic regression with inverse propensities",
    "regression of weighted scenarios",
    "smooth maximum of the losses",
    "smoothed rates of columns and pairs",
    "stacked regressions",
)
"""Of the zoo, what has nothing that these truths are made of; a network has a plainer twin here."""

SHORT = (
    "STAR",
    "PEPNet",
    "Shared-Bottom, head per scenario",
    "factorisation machine, heads",
    "factorisation machine and MLP, heads",
    "pretrained, then fine-tuned",
    "network per task",
    "gradient boosting",
)
"""Who is tried between and beside the two ends of the dial: those that a prediction names, and
boosting. Chosen before any cell was measured."""

ALSO = {
    **{f"depth {d:g}": {"depth": d} for d in DEPTHS},
    **{f"depth {d:g}, few rows": {"depth": d, "n_train": 3_000} for d in (0.0, 1.0)},
    **{f"depth {d:g}, many rows": {"depth": d, "n_train": 36_000} for d in (0.0, 1.0)},
    **{f"depth {d:g}, related": {"depth": d, "related": 0.9} for d in (0.0, 1.0)},
}

FAMILY = Family(
    method="STAR",
    make=make_scenarios,
    methods=METHODS,
    also=ALSO,
    scenario=MEAN,
    beside=tuple(name for name in METHODS if name != "STAR"),
    truth="inner products, or a network of them, mixed by each market",
    matches="factorisation machine, heads",
    without=FAR,
    only={end: SHORT for end in ALSO if end not in ("depth 0", "depth 1")},
)
