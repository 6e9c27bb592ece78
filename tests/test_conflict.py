"""Remedies and causes of task conflict: made by today's code, and one cell recomputed."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
from scripts import script_of

from course_utils.comparison.compare import chances_of_test

READ = {"none", "scale", "direction", "capacity"}
"""What lesson 40 reads."""


@pytest.fixture(name="grid")
def _grid() -> ModuleType:
    return script_of("conflict_grid")


def test_todays_code_made_it(grid: ModuleType) -> None:
    kept = grid.STORED.load()
    assert set(kept) >= READ, "run python benchmarks/conflict_grid.py"


def test_a_remedy_has_its_name_and_no_more_trials_than_another(grid: ModuleType) -> None:
    for market in grid.MARKETS.values():
        for name, make in grid.REMEDIES.items():
            one = make(market)
            assert one.name == name
            assert 1 <= len(one.trials(grid.TRIALS, len(market.units))) <= grid.TRIALS


@pytest.mark.parametrize("name", ["equal weights", "smooth maximum", "wider trunk"])
def test_a_cell_is_recomputed(grid: ModuleType, name: str) -> None:
    """Direction: two seeds, by the trial that was chosen."""
    market, kept = grid.MARKETS["direction"], grid.STORED.load()["direction"][name]
    one = grid.REMEDIES[name](market)
    trial = next(t for t in one.trials(grid.TRIALS, 4) if str(t) == kept["trials"][0])
    for seed, stored in list(zip(grid.SEEDS, kept["auc"], strict=True))[:2]:
        case = market.make(seed)
        tasks = list(case.split.train.labels)
        said = chances_of_test(one, case.split, seed, trial, tasks)
        again = [grid.auc(case, task, said[task]) for task in tasks]
        np.testing.assert_allclose(again, stored, atol=0.03)


def test_no_network_passes_the_limit(grid: ModuleType) -> None:
    for cause, found in grid.STORED.load().items():
        if cause in grid.MARKETS:
            limit = np.array(found["Bayes limit"]["auc"])
            for name, one in found.items():
                assert (np.array(one["auc"]) <= limit + 1.1e-5).all(), (cause, name)
