"""Why? The reasons and numbers of docs/when/*.md that no table and no map carries, measured.

    python benchmarks/when_reasons.py
    python benchmarks/when_reasons.py pepnet_gates

measures what is missing or stale, each probe kept in results/when_reasons.json as soon as it is
done, and ends after nine minutes: run it again until it says that nothing is left. All probes run
the regimes' own cases on the same five seeds, paired. A contender runs with the setting that the
family's verdict chose, or with the one that its probe names.
"""

from __future__ import annotations

import argparse
import copy
import inspect
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from course_utils.regimes.diagram import TRIALS, TUNING_SEEDS, stored
from machine import described

from course_utils import paths
from course_utils.authoring.fingerprint import reach
from course_utils.backend import tf
from course_utils.balancing.fixed import Fixed
from course_utils.balancing.geometry import unit_gradients
from course_utils.balancing.gradnorm import GradNorm
from course_utils.balancing.upgrad import UPGrad
from course_utils.balancing.weighting import Weighting
from course_utils.columns import EVERYWHERE, Columns, Split
from course_utils.comparison import (
    ALL_ROWS,
    MEAN,
    WORST,
    Asked,
    Case,
    Chances,
    Comparison,
    Contender,
    PerTask,
    Rows,
    Trial,
    columns_of,
    crossed_logistic_regression,
    head_per_scenario,
    logistic_regression,
    network,
    network_per_task,
)
from course_utils.comparison.choice import tuned
from course_utils.comparison.compare import run
from course_utils.comparison.judging import judge
from course_utils.comparison.store import Store, fingerprint
from course_utils.layers.gate import GAMMA
from course_utils.models import PEPNet, SharedBottom
from course_utils.regimes import (
    aitm,
    capacity,
    direction,
    escm2,
    m2m,
    m3oe,
    mmoe,
    pepnet,
    scale,
    shared_bottom,
    star,
)
from course_utils.regimes.draws import FAMILIES, chance, happens, stream
from course_utils.regimes.rings import clicks_by_market, in_turn, pairs, places
from course_utils.regimes.tastes import added_tastes
from course_utils.training import Trainer

RESULTS = paths.RESULTS / "when_reasons.json"
FITS = paths.CACHE / "when_reasons"
SEEDS = range(7_000, 7_005)
"""No search and no verdict has used them."""

MINUTES = 9.0

Make = Callable[[int], Case]
Found = dict[str, dict[str, Any]]
"""What is compared -> what ``compared`` gives."""


@dataclass(frozen=True)
class Probe:
    """One question.

    Attributes:
        family: whose file in docs/when/ gives the reason.
        measure: ``measure(seeds, store)``; its docstring is the question.
    """

    family: str
    measure: Callable[[Sequence[int], Store], Found]

    @property
    def question(self) -> str:
        return " ".join((inspect.getdoc(self.measure) or "").split())


PROBES: dict[str, Probe] = {}


def probe(family: str) -> Callable[..., Any]:
    """Put a function among the probes."""

    def add(measure: Callable[[Sequence[int], Store], Found]) -> Any:
        PROBES[measure.__name__] = Probe(family, measure)
        return measure

    return add


def chosen(family: str, end: str, name: str) -> Trial:
    """The setting that a verdict of the family chose: one, or one a task."""
    return frozen(stored(family)[end]["trials"][name])


def name_of(family: ModuleType) -> str:
    return family.__name__.rpartition(".")[2]


def frozen(value: Any) -> Any:
    """Lists of JSON as the tuples that they were."""
    if isinstance(value, Mapping):
        return {key: frozen(one) for key, one in value.items()}
    return tuple(frozen(one) for one in value) if isinstance(value, list) else value


def among(family: ModuleType, split: Split, **dials: float) -> dict[str, Contender]:
    """The family's contenders by name."""
    return {one.name: one for one in family.contenders(split, **dials)}


def called(name: str, contender: Contender) -> Contender:
    """The same contender under another name: with another trial it is another one."""
    again = copy.copy(contender)
    again.name = name
    return again


def compared(
    make: Make,
    runs: Sequence[tuple[Contender, Trial | None]],
    method: str,
    seeds: Sequence[int],
    store: Store,
    task: str = MEAN,
    scenario: object = EVERYWHERE,
    by_task: bool = False,
) -> dict[str, Any]:
    """Every contender with one setting on every seed, and the method against each other one.

    Args:
        runs: contender and setting; None for one that is tuned as the tables tune.
        by_task: keep the AUC of each task, too.

    Returns:
        ``each`` (contender -> AUC by seed), ``means``, ``spans`` (rival -> the 95 % interval of
        the method minus it), ``words`` (of the method), ``trials``.
    """
    cases = {seed: make(seed) for seed in seeds}
    tasks = [one for one, rows in cases[seeds[0]].judged.items() if rows.any()]
    choice: dict[str, Mapping[str, Trial]] = {}
    chances, results = {}, []
    for contender, trial in runs:
        if trial is None:
            tuning = {seed: make(seed) for seed in TUNING_SEEDS}
            of_tasks, _ = tuned(contender, tuning, tasks, TRIALS, store)
        else:
            by_name = all(isinstance(trial.get(one), Mapping) for one in tasks)
            of_tasks = {one: trial[one] if by_name else trial for one in tasks}
        name = contender.name
        choice[name] = of_tasks
        chances[name] = {seed: run(contender, cases[seed], seed, of_tasks, store) for seed in seeds}
        results += [
            judge(said, cases[seed]).assign(contender=name, seed=seed)
            for seed, said in chances[name].items()
        ]
    found = Comparison(pd.concat(results, ignore_index=True), chances, choice, pd.DataFrame())
    verdict = found.verdict(method, task, scenario=scenario)
    shown = task if len(tasks) > 1 else tasks[0]
    values = by_seed(found, scenario)
    given = {
        "method": method,
        "seeds": list(seeds),
        "each": {name: values[name, shown] for name in choice},
        "means": {name: round(float(mean), 5) for name, mean in verdict.means.items()},
        "spans": {
            rival: [round(one.low, 5), round(one.high, 5)] for rival, one in verdict.claims.items()
        },
        "words": {rival: one.word for rival, one in verdict.claims.items()},
        "trials": {
            name: of_tasks if len({str(one) for one in of_tasks.values()}) > 1 else trial
            for name, of_tasks in choice.items()
            for trial in [next(iter(of_tasks.values()))]
        },
    }
    if by_task:
        given["by task"] = {name: {one: values[name, one] for one in tasks} for name in choice}
    return given


def by_seed(found: Comparison, scenario: object) -> dict[tuple[str, str], list[float]]:
    """(contender, task) -> AUC against the truth, in the order of the seeds."""
    lines = found.results
    lines = lines[(lines["scenario"] == scenario) & (lines["rows"] == ALL_ROWS)]
    return {
        key: [round(float(value), 5) for value in of.sort_values("seed")["auc"]]
        for key, of in lines.groupby(["contender", "task"])
    }


@probe("shared_bottom")
def shared_bottom_stacking(seeds: Sequence[int], store: Store) -> Found:
    """What does the second stage of stacking cost with 400 labels, and would a stronger penalty
    than its grid has cost less? How many of the 400 are purchases?"""
    make: Make = partial(shared_bottom.make, few=400, rho=1.0)
    of = among(shared_bottom, make(seeds[0]).split)
    kept = {name: chosen("shared_bottom", "wins", name) for name in ("Shared-Bottom", "stacking")}
    first = {name: value for name, value in kept["stacking"].items() if name != "C"}
    strong = called("stacking, C = .0001", of["stacking"]), {**kept["stacking"], "C": 1e-4}
    runs = [
        *((of[name], trial) for name, trial in kept.items()),
        strong,
        (called("Shared-Bottom of stacking's setting", of["Shared-Bottom"]), first),
    ]
    found = compared(make, runs, runs[-1][0].name, seeds, store)
    splits = [make(seed).split.train for seed in seeds]
    bought = [int(one.labels["purchase"][one.mask("purchase")].sum()) for one in splits]
    return {
        "400 labels": {**found, "purchases": bought},
        "a stronger penalty": compared(make, runs[1:3], strong[0].name, seeds, store),
    }


@probe("mmoe")
def mmoe_values(seeds: Sequence[int], store: Store) -> Found:
    """With twenty values a column in place of sixty, is an MMoE for each task as good as one for
    all, and is the gain over Shared-Bottom one of gates?"""
    make: Make = partial(mmoe.make, n_train=10_000, switch=1.0, values=20)
    of = among(mmoe, make(seeds[0]).split)
    names = (
        "MMoE",
        "MMoE per task",
        "Shared-Bottom",
        "stacking",
        "network per task",
        "DCN per task",
        "crossed logistic regression",
    )
    runs = [(of[name], chosen("mmoe", "wins", name)) for name in names]
    return {"twenty values": compared(make, runs, "MMoE", seeds, store)}


@probe("aitm")
def aitm_multiplied(seeds: Sequence[int], store: Store) -> Found:
    """Does a network gain over Shared-Bottom where it learns each step on the rows that reached
    the one before, and its probabilities are multiplied? Does AITM's last step lose where each step
    is of its own best epoch?"""
    make: Make = partial(aitm.make, drift=1.0, base=-1.0)
    of = among(aitm, make(seeds[0]).split)
    names = ("Shared-Bottom", "Shared-Bottom, multiplied", "logistic regression, multiplied")
    runs = [(of[name], chosen("aitm", "loses", name)) for name in names]
    ours = chosen("aitm", "loses", "AITM")
    each = called("AITM, each step of its best epoch", of["AITM"]), {**ours, "keep": "each"}
    return {
        "drift 1": compared(make, runs, "Shared-Bottom, multiplied", seeds, store),
        "one epoch": compared(make, [(of["AITM"], ours), each], "AITM", seeds, store),
    }


@probe("escm2")
def escm2_trials(seeds: Sequence[int], store: Store) -> Found:
    """Is the best of ESCM2's trials, chosen by the truth on the seeds that judge, above boosting
    without weights and above the regression weighted by the right columns?"""
    make: Make = partial(escm2.make, n_train=12_000, gamma=1.5)
    of = among(escm2, make(seeds[0]).split)
    trials = of["ESCM2"].trials(TRIALS, 2)
    taken = trials.index(chosen("escm2", "wins", "ESCM2"))
    names = [f"ESCM2, trial {k}{' (chosen)' * (k == taken)}" for k in range(len(trials))]
    runs: list[tuple[Contender, Trial | None]] = [
        (called(name, of["ESCM2"]), trial) for name, trial in zip(names, trials, strict=True)
    ]
    for name in ("gradient boosting", "logistic regression, propensities of sizes"):
        runs.append((of[name], chosen("escm2", "wins", name)))
    means = compared(make, runs, names[0], seeds, store)["means"]
    best = max(names, key=lambda name: means[name])
    return {"all trials": compared(make, runs, best, seeds, store)}


class Constant(PerTask):
    """One probability for all rows, whose AUC is a half."""

    def fit_task(
        self, split: Split, task: str, seed: int, trial: Trial, asked: Asked
    ) -> np.ndarray:
        return np.full(len(getattr(split, asked)), 0.5)


TURN = 0.8
"""The q from which on theta turns round."""


def at_prices(usual: bool, seed: int) -> Case:
    """ESCM2's market, judged at usual or at unusual prices alone."""
    case = escm2.make(seed, n_train=12_000, gamma=1.5, turn=TURN)
    q = (np.abs(case.split.test.numbers[:, 0]) - escm2.MEAN) / escm2.DEVIATION
    return replace(case, judged={**case.judged, "purchase": (q < TURN) == usual})


@probe("escm2")
def escm2_turn(seeds: Sequence[int], store: Store) -> Found:
    """Does any contender learn that the purchase turns round: is it above one half at usual prices
    and at unusual ones?"""
    of = among(escm2, at_prices(True, seeds[0]).split)
    names = (
        "ESCM2",
        "gradient boosting",
        "network per task",
        "DCN per task",
        "Shared-Bottom",
        "logistic regression",
        "logistic regression, propensities of sizes",
    )
    runs: list[tuple[Contender, Trial | None]] = [(Constant("a constant", {}), {})]
    runs += [(of[name], chosen("escm2", "wins", name)) for name in names]
    return {
        words: compared(partial(at_prices, usual), runs, "a constant", seeds, store)
        for words, usual in (("usual prices", True), ("unusual prices", False))
    }


def free_gates(columns: Columns, tasks: Sequence[str], **settings: Any) -> PEPNet:
    """PEPNet with gates 1 + z, which have no bounds and are 1 at z = 0."""
    made = PEPNet(columns, tasks, **settings)
    for gate in (made.epnet, *made.ppnet):
        gate.gates.activation = without_bounds
    return made


def without_bounds(z: Any) -> Any:
    """What a gate multiplies by ``GAMMA``."""
    return (1.0 + z) / GAMMA


@probe("pepnet")
def pepnet_gates(seeds: Sequence[int], store: Store) -> Found:
    """Is it the bounds of PEPNet's gates, which turn no sign, that cost it the turned markets?"""
    found = {}
    for words, end, turned in (("three markets turned", "loses", 3), ("none turned", "wins", 0)):
        make: Make = partial(pepnet.make, turned=turned)
        ours, trial = (
            among(pepnet, make(seeds[0]).split)["PEPNet"],
            chosen("pepnet", end, "PEPNet"),
        )
        free = network("PEPNet, free gates", free_gates, ours.grid, pepnet.scenario_column)
        runs = [(ours, trial), (free, trial)]
        for rate in (1e-3, 3e-3):
            if rate < trial["learning_rate"]:
                slower = called(f"PEPNet, free gates, rate {rate:g}", free)
                runs.append((slower, {**trial, "learning_rate": rate}))
        found[words] = compared(make, runs, "PEPNet", seeds, store, scenario=MEAN)
    return found


def many_markets(seed: int, markets: int = 32, n_train: int = 12_000, seen: int = 5) -> Case:
    """M2M's market at common = 0, with more markets than occasions."""
    draw, sizes = stream(seed, FAMILIES["m2m"]), (n_train, 4_000, 6_000)
    n, groups = sum(sizes), 16
    codes, tastes = added_tastes(draw, 4, len(m2m.COLUMNS), groups, n)
    # Each market has a cyclic order of the occasions, and as many markets each shift.
    shifts = draw.permutation(np.arange(markets) % m2m.EACH)
    square = np.add.outer(shifts, draw.permutation(m2m.EACH)) % m2m.EACH
    part = np.searchsorted([seen, seen + 1], square.ravel(), side="right")
    pair = np.concatenate(
        [draw.choice(np.flatnonzero(part == k), size) for k, size in enumerate(sizes)]
    )
    market, occasion = pair // m2m.EACH, pair % m2m.EACH
    alpha = places(draw, 1, markets)[0][market]
    beta = places(draw, 1, m2m.EACH)[0][occasion]
    u, v = (np.stack([np.cos(at), np.sin(at)]) for at in (alpha, beta))
    weights = (u[:, None] * v).reshape(4, n)
    chances = chance(-0.5 + 2.5 * (weights * tastes).sum(0))
    rows = Rows(
        np.column_stack([occasion, codes]),
        np.zeros((n, 0)),
        {"click": chances},
        {"click": happens(draw, chances)},
        masks={},
        scenario=market,
    )
    names = {"occasion": m2m.EACH, **dict.fromkeys(m2m.COLUMNS, groups)}
    return rows.cut(columns_of(names, (), markets), *sizes[:2])


HEADS = "Shared-Bottom, head per scenario"


@probe("m2m")
def m2m_heads(seeds: Sequence[int], store: Store) -> Found:
    """Are heads still level with M2M where 32 markets leave each a quarter of the rows? Is it the
    trunk below them, which can hold products of column and taste, that makes them strong?"""
    kept = {name: chosen("m2m", "wins", name) for name in ("M2M", HEADS)}
    found = {}
    makes: dict[str, Make] = {"32 markets": many_markets, "8 markets": m2m.make}
    for words, make in makes.items():
        of = among(m2m, make(seeds[0]).split)
        runs = [(of[name], trial) for name, trial in kept.items()]
        if words == "8 markets":
            bare = head_per_scenario({**m2m.GRID, "trunk": ((),), "tower": ((),)}, "heads alone")
            runs.append((bare, {**kept[HEADS], "trunk": ()}))
        found[words] = compared(make, runs, "M2M", seeds, store, scenario=MEAN)
    return found


@probe("m2m")
def m2m_plateau(seeds: Sequence[int], store: Store) -> Found:
    """How many runs leave the plateau at chance: of M2M, of a plain network, of a deeper one, and
    of that one with forty epochs of patience?"""
    of = among(m2m, m2m.make(seeds[0]).split)
    runs = [
        (of[name], chosen("m2m", "wins", name))
        for name in ("M2M", "network per task", "deeper network")
    ]
    deeper, trial = runs[-1]
    patient = {**trial["click"], "patience": 40}
    runs.append((called("deeper network, patience 40", deeper), patient))
    found = compared(m2m.make, runs, "M2M", seeds, store, scenario=MEAN)
    above = {name: sum(auc > 0.55 for auc in each) for name, each in found["each"].items()}
    return {"8 markets": {**found, "runs above .55": above}}


@probe("m3oe")
def m3oe_tastes(seeds: Sequence[int], store: Store) -> Found:
    """Is Shared-Bottom with the market as a column as good as M3oE where markets turn tastes round
    and tasks add habits?"""
    make: Make = partial(m3oe.make, habit=0.5, n_train=9_000)
    of = among(m3oe, make(seeds[0]).split)
    runs = [(of[name], chosen("m3oe", "loses", name)) for name in ("M3oE", "Shared-Bottom")]
    return {"9,000 rows": compared(make, runs, "M3oE", seeds, store, scenario=MEAN)}


class Replay(Weighting):
    """Weights that were written down before: a row of ``table`` for each epoch, the last for all
    that follow."""

    def __init__(self, table: np.ndarray) -> None:
        self.table = table.astype("float32")

    def initial(self, n_tasks: int, seed: int) -> dict[str, np.ndarray]:
        self.epoch = 0
        return {"weights": self.table[0]}

    def total(self, losses: Any) -> Any:
        return tf.reduce_sum(self.state["weights"] * losses)

    def after_epoch(self, losses: np.ndarray) -> None:
        self.epoch = min(self.epoch + 1, len(self.table) - 1)
        self.state["weights"].assign(self.table[self.epoch])


OF_FIT = ("learning_rate", "epochs", "patience", "keep")


def trained(split: Split, seed: int, trial: Trial, balancing: Weighting) -> tuple[Trainer, Any]:
    """Shared-Bottom after one training, and its history."""
    shape = {"trunk": trial["trunk"], "tower": trial["tower"]}
    tasks = list(split.train.labels)
    trainer = Trainer(
        lambda: SharedBottom(split.train.columns, tasks, **shape),
        balancing,
        trial["batch_size"],
        weight_decay=trial["weight_decay"],
        embedding_l2=trial["embedding_l2"],
    )
    settings = {name: trial[name] for name in OF_FIT}
    return trainer, trainer.fit(split.train, split.valid, seed, **settings)


class AfterGradNorm(Contender):
    """Shared-Bottom with the weights that GradNorm had in a run of the same seed and rows.

    Args:
        way: the weights of every epoch; else those of its last one, from the start.
    """

    def __init__(self, name: str, way: bool, store: Store) -> None:
        super().__init__(name, {})
        self.way, self.store = way, store

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Asked
    ) -> Chances:
        table = weights_of_gradnorm(split, seed, trial, self.store)
        balancing = Replay(table) if self.way else Fixed(table[-1].tolist())
        return trained(split, seed, trial, balancing)[0].predict(getattr(split, asked))


def weights_of_gradnorm(split: Split, seed: int, trial: Trial, store: Store) -> np.ndarray:
    """``[E + 1, K]``: what a loss without units counts before each epoch, and after the last."""

    def measured() -> dict[str, np.ndarray]:
        units = scale.units(trial["spread"])
        _, history = trained(split, seed, trial, scale.in_units(GradNorm, trial["spread"]))
        return {"weights": np.stack([np.ones(len(units)), *history.weights]) * units}

    key = dict(kind="weights of GradNorm", trial=trial, seed=seed, data=fingerprint(split))
    return store.get(key, measured)["weights"]


@probe("scale")
def scale_weights(seeds: Sequence[int], store: Store) -> Found:
    """What does GradNorm's gain in unlike units rest on: on the weights that it ends with, on a
    protection from the units, or on the way of the weights from one epoch to the next?"""
    make: Make = partial(scale.make, n_train=1_500)
    of = among(scale, make(seeds[0]).split, spread=4.0, n_train=1_500)
    undone, kept = "units undone, weights by examples", chosen("scale", "wins", "GradNorm")
    tables = [weights_of_gradnorm(make(seed).split, seed, kept, store) for seed in seeds]
    ends = np.mean([table[-1] / table[-1].sum() for table in tables], axis=0).round(3).tolist()
    mean = called("mean of last weights, held", of[undone])
    plain = {name: value for name, value in kept.items() if name != "spread"}
    free = network(
        "GradNorm without units",
        scale.body,
        of["GradNorm"].grid,
        balance=partial(scale.in_units, GradNorm, 0.0),
    )
    equal = called("equal weights without units", of[undone])
    last = AfterGradNorm("last weights, held from the start", False, store)
    again = AfterGradNorm("weights of each epoch, replayed", True, store)
    runs: list[tuple[Contender, Trial | None]] = [
        (of["GradNorm"], kept),
        (free, {**kept, "spread": 0.0}),
        (equal, {**plain, "task_weights": 0.0}),
        (last, kept),
        (mean, {**plain, "task_weights": tuple(ends)}),
        (again, kept),
    ]
    first = compared(make, runs, "GradNorm", seeds, store)
    return {
        "units of spread 4": {**first, "share of each market at the end": ends},
        "no units": compared(make, runs[1:3], free.name, seeds, store),
        "last weights": compared(make, runs, last.name, seeds, store),
        "mean of last weights": compared(make, runs, mean.name, seeds, store),
        "the way again": compared(make, runs, again.name, seeds, store),
    }


@probe("direction")
def direction_sides(seeds: Sequence[int], store: Store) -> Found:
    """Where does each method of one unit end: on the side of the majority, on that of the minority,
    or between?"""
    make: Make = partial(direction.make, kin=0.0)
    of = among(direction, make(seeds[0]).split, width=1)
    runs = [(one, one.trials(1, 4)[0]) for one in of.values()]
    found = compared(make, runs, "MGDA", seeds, store, task=WORST, by_task=True)
    ends = {name: [side(auc) for auc in of_runs(each)] for name, each in found["by task"].items()}
    return {"one unit": {**found, "sides": ends}}


def of_runs(each: Mapping[str, Sequence[float]]) -> list[dict[str, float]]:
    """A dictionary of tasks for each run."""
    return [dict(zip(each, one, strict=True)) for one in zip(*each.values(), strict=True)]


def side(auc: Mapping[str, float]) -> str:
    """Whom a run serves: one side alone if the other's mean AUC is below .6, else both."""
    minority = auc[direction.MINORITY]
    majority = float(np.mean([auc[task] for task in direction.MAJORITY]))
    if min(minority, majority) >= 0.6:
        return "between"
    return "majority" if majority > minority else "minority"


@probe("direction")
def direction_room(seeds: Sequence[int], store: Store) -> Found:
    """Where serving allows more than one unit, what do eight units with the plain sum, a network
    per task and a logistic regression give the worst market?"""
    make: Make = partial(direction.make, kin=0.0)
    eight = among(direction, make(seeds[0]).split, width=8)["fixed weight 1"]
    trial = eight.trials(1, 4)[0]
    alone = {name: value for name, value in trial.items() if name != "task_weights"}
    runs: list[tuple[Contender, Trial | None]] = [
        (called("eight units, plain sum", eight), trial),
        (network_per_task({name: [value] for name, value in alone.items()}), alone),
        (logistic_regression(), None),
    ]
    return {
        "room for more": compared(make, runs, "eight units, plain sum", seeds, store, task=WORST)
    }


@probe("capacity")
def capacity_batches(seeds: Sequence[int], store: Store) -> Found:
    """With 80 rows, does the size of the batches decide whether the wide shared bottom loses to
    squares and products?"""
    make: Make = partial(capacity.make, n_train=80)
    of = among(capacity, make(seeds[0]).split, width=8, n_train=80)
    wide, squares = "wide shared bottom", "crossed logistic regression"
    kept = chosen("capacity", "loses", wide)
    runs: list[tuple[Contender, Trial | None]] = [
        (of[squares], chosen("capacity", "loses", squares))
    ]
    for size in (4, 10, 80):
        for rate in (3e-3, 3e-2):
            name = f"wide, batches of {size}, rate {rate:g}"
            trial = {**kept, "batch_size": size, "learning_rate": rate}
            runs.append((called(name, of[wide]), trial))
    return {"80 rows": compared(make, runs, squares, seeds, store)}


@probe("capacity")
def capacity_300(seeds: Sequence[int], store: Store) -> Found:
    """With 300 rows, is the wide shared bottom ahead of a logistic regression with squares?"""
    make: Make = partial(capacity.make, n_train=300)
    grid = {**capacity.grid_for(300), "weight_decay": (0.1,), "learning_rate": (3e-3, 1e-2)}
    grid |= {"epochs": (150,), "trunk": ((64,),), "task_weights": [capacity.EQUAL]}
    wide = network("wide shared bottom", SharedBottom, grid)
    runs = [(wide, None), (crossed_logistic_regression(), None)]
    return {"300 rows": compared(make, runs, wide.name, seeds, store)}


@probe("direction")
def direction_one_way(seeds: Sequence[int], store: Store) -> Found:
    """If all three markets of the majority want much of q_0, is an aggregator needed, or is one
    score the compromise?"""

    def make(seed: int) -> Case:
        with mock.patch.object(direction, "SIGNS", (1.0, 1.0, 1.0)):
            return direction.make(seed, kin=0.0)

    of = among(direction, make(seeds[0]).split, width=1)
    runs = [(of[name], of[name].trials(1, 4)[0]) for name in ("MGDA", "one score, weight 3")]
    return {"one way": compared(make, runs, "MGDA", seeds, store, task=WORST)}


class OfUnits(UPGrad):
    """UPGrad of gradients that all have length 1."""

    def weights(self, gramian: np.ndarray) -> np.ndarray:
        _, inverse, units = unit_gradients(gramian)
        return inverse * super().weights(units.T @ units)


@probe("direction")
def direction_lengths(seeds: Sequence[int], store: Store) -> Found:
    """Is it the length of the gradients that draws UPGrad to the majority?"""
    make: Make = partial(direction.make, kin=0.0)
    of = among(direction, make(seeds[0]).split, width=1)
    trial = of["UPGrad"].trials(1, 4)[0]
    units = network("UPGrad of unit gradients", SharedBottom, of["UPGrad"].grid, balance=OfUnits)
    runs = [(units, trial), (of["UPGrad"], trial), (of["MGDA"], trial)]
    return {"one unit": compared(make, runs, units.name, seeds, store, task=WORST)}


def by_crosses(family: ModuleType, seeds: Sequence[int], store: Store) -> dict[str, Any]:
    """A DCN with the setting that won, and the same without cross layers."""
    of = among(family, family.make(seeds[0]).split)
    trial = chosen(name_of(family), "wins", "DCN per task")["click"]
    bare = {name: value for name, value in trial.items() if name != "crosses"}
    runs = [
        (of["DCN per task"], trial),
        (called("the same without cross layers", of["network per task"]), bare),
    ]
    return compared(family.make, runs, "DCN per task", seeds, store, scenario=MEAN)


def turned_markets(markets: int, seed: int) -> Case:
    """STAR's market at common = 0 and habit = 0, half of the markets turned."""
    draw, sizes, groups = stream(seed, FAMILIES["star"]), (12_000, 4_000, 6_000), 24
    codes, like = pairs(draw, 3, groups, sum(sizes))
    kinds = np.concatenate([np.eye(3), -np.eye(3)])
    own = kinds[draw.permutation(np.arange(markets) % len(kinds))]
    market = in_turn(markets, *sizes)
    logits = -0.5 + 2.5 * (own[market].T * like).sum(0)
    return clicks_by_market(draw, logits, groups, codes, market, *sizes[:2])


@probe("star")
def star_turned(seeds: Sequence[int], store: Store) -> Found:
    """With half of the markets turned, does STAR lead a network for each market and one with the
    market as a column: six markets of 2,000 rows, and twelve of 1,000?"""
    names = ("STAR", "network per scenario", "network per task", HEADS)
    found = {}
    for markets in (6, 12):
        make: Make = partial(turned_markets, markets)
        of = among(star, make(seeds[0]).split)
        runs = [(of[name], chosen("star", "wins", name)) for name in names]
        found[f"{markets} markets"] = compared(make, runs, "STAR", seeds, store, scenario=MEAN)
    return found


@probe("star")
def star_crosses(seeds: Sequence[int], store: Store) -> Found:
    """Is it the cross layers that bring a DCN near STAR?"""
    return {"12 markets": by_crosses(star, seeds, store)}


@probe("pepnet")
def pepnet_crosses(seeds: Sequence[int], store: Store) -> Found:
    """Is it the cross layers that bring a DCN near PEPNet?"""
    return {"6 markets": by_crosses(pepnet, seeds, store)}


def timed(
    case: Case, runs: Sequence[tuple[Contender, Trial]], rounds: Sequence[int]
) -> dict[str, Any]:
    """CPU seconds of ten epochs, in turn; and how many times the second one's the first one takes.

    Args:
        rounds: one for each pair of times, whose median ratio is given; before them everything
            is traced once.
    """
    tasks, each = list(case.split.train.labels), {one.name: [] for one, _ in runs}
    for seed in (None, *rounds):
        for contender, trial in runs:
            started = time.process_time()
            ten = {**trial, "epochs": 10, "patience": 10}
            contender.fit(case.split, seed or 0, ten, tasks, "valid")
            if seed is not None:
                each[contender.name].append(round(time.process_time() - started, 3))
    first, second = (np.array(each[one.name]) for one, _ in runs)
    return {"CPU seconds": each, "times": round(float(np.median(first / second)), 1)}


def cost(
    family: ModuleType,
    end: str,
    plain: str,
    seeds: Sequence[int],
    trunk: Sequence[int] | None = None,
) -> Found:
    """What the training of the family's method takes, beside a plain contender on like batches.

    Args:
        trunk: of the plain one, where its verdict chose another than is asked for.
    """
    case, name = family.make(seeds[0]), name_of(family)
    of, method = among(family, case.split), family.NAME
    trial, other = chosen(name, end, method), chosen(name, end, plain)
    other = next((one for one in other.values() if isinstance(one, Mapping)), other)
    other = {**other, "batch_size": trial["batch_size"]} | ({"trunk": trunk} if trunk else {})
    return {"ten epochs": timed(case, [(of[method], trial), (of[plain], other)], seeds)}


@probe("mmoe")
def mmoe_time(seeds: Sequence[int], store: Store) -> Found:
    """What does the training of MMoE's four experts take beside a Shared-Bottom as wide as one?"""
    return cost(mmoe, "wins", "Shared-Bottom", seeds, chosen("mmoe", "wins", "MMoE")["expert"])


@probe("star")
def star_time(seeds: Sequence[int], store: Store) -> Found:
    """What does STAR's training take beside that of a network as wide, the market a column?"""
    return cost(star, "wins", "network per task", seeds, chosen("star", "wins", "STAR")["trunk"])


@probe("m2m")
def m2m_time(seeds: Sequence[int], store: Store) -> Found:
    """What does M2M's training take beside that of a network with the market as a column?"""
    return cost(m2m, "wins", "network per task", seeds)


@probe("m3oe")
def m3oe_time(seeds: Sequence[int], store: Store) -> Found:
    """What does M3oE's training take beside Shared-Bottom's?"""
    return cost(m3oe, "loses", "Shared-Bottom", seeds)


def code_of(name: str) -> str:
    """Of all that a probe reaches, and of the settings that its family's verdicts chose."""
    probe, ends = PROBES[name], ("wins", "loses")
    trials = [(stored(probe.family)[end] or {}).get("trials") for end in ends]
    return reach().of((probe.measure, trials))


def load() -> dict[str, Any]:
    """Probe -> what was found, with the hash of the code and the machine that made it."""
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}


def missing(kept: Mapping[str, Any]) -> list[str]:
    """The probes that today's code has not answered."""
    return [name for name in PROBES if kept.get(name, {}).get("code") != code_of(name)]


def measure(names: Sequence[str], minutes: float) -> bool:
    """Answer these probes until the time is over. True where nothing is left."""
    until = time.monotonic() + 60 * minutes
    for at, name in enumerate(names):
        if time.monotonic() > until:
            print(f"{len(names) - at} probes are left, run this again")
            return False
        code, started = code_of(name), time.process_time()
        one = PROBES[name]
        found = one.measure(SEEDS, Store(FITS / name / code[:16]))
        said = {
            "question": one.question,
            "family": one.family,
            "found": found,
            "code": code,
            "machine": described("tensorflow-cpu", "keras", "scikit-learn", "numpy"),
        }
        kept = {**load(), name: said}
        kept = {known: kept[known] for known in PROBES if known in kept}
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        print(f"{name}: {spoken(found)} ({time.process_time() - started:.0f} s)", flush=True)
    return True


def spoken(found: Found) -> str:
    """One line: each comparison's method, and its words against the others."""
    return "; ".join(
        f"{words}: {one['times']} times"
        if "times" in one
        else f"{words}: {one['method']} "
        + ", ".join(
            f"{one['words'][rival]} {low:+.3f} to {high:+.3f} than {rival}"
            for rival, (low, high) in one["spans"].items()
        )
        for words, one in found.items()
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("probe", nargs="*", help=f"of {', '.join(PROBES)}")
    parser.add_argument("--minutes", type=float, default=MINUTES)
    asked = parser.parse_args()
    if unknown := set(asked.probe) - set(PROBES):
        parser.error(f"no such probe: {', '.join(sorted(unknown))}")
    names = [name for name in missing(load()) if not asked.probe or name in asked.probe]
    if measure(names, asked.minutes):
        print("nothing is left")


if __name__ == "__main__":
    main()
