"""Remedies x causes of task conflict: the grid that lesson 40 reads.

    python benchmarks/conflict_grid.py

makes results/conflict_grid.json, cell by cell, each kept as soon as it is done: a new remedy makes
no other stale. Four markets with known truth, each with one cause of conflict planted, or none:

- ``none``: six markets, losses in one unit, a body with room for all (regimes/scale.py, spread 0);
- ``scale``: the same rows and body, losses in units from 1 to 1/10,000 (spread 4);
- ``direction``: four markets that pull a body of one unit apart (regimes/direction.py, kin 0);
- ``capacity``: six markets that need 16 units, a body of 8 (regimes/capacity.py).

Every remedy gets up to six trials on two tuning seeds. The trial is chosen by the log loss on
validation rows, and judged on ten other seeds against the true chances, by one rule a market: the
mean over tasks, where direction is planted the worst task. Tasks learned apart choose apart.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from distillation import Student, teaching
from parts import Stored

from course_utils import paths
from course_utils.balancing.aligned_mtl import AlignedMTL
from course_utils.balancing.cagrad import CAGrad
from course_utils.balancing.dwa import DWA
from course_utils.balancing.famo import FAMO
from course_utils.balancing.gradnorm import GradNorm
from course_utils.balancing.imtl_g import IMTLG
from course_utils.balancing.mgda import MGDA
from course_utils.balancing.pcgrad import PCGrad
from course_utils.balancing.smooth_maximum import SmoothMaximum
from course_utils.balancing.uncertainty import Uncertainty
from course_utils.balancing.upgrad import UPGrad
from course_utils.columns import Split
from course_utils.comparison import (
    Case,
    Chances,
    Contender,
    Trial,
    crossed_logistic_regression,
    logistic_regression,
    network,
    network_per_task,
)
from course_utils.comparison.choice import valid_losses
from course_utils.comparison.compare import chances_of_test
from course_utils.comparison.judging import measures
from course_utils.comparison.trainers import Build
from course_utils.models import PLE, MMoE, Network, SharedBottom
from course_utils.regimes import capacity, direction, scale
from course_utils.regimes.scale import constant_loss
from course_utils.regimes.ways import grid_for
from course_utils.training import Trainer

SEEDS, TUNING_SEEDS, TRIALS = range(7_000, 7_010), (100, 101), 6
"""Seeds that judge are new; those that tune have tuned in the regimes, too."""

METHODS = (Uncertainty, DWA, GradNorm, FAMO, PCGrad, CAGrad, MGDA, UPGrad, IMTLG, AlignedMTL)

EQUAL, TUNED, UNITS = "equal weights", "tuned fixed weights", "losses in one unit"
WIDER, APART = "wider trunk", "network per task"
TAUGHT, SPLIT = "teacher per task, one student", "one teacher, student per task"
SMOOTH, LIMIT = "smooth maximum", "Bayes limit"

TEMPERATURES = (0.02, 0.1, 0.5)
"""Of the smooth maximum, tuned with the other settings, in as many trials."""


@dataclass(frozen=True)
class Market:
    """One cause.

    Attributes:
        make: seed -> rows and truth.
        units: what each task's loss is multiplied by before anybody sees it.
        width, wide: units of the body, and of the wider one.
        weightings: those that "tuned fixed weights" may choose from.
        grid: what every network here may choose from.
        longer: settings over it for what shares one narrow body.
        worst: judged, and chosen, by the worst task; else by the mean.
    """

    make: Callable[[int], Case]
    units: tuple[float, ...]
    width: int
    wide: int
    weightings: Sequence[tuple[float, ...]]
    grid: Mapping[str, Sequence[Any]]
    longer: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    worst: bool = False


def drawn(n_tasks: int, spread: float) -> list[tuple[float, ...]]:
    """Equal weights, and five weightings from 1 down to 10^-spread, at random."""
    powers = np.random.default_rng(40).uniform(-spread, 0, (5, n_tasks))
    return [(1.0,) * n_tasks, *(tuple(map(float, w)) for w in 10**powers)]


SIX, FOUR = (1.0,) * 6, (1.0,) * 4
FREE = {**grid_for(1_500), "learning_rate": (3e-3, 1e-2), "epochs": (100,)}
NARROW = {**grid_for(2_000), "learning_rate": (3e-3, 1e-2, 3e-2), "epochs": (150,)}
REST: dict[str, Sequence[Any]] = {
    "tower": ((),),
    "learning_rate": (1e-2, 3e-2, 1e-1),
    "batch_size": (250, 1_000),
    "epochs": (100,),
    "patience": (100,),
    "keep": ("sum",),
    "dropout": (0.0,),
    "weight_decay": (0.0,),
    "embedding_l2": (0.0,),
}
"""Bodies of one unit: enough steps to come to rest, and all tasks served by one epoch's weights."""

LONGER: dict[str, Sequence[Any]] = {
    "learning_rate": (1e-2, 2e-2, 3e-2, 5e-2, 1e-1, 2e-1),
    "batch_size": (1_000,),
    "epochs": (400,),
    "patience": (400,),
}
"""Where the tasks contest one unit: after 100 epochs at the least rate some methods are still on
their way. What has more room is within .005 of the Bayes limit by then, and the one student of
many teachers, at the rate .1 that it chooses, at rest."""

MINORITY = [(1.0, 1.0, 1.0, w) for w in (1.0, 2.0, 3.0, 4.0, 6.0, 10.0)]

MARKETS = {
    "none": Market(scale.make, SIX, 64, 256, drawn(6, 1), FREE),
    "scale": Market(
        scale.make,
        tuple(map(float, scale.units(4.0))),
        64,
        256,
        [tuple(map(float, 1 / np.array(w))) for w in drawn(6, 4)],
        FREE,
    ),
    "direction": Market(direction.make, FOUR, 1, 8, MINORITY, REST, LONGER, worst=True),
    "capacity": Market(capacity.make, SIX, 8, 64, drawn(6, 1), NARROW),
}


def reported(build: type[Network], units: Sequence[float]) -> Build:
    """The network, whose losses are reported in other units."""
    factors = np.array(units, "float32")

    class Reported(build):  # type: ignore[misc, valid-type]
        def task_losses(self, predicted: Any, labels: Any, counts: Any) -> Any:
            return super().task_losses(predicted, labels, counts) * factors

    return lambda columns, tasks, **settings: Reported(columns, tasks, **settings)


class OneUnit(Contender):
    """Each loss divided by what the best constant costs, so the units are gone."""

    def __init__(self, grid: Mapping[str, Sequence[Any]]) -> None:
        self.inner = network(UNITS, SharedBottom, {**grid, "task_weights": (0.0,)})
        super().__init__(UNITS, self.inner.grid)

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Any
    ) -> Chances:
        weights = tuple(1.0 / constant_loss(y) for y in split.train.labels.values())
        return self.inner.fit(split, seed, {**trial, "task_weights": weights}, tasks, asked)


class Taught(Contender):
    """Students of the shared body's width, taught by wide teachers: a p_teacher + (1 - a) y.

    Args:
        name: ``TAUGHT`` for a network a task that teach one shared student; ``SPLIT`` for the way
            round that the article has, one shared model that teaches a student a task.
    """

    def __init__(self, name: str, market: Market) -> None:
        super().__init__(name, {**market.grid, "a": (0.5, 1.0)})
        self.market, self.apart = market, name == SPLIT
        wide = {**market.grid, "trunk": ((market.wide,),)}
        if self.apart:
            body, equal = reported(SharedBottom, market.units), [(1.0,) * len(market.units)]
            self.teacher: Contender = network("teacher", body, {**wide, "task_weights": equal})
        else:
            self.teacher = network_per_task(wide, name="teacher")
        # Teachers are not tuned: the first of their trials; students are.
        self.teaching = self.teacher.trials(TRIALS, 1)[0]
        self.said: dict[int, dict[str, np.ndarray]] = {}
        self.trainers: dict[tuple[str, ...], Trainer] = {}

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Any
    ) -> Chances:
        every = tuple(split.train.labels)
        if seed not in self.said:
            on_train: Any = "train"
            said = self.teacher.fit(split, seed, self.teaching, every, on_train)
            self.said[seed] = {task: said[task] for task in every}
        groups = [(task,) for task in tasks] if self.apart else [every]
        found: Chances = {}
        for of in groups:
            found |= self.student(of, split, seed, trial, asked)
        return {task: found[task] for task in tasks}

    def student(
        self, of: tuple[str, ...], split: Split, seed: int, trial: Trial, asked: Any
    ) -> Chances:
        rows = teaching(split.train, of, self.said[seed], trial["a"])
        valid, table = (teaching(one, of) for one in (split.valid, getattr(split, asked)))
        if of not in self.trainers:
            units = dict(zip(split.train.labels, self.market.units, strict=True))
            build = reported(Student, [units[task] for task in of])
            width = self.market.width
            self.trainers[of] = Trainer(
                lambda: build(rows.columns, of, trunk=(width,), tower=()),
                weight_decay=1e-4,
            )
        trainer = self.trainers[of]
        trainer.batch_size, trainer.weight_decay = trial["batch_size"], trial["weight_decay"]
        keep = trial.get("keep", "each")
        trainer.fit(
            rows, valid, seed, trial["learning_rate"], trial["epochs"], trial["patience"], keep
        )
        return trainer.predict(table)


class Smooth(Contender):
    """The smooth maximum of the losses."""

    def __init__(self, market: Market) -> None:
        body = reported(SharedBottom, market.units)
        self.of = {
            t: network(SMOOTH, body, narrow(market), balance=partial(SmoothMaximum, t))
            for t in TEMPERATURES
        }
        super().__init__(SMOOTH, {**self.of[TEMPERATURES[0]].grid, "temperature": TEMPERATURES})

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Any
    ) -> Chances:
        rest = {name: value for name, value in trial.items() if name != "temperature"}
        return self.of[trial["temperature"]].fit(split, seed, rest, tasks, asked)


Grid = Mapping[str, Sequence[Any]]


def narrow(market: Market) -> Grid:
    """Of one body for all tasks."""
    return {**market.grid, **market.longer, "trunk": ((market.width,),)}


def wide(market: Market) -> Grid:
    return {**market.grid, "trunk": ((market.wide,),)}


def equal(market: Market) -> Grid:
    return {"task_weights": [(1.0,) * len(market.units)]}


def plain_sum(market: Market) -> Contender:
    body = reported(SharedBottom, market.units)
    return network(EQUAL, body, {**narrow(market), **equal(market)})


def tuned_weights(market: Market) -> Contender:
    body = reported(SharedBottom, market.units)
    return network(TUNED, body, {**narrow(market), "task_weights": market.weightings})


def one_unit(market: Market) -> Contender:
    return OneUnit(narrow(market))


def balanced(method: Any, market: Market) -> Contender:
    """By a class of ``balancing``."""
    body = reported(SharedBottom, market.units)
    return network(method.__name__, body, narrow(market), balance=method)


def wider(market: Market) -> Contender:
    body = reported(SharedBottom, market.units)
    return network(WIDER, body, {**wide(market), **equal(market)})


def experts(market: Market) -> Grid:
    """As wide as the body each. Where a decay is tuned theirs is ten times that of the others: at
    .1 it ended at an edge. (Tuning seeds of ``none``, log loss: MMoE .350 at .1, .348 at 1, .399 at
    3; the plain sum .329 at .1, .348 at 1.)"""
    decays = (0.1, 1.0) if any(market.grid["weight_decay"]) else (0.0,)
    tuned = {**market.grid, "weight_decay": decays}
    return {**tuned, **equal(market), "expert": ((market.width,),)}


def mmoe(market: Market) -> Contender:
    return network("MMoE", reported(MMoE, market.units), {**experts(market), "experts": (4,)})


def ple(market: Market) -> Contender:
    shape = {"levels": (1,), "own": (1,), "shared": (1,)}
    return network("PLE", reported(PLE, market.units), {**experts(market), **shape})


def taught(name: str, market: Market) -> Contender:
    return Taught(name, market)


def apart(market: Market) -> Contender:
    return network_per_task({**market.grid, "trunk": ((market.width,),)}, name=APART)


def apart_and_wide(market: Market) -> Contender:
    return network_per_task(wide(market), name=f"{APART}, wide")


def plain(build: Callable[[], Contender], market: Market) -> Contender:
    """What has no body."""
    return build()


REMEDIES: Mapping[str, Callable[[Market], Contender]] = {
    EQUAL: plain_sum,
    TUNED: tuned_weights,
    UNITS: one_unit,
    **{one.__name__: partial(balanced, one) for one in METHODS[:4]},
    SMOOTH: Smooth,
    **{one.__name__: partial(balanced, one) for one in METHODS[4:]},
    WIDER: wider,
    "MMoE": mmoe,
    "PLE": ple,
    TAUGHT: partial(taught, TAUGHT),
    SPLIT: partial(taught, SPLIT),
    APART: apart,
    f"{APART}, wide": apart_and_wide,
    "logistic regression": partial(plain, logistic_regression),
    "crossed logistic regression": partial(plain, crossed_logistic_regression),
}
"""Rows of the grid."""


def chosen(one: Contender, cases: Mapping[int, Case], market: Market) -> dict[str, Trial]:
    """Task -> the trial with the least validation loss over the tuning seeds."""
    tasks = list(next(iter(cases.values())).split.train.labels)
    trials = one.trials(TRIALS, len(tasks))
    losses = np.array(
        [
            [
                list(valid_losses(one, case, seed, trial, tasks).values())
                for seed, case in cases.items()
            ]
            for trial in trials
        ]
    )  # [trials, seeds, tasks]
    if one.each_task:
        return {t: trials[int(k)] for t, k in zip(tasks, losses.mean(1).argmin(0), strict=True)}
    of = losses.max(2) if market.worst else losses.mean(2)
    return dict.fromkeys(tasks, trials[int(of.mean(1).argmin())])


def measured(make: Callable[[Market], Contender], market: Market) -> dict[str, Any]:
    """AUC of each seed and task ``[seeds][tasks]``, and the trials that were chosen."""
    one = make(market)
    choice = chosen(one, {seed: market.make(seed) for seed in TUNING_SEEDS}, market)
    rows = []
    for seed in SEEDS:
        case, said = market.make(seed), dict[str, np.ndarray]()
        for trial in {str(t): t for t in choice.values()}.values():
            tasks = [task for task, of in choice.items() if of is trial]
            said |= chances_of_test(one, case.split, seed, trial, tasks)
        rows.append([auc(case, task, said[task]) for task in choice])
    print(f"  {one.name}: {np.mean(rows):.4f}, worst {np.min(rows, axis=1).mean():.4f}", flush=True)
    return {"auc": rows, "trials": sorted({str(t) for t in choice.values()})}


def limit(market: Market) -> dict[str, Any]:
    """The same of the true chances."""
    cases = map(market.make, SEEDS)
    return {"auc": [[auc(case, t, p) for t, p in case.truth.items()] for case in cases]}


def auc(case: Case, task: str, said: np.ndarray) -> float:
    return round(measures(case.truth[task], said)["auc"], 5)


STORED = Stored(
    paths.ROOT / "results" / "conflict_grid.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)

PARTS: Mapping[str, Mapping[str, Callable[[], Any]]] = {
    cause: {
        **{name: partial(measured, make, market) for name, make in REMEDIES.items()},
        LIMIT: partial(limit, market),
    }
    for cause, market in MARKETS.items()
}

if __name__ == "__main__":
    STORED.measure(PARTS)
