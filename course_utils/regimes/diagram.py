"""A phase diagram: at which settings of two dials a method beats every rival."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils import paths
from course_utils.columns import EVERYWHERE
from course_utils.comparison import (
    MEAN,
    VISIBLE_LIMIT,
    Case,
    Contender,
    compare_all,
)
from course_utils.errors import CourseError

TUNING_SEEDS, CELL_SEEDS = (100, 101), range(5)

FRESH_SEEDS = range(5_000, 5_010)
"""Of the two verdicts; no search for a setting has used them."""

TRIALS = 6

STORED = paths.ROOT / "results" / "regimes"

Dials = Mapping[str, float]


@dataclass(frozen=True)
class Dial:
    """One axis.

    Attributes:
        name: an argument of the diagram's ``make``.
        values: of the cells, ascending.
        words: what the axis says.
    """

    name: str
    values: Sequence[float]
    words: str


@dataclass(frozen=True)
class Diagram:
    """What is compared on which cells.

    Attributes:
        method: the contender whose gain is shown.
        make: ``make(seed, **dials)``.
        contenders: ``contenders(split, **dials)``, the method and all its rivals.
        across, up: the axes.
        boundary: where method and rivals were predicted to tie, before anything was
            measured: points (across, up) of a line.
        wins, loses: the cells of the two verdicts, judged anew on ``FRESH_SEEDS``; None where
            no such cell was found.
        task, metric, scenario: what is judged (``Comparison.verdict``).
        fresh: seeds of the two verdicts; others than ``FRESH_SEEDS`` where the method was chosen
            after a look at these.
        beside: contenders of the method's kind, which are no rivals. They stand in the tables of
            the two verdicts alone.
    """

    method: str
    make: Callable[..., Case]
    contenders: Callable[..., Sequence[Contender]]
    across: Dial
    up: Dial
    boundary: Sequence[tuple[float, float]]
    wins: Dials | None
    loses: Dials | None
    task: str = MEAN
    metric: str = "auc"
    scenario: object = EVERYWHERE
    fresh: Sequence[int] = FRESH_SEEDS
    beside: Sequence[str] = ()

    @property
    def cells(self) -> list[dict[str, float]]:
        """The dials of each cell, row by row from below."""
        return [
            {self.across.name: x, self.up.name: y}
            for y in self.up.values
            for x in self.across.values
        ]

    def verdict(self, dials: Dials, cache: Path | None = None) -> dict[str, Any]:
        """``measure`` on the fresh seeds, with those who stand beside."""
        return self.measure(dials, self.fresh, cache, skipped=())

    def measure(
        self,
        dials: Dials,
        seeds: Sequence[int] = CELL_SEEDS,
        cache: Path | None = None,
        skipped: Sequence[str] | None = None,
    ) -> dict[str, Any]:
        """One cell: every contender tuned alike, then run on the seeds.

        Args:
            cache: a folder in which fits are kept, so that a stopped run resumes.
            skipped: names of contenders that are left out; None for ``beside``.

        Returns:
            What JSON can hold: ``word`` (wins, loses, open), ``strongest`` rival, ``means`` of
            all contenders, ``spans`` (contender -> the interval of method minus it), ``loses_to``,
            ``limit`` (the visible limit's mean), and the chosen ``trials``: one, or one a task
            where a contender learns tasks apart.
        """
        skipped = self.beside if skipped is None else skipped
        contenders = [
            one
            for one in self.contenders(self.make(TUNING_SEEDS[0], **dials).split, **dials)
            if one.name not in skipped
        ]
        found = compare_all(
            lambda seed: self.make(seed, **dials), contenders, seeds, TUNING_SEEDS, TRIALS, cache
        )
        judged = self.task, self.metric, self.scenario
        rivals = [one.name for one in contenders if one.name not in (self.method, *self.beside)]
        verdict = found.verdict(self.method, *judged, rivals=rivals)
        everyone = found.verdict(self.method, *judged)
        limit = found.table(self.metric, self.scenario).loc[VISIBLE_LIMIT]
        task = self.task if self.task in limit else limit.index[0]
        return {
            "dials": dict(dials),
            "word": verdict.word,
            "strongest": verdict.strongest,
            "means": {name: round(mean, 5) for name, mean in everyone.means.items()},
            "limit": round(float(limit[task]), 5),
            "spans": {
                rival: [round(one.low, 5), round(one.high, 5)]
                for rival, one in everyone.claims.items()
            },
            "loses_to": verdict.loses_to,
            "trials": {
                one.name: chosen if one.each_task else next(iter(chosen.values()))
                for one, chosen in zip(contenders, found.choice.values(), strict=True)
            },
            "seeds": list(seeds),
        }

    def small(self) -> dict[str, float]:
        """A version that a test can recompute: one seed, the first trial, two epochs, the method.

        Returns:
            task -> mean chance of label 1 among test rows with it, minus that of the others.
        """
        dials = self.wins or self.loses or self.cells[0]
        case = self.make(TUNING_SEEDS[0], **dials)
        method = next(
            one for one in self.contenders(case.split, **dials) if one.name == self.method
        )
        tasks = list(case.split.train.labels)
        trial = {**method.trials(1, len(tasks))[0], "epochs": 2}
        said = method.fit(case.split, TUNING_SEEDS[0], trial, tasks, "test")
        gaps = {}
        for task, p in said.items():
            bought = case.split.test.labels[task] == 1
            gaps[task] = round(float(p[bought].mean() - p[~bought].mean()), 5)
        return gaps


def stored(name: str) -> dict[str, Any]:
    """What was measured of one family: ``cells``, ``wins``, ``loses`` and more.

    Raises:
        CourseError: if there is no such family.
    """
    file = STORED / f"{name}.json"
    if not file.exists():
        known = ", ".join(sorted(one.stem for one in STORED.glob("*.json")))
        raise CourseError(f"No phase diagram of {name!r} is stored: there are {known}.")
    return json.loads(file.read_text(encoding="utf-8"))
