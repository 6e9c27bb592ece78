"""Shared-Bottom that minimises t log sum_k exp(L_k / t): a smooth maximum of the tasks' losses.

Matches a verdict about the worst task, and losses that do not come down together. At large t it is
the plain sum, at a small one the greatest loss alone.

Source: Lin et al., Smooth Tchebycheff Scalarization for Multi-Objective Optimization, ICML 2024,
https://arxiv.org/abs/2402.19078
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from course_utils.balancing.smooth_maximum import SmoothMaximum
from course_utils.columns import Split
from course_utils.comparison.contender import Asked, Chances, Contender, Trial
from course_utils.comparison.ground import Ground
from course_utils.comparison.inputs import scenario_column
from course_utils.comparison.networks import network
from course_utils.comparison.space import network_space
from course_utils.models import SharedBottom

NAME = "smooth maximum of the losses"

TEMPERATURES = (0.005, 0.02, 0.05, 0.2, 1.0)
"""t, in nats."""


class SmoothMaxima(Contender):
    """A network for each temperature; which one is a setting like any other."""

    def __init__(
        self,
        name: str,
        grid: Mapping[str, Sequence[Any]],
        prepare: Callable[[Split], Split],
    ) -> None:
        self.inner = {
            t: network(name, SharedBottom, grid, prepare, partial(SmoothMaximum, t))
            for t in TEMPERATURES
        }
        first = self.inner[TEMPERATURES[0]]
        super().__init__(name, {**first.grid, "temperature": TEMPERATURES})

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Asked
    ) -> Chances:
        settings = {name: value for name, value in trial.items() if name != "temperature"}
        return self.inner[trial["temperature"]].fit(split, seed, settings, tasks, asked)


def contender(ground: Ground) -> Contender | None:
    """Where there are several tasks."""
    if len(ground.tasks) < 2:
        return None
    return SmoothMaxima(NAME, network_space(ground), scenario_column)
