"""A family's ground: what is tried on it, at which settings of two dials, and what was found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from course_utils import paths
from course_utils.columns import EVERYWHERE
from course_utils.comparison import MEAN, Case, Contender, Verdict
from course_utils.comparison.ground import Ground
from course_utils.comparison.judging import judge
from course_utils.comparison.matrix import TUNING_SEEDS, Judged, measured, value_of
from course_utils.comparison.rivals import zoo
from course_utils.comparison.search import spread
from course_utils.errors import CourseError
from course_utils.evidence import Claim
from course_utils.evidence.claim import widened
from course_utils.metrics import paired_interval

STORED = paths.ROOT / "results" / "matrix"

CELL_SEEDS, FRESH_SEEDS = range(5), range(5_000, 5_010)
"""Of the map's cells; of the verdicts, which no search for a setting has used."""

Dials = Mapping[str, float]

Maker = Callable[..., Contender | None]
"""``maker(ground, **dials)``; None where it means nothing."""


@dataclass(frozen=True)
class Dial:
    """One axis of a map.

    Attributes:
        name: an argument of the family's ``make``.
        values: of the cells, ascending.
        words: what the axis says.
    """

    name: str
    values: Sequence[float]
    words: str


@dataclass(frozen=True)
class Family:
    """What is compared on which cells.

    Attributes:
        method: the contender whose gain is shown.
        make: ``make(seed, **dials)``.
        methods: name -> its maker: the method, others of its kind, and rivals that mean something
            on this ground alone. The zoo (``comparison.rivals``) is tried besides.
        across, up: the axes of the map, if there is one.
        boundary: where method and rivals were predicted to tie, before anything was
            measured: points (across, up) of a line.
        wins, loses: the cells of the two verdicts, judged anew on ``FRESH_SEEDS``; None where
            no such cell was found.
        also: further cells of verdicts, by what is said of them.
        task, metric, scenario: what is judged.
        fresh: seeds of the verdicts; others than ``FRESH_SEEDS`` where the method was chosen after
            a look at these.
        beside: contenders that are no rivals: of the method's kind, or free of a limit that the
            ground puts on all others. They stand in the tables.
        selected: as ``Ground.selected``.
        overlap: test rows for each training row where seeds are splits of the same rows
            (``evidence.claim``); 0 where each seed has rows of its own.
        without: names of the zoo that are not tried here.
        only: by the name of a cell, who is tried there, the method among them; on a cell that is
            not named everybody is. Fixed before anything is measured.
        truth: what the logits are made of, in a few words.
        matches: the contender without a hidden layer that has this form; empty where none has.
    """

    method: str
    make: Callable[..., Case]
    methods: Mapping[str, Maker]
    across: Dial | None = None
    up: Dial | None = None
    boundary: Sequence[tuple[float, float]] = ()
    wins: Dials | None = None
    loses: Dials | None = None
    also: Mapping[str, Dials] = field(default_factory=dict)
    task: str = MEAN
    metric: str = "auc"
    scenario: object = EVERYWHERE
    fresh: Sequence[int] = FRESH_SEEDS
    beside: Sequence[str] = ()
    selected: bool = False
    overlap: float = 0.0
    without: Sequence[str] = ()
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    truth: str = ""
    matches: str = ""

    @property
    def axes(self) -> tuple[Dial, Dial] | None:
        """Across and up, where there is a map."""
        return None if self.across is None or self.up is None else (self.across, self.up)

    @property
    def cells(self) -> list[dict[str, float]]:
        """The dials of each cell of the map, row by row from below."""
        if self.axes is None:
            return []
        across, up = self.axes
        return [{across.name: x, up.name: y} for y in up.values for x in across.values]

    @property
    def ends(self) -> dict[str, Dials]:
        """The cells of verdicts, by name."""
        both = {"wins": self.wins, "loses": self.loses}
        every = both | dict(self.also)
        return {name: dials for name, dials in every.items() if dials is not None}

    def makers(self) -> dict[str, Maker]:
        """Everything that is tried here, the method first."""
        rivals = {name: make for name, make in zoo().items() if name not in self.without}
        every: dict[str, Maker] = {**rivals, **self.methods}
        return {self.method: every.pop(self.method), **every}

    def entrants(self, dials: Dials, end: str | None = None) -> dict[str, Contender]:
        """All that are tried on a cell and mean something there, by name, made for it.

        Args:
            end: the cell's name, if it has one.
        """
        case = self.make(TUNING_SEEDS[0], **dials)
        judged = [task for task, rows in case.judged.items() if rows.any()]
        ground = Ground(case.split, judged, self.selected)
        tried = self.makers() if end is None else self.only.get(end, self.makers())
        made = {
            name: make(ground, **dials) if name in self.methods else make(ground)
            for name, make in self.makers().items()
            if name in tried
        }
        return {name: one for name, one in made.items() if one is not None}

    def measure(self, name: str, dials: Dials, seeds: Sequence[int]) -> dict[str, Any]:
        """What was found of one contender on one cell (``matrix.measured``)."""
        judged = Judged(self.task, self.metric, self.scenario)
        contender = self.entrants(dials)[name]
        return measured(contender, lambda seed: self.make(seed, **dials), judged, seeds)

    def limit(self, dials: Dials, seeds: Sequence[int]) -> float | None:
        """What the best model of the columns has on a cell, the mean over its seeds; None where
        nobody knows."""
        judged, found = Judged(self.task, self.metric, self.scenario), []
        for seed in seeds:
            case = self.make(seed, **dials)
            of = {task: p for task, p in case.visible.items() if case.judged[task].any()}
            if not of:
                return None
            found.append(value_of(judge(of, case), judged))
        return round(sum(found) / len(found), 6)

    def small(self) -> dict[str, float]:
        """A version that a test can recompute: one seed, one trial, two epochs, the method.

        Returns:
            task -> mean chance of label 1 among test rows with it, minus that of the others.
        """
        dials = next(iter(self.ends.values()))
        case = self.make(TUNING_SEEDS[0], **dials)
        method = self.entrants(dials)[self.method]
        tasks = list(case.split.train.labels)
        trial = {**spread(method.grid_for(len(tasks)), 1)[0], "epochs": 2}
        said = method.fit(case.split, TUNING_SEEDS[0], trial, tasks, "test")
        gaps = {}
        for task, p in said.items():
            bought = case.split.test.labels[task] == 1
            gaps[task] = round(float(p[bought].mean() - p[~bought].mean()), 5)
        return gaps


def stored(name: str) -> dict[str, Any]:
    """What was measured of one family: ``cells``, ``ends``, each of them by its name, and more.

    A cell in which the method or all its rivals are still to be measured is left out.

    Raises:
        CourseError: if there is no such family.
    """
    file = STORED / f"{name}.json"
    if not file.exists():
        known = ", ".join(sorted(one.stem for one in STORED.glob("*.json")))
        raise CourseError(f"Nothing is stored of {name!r}: there are {known}.")
    kept = json.loads(file.read_text(encoding="utf-8"))
    method, beside = kept["method"], kept["beside"]

    def begun(cell: Mapping[str, Any]) -> bool:
        return method in cell["contenders"] and len(cell["contenders"]) > 1

    ends = {end: told(cell, method, beside) for end, cell in kept["ends"].items() if begun(cell)}
    cells = [told(cell, method, beside) for cell in kept["cells"] if begun(cell)]
    both = {"wins": None, "loses": None, **ends}
    return {**both, "ends": ends, "cells": cells, "method": method, "beside": beside}


def on_page() -> dict[str, str]:
    """The families of which docs/when.md has numbers: their titles there, their names here.

    These are the families whose verdicts have been measured with all rivals.
    """
    page = (paths.ROOT / "docs" / "when.md").read_text(encoding="utf-8")
    titles = dict.fromkeys(re.findall(r"^\| .+?\| \[(.+?)\]\(#", page, flags=re.MULTILINE))
    return {title: title.lower().replace("-", "_") for title in titles}


def verdict(cell: Mapping[str, Any], method: str, rivals: Sequence[str]) -> Verdict:
    """The method of a stored cell against some of those that were tried there."""
    values = {name: cell["contenders"][name]["values"] for name in (method, *rivals)}
    claims = {}
    for rival in rivals:
        gains = [a - b for a, b in zip(values[method], values[rival], strict=True)]
        low, high = paired_interval(widened(gains, cell["overlap"]))
        claims[rival] = Claim(rival, f"{method} over {rival}", low, high, len(cell["seeds"]))
    means = {name: sum(of) / len(of) for name, of in values.items()}
    return Verdict(method, MEAN, claims, means, max(rivals, key=lambda rival: means[rival]))


def told(cell: Mapping[str, Any], method: str, beside: Sequence[str]) -> dict[str, Any]:
    """A stored cell in words.

    Returns:
        ``dials``, ``seeds``, ``word`` (wins, loses, open), ``strongest`` rival, ``means`` of all
        contenders, the method first and then from the best, ``spans`` (contender -> the interval of
        method minus it), ``loses_to``, ``limit`` (the visible limit's mean), and ``contenders`` as
        they were stored.
    """
    every = [name for name in cell["contenders"] if name != method]
    found = verdict(cell, method, [name for name in every if name not in beside])
    all_of_them = verdict(cell, method, every)
    order = sorted(every, key=lambda name: -all_of_them.means[name])
    return {
        "dials": cell["dials"],
        "seeds": cell["seeds"],
        "word": found.word,
        "strongest": found.strongest,
        "means": {name: round(all_of_them.means[name], 5) for name in (method, *order)},
        "spans": {
            name: [round(all_of_them.claims[name].low, 5), round(all_of_them.claims[name].high, 5)]
            for name in order
        },
        "loses_to": found.loses_to,
        "limit": cell["limit"],
        "contenders": cell["contenders"],
    }
