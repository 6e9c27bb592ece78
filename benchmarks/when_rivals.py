"""The later rivals of docs/when.md: how they were chosen, and where else a win was looked for.

    python benchmarks/when_rivals.py

measures what is missing or stale, each part kept in results/when_rivals.json as soon as it is done:
the temperature of the smooth maximum and other aggregators, on search seeds; other settings of
Direction's market; whom the smooth maximum serves; ESCM2's body with ESCM2's own setting;
Shared-Bottom beside a frozen trunk where the frequent tasks have few rows, or lack a part.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import when_reasons
from parts import Earlier, Stored
from when_reasons import Constant, at_prices, called, compared, frozen, side

from course_utils import paths
from course_utils.balancing.aligned_mtl import AlignedMTL
from course_utils.balancing.cagrad import CAGrad
from course_utils.balancing.famo import FAMO
from course_utils.comparison import WORST, Contender, Trial, network
from course_utils.comparison.store import Store
from course_utils.models import SharedBottom
from course_utils.regimes import direction, escm2, shared_bottom
from course_utils.regimes.diagram import FRESH_SEEDS
from course_utils.regimes.diagram import STORED as VERDICTS
from course_utils.regimes.rivals import direction as direction_rivals
from course_utils.regimes.rivals import escm2 as escm2_rivals
from course_utils.regimes.rivals import shared_bottom as shared_bottom_rivals

SEARCH_SEEDS, SEEDS = range(300, 305), when_reasons.SEEDS
"""To choose by; and those of the reasons, which nothing was chosen by."""

TEMPERATURES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 1.0)
NOTHING_KEPT = Store(None)
BODY = "MMoE, no weights, ESCM2's setting"

Part = dict[str, Any]
Trials = Mapping[str, Mapping[str, Any]]
"""Verdict of ESCM2 -> contender -> the setting that it chose."""


def of_direction() -> tuple[dict[str, Contender], Trial]:
    """The contenders of one unit, and the one setting of all."""
    split = direction.make(SEARCH_SEEDS[0]).split
    of = {one.name: one for one in direction_rivals.contenders(split, width=1)}
    return of, of["MGDA"].trials(1, 4)[0]


def by_temperature() -> Part:
    """The worst market of one unit on search seeds: temperatures, and other aggregators."""
    of, trial = of_direction()
    runs: list[tuple[Contender, Trial | None]] = [(of[one], trial) for one in ("MGDA", "IMTL-G")]
    for one in (AlignedMTL, CAGrad, FAMO):
        runs.append((network(one.__name__, SharedBottom, of["MGDA"].grid, balance=one), trial))
    for t in TEMPERATURES:
        smooth = partial(direction_rivals.SmoothMaximum, t)
        name = f"smooth maximum, {t:g}"
        runs.append((network(name, SharedBottom, of["MGDA"].grid, balance=smooth), trial))
    make = partial(direction.make, kin=0.0)
    return compared(make, runs, "MGDA", SEARCH_SEEDS, NOTHING_KEPT, task=WORST)


ELSEWHERE: Mapping[str, Mapping[str, Any]] = {
    "kinship .25": {"kin": 0.25},
    "kinship .5": {"kin": 0.5},
    "majority that differs more": {"kin": 0.0, "jitter": 0.6},
    "300 rows": {"kin": 0.0, "n_train": 300},
    "weaker tastes": {"kin": 0.0, "strength": 1.0},
}


def by_setting() -> Part:
    """Is MGDA above the smooth maximum and IMTL-G anywhere else, on search seeds?"""
    of, trial = of_direction()
    runs = [(of[one], trial) for one in ("MGDA", "IMTL-G", "smooth maximum")]
    return {
        words: compared(
            partial(direction.make, **setting), runs, "MGDA", SEARCH_SEEDS, NOTHING_KEPT, task=WORST
        )
        for words, setting in ELSEWHERE.items()
    }


def by_side() -> Part:
    """Whom do MGDA, IMTL-G and the smooth maximum serve?"""
    of, trial = of_direction()
    runs = [(of[one], trial) for one in ("MGDA", "IMTL-G", "smooth maximum")]
    make = partial(direction.make, kin=0.0)
    found = compared(make, runs, "MGDA", SEEDS, NOTHING_KEPT, task=WORST, by_task=True)
    sides = {
        name: [side(dict(zip(each, auc, strict=True))) for auc in zip(*each.values(), strict=True)]
        for name, each in found["by task"].items()
    }
    return {**found, "sides": sides}


def of_escm2(end: str, trials: Trials) -> tuple[dict[str, float], list[tuple[Contender, Trial]]]:
    """The dials of a verdict; ESCM2 as it was chosen there, and its body with the same setting."""
    diagram = escm2_rivals.DIAGRAM
    dials = dict((diagram.wins if end == "wins" else diagram.loses) or {})
    of = {one.name: one for one in diagram.contenders(escm2.make(SEEDS[0], **dials).split)}
    ours = frozen(trials[end]["ESCM2"])
    same = {name: one for name, one in ours.items() if name not in escm2_rivals.OF_THE_WEIGHTS}
    return dials, [(called(BODY, of[escm2_rivals.BODY]), same), (of["ESCM2"], ours)]


def by_body(trials: Trials) -> Part:
    """With ESCM2's own setting, is its body without weights above ESCM2 at both ends, and above one
    half at usual and at unusual prices?"""
    found = {}
    for end in ("wins", "loses"):
        dials, runs = of_escm2(end, trials)
        make = partial(escm2.make, **dials)
        found[end] = compared(make, runs, BODY, SEEDS, NOTHING_KEPT)
    _, runs = of_escm2("wins", trials)
    for words, usual in (("usual prices", True), ("unusual prices", False)):
        beside = [(Constant("a constant", {}), {}), *runs]
        make = partial(at_prices, usual)
        found[words] = compared(make, beside, "a constant", SEEDS, NOTHING_KEPT)
    return found


def by_verdict(trials: Trials) -> Part:
    """The same, with boosting, on the ten seeds of the verdict where ESCM2 was to do best."""
    dials, runs = of_escm2("wins", trials)
    of = {one.name: one for one in escm2.contenders(escm2.make(SEEDS[0], **dials).split)}
    trees = of["gradient boosting"], frozen(trials["wins"]["gradient boosting"])
    make = partial(escm2.make, **dials)
    return compared(make, [*runs, trees], BODY, FRESH_SEEDS, NOTHING_KEPT)


LACKING: Mapping[str, Mapping[str, Any]] = {
    "half of the purchase is a habit, 1,200 labels": {"rho": 0.5, "few": 1_200},
    "most of it is a habit, 1,200 labels": {"rho": 0.3, "few": 1_200},
    "a part is a habit, 3,000 labels": {"rho": 0.7, "few": 3_000},
    "2,500 rows of the frequent tasks, 400 labels": {"n_train": 2_500, "few": 400},
    "2,500 rows of the frequent tasks, 1,200 labels": {"n_train": 2_500, "few": 1_200},
}


def by_lack() -> Part:
    """Is Shared-Bottom above the frozen trunk where the frequent tasks lack a part, or rows? Search
    seeds, all tuned."""
    found = {}
    for words, setting in LACKING.items():
        make = partial(shared_bottom.make, **setting)
        split = make(SEARCH_SEEDS[0]).split
        of = {one.name: one for one in shared_bottom_rivals.contenders(split)}
        names = ("Shared-Bottom", shared_bottom_rivals.FROZEN, "stacking", "logistic regression")
        runs = [(of[name], None) for name in names]
        found[words] = compared(make, runs, "Shared-Bottom", SEARCH_SEEDS, NOTHING_KEPT)
    return found


CHOSEN = {
    end: {name: Earlier(VERDICTS / "escm2.json", (end, "trials", name)) for name in names}
    for end, names in (("wins", ("ESCM2", "gradient boosting")), ("loses", ("ESCM2",)))
}
PARTS: Mapping[str, Callable[[], Part]] = {
    "temperature": by_temperature,
    "setting": by_setting,
    "side": by_side,
    "body": partial(by_body, CHOSEN),
    "verdict": partial(by_verdict, CHOSEN),
    "lack": by_lack,
}

STORED = Stored(
    paths.RESULTS / "when_rivals.json",
    {"search_seeds": SEARCH_SEEDS, "seeds": SEEDS, "fresh_seeds": FRESH_SEEDS},
)


if __name__ == "__main__":
    STORED.measure(PARTS)
