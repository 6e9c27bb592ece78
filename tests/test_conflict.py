"""Remedies and causes of task conflict: made by today's code, and one cell recomputed."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from course_utils import paths
from course_utils.authoring.fingerprint import code_hash

READ = {"conflict_more": {"scale", "direction", "capacity"}, "conflict_grid": {"none"}}
"""What lesson 40 reads of each."""


def script(name: str) -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(paths.ROOT / "benchmarks"))
        return importlib.import_module(name)


@pytest.mark.parametrize("name", READ)
def test_todays_code_made_it(name: str) -> None:
    one = script(name)
    kept = one.STORED.load()
    assert READ[name] <= set(kept), f"run python benchmarks/{name}.py"
    assert kept["seeds"] == list(one.SEEDS)
    assert not set(kept["seeds"]) & set(kept["tuning_seeds"])


@pytest.mark.parametrize("name", READ)
def test_a_changed_line_is_noticed(name: str, tmp_path: Path) -> None:
    one, changed = script(name), tmp_path / "script.py"
    own = Path(one.__file__ or "").resolve()
    changed.write_text(own.read_text(encoding="utf-8").replace("7_000", "7_001"))
    assert code_hash(one.STORED.code) != code_hash(one.STORED.code, {own: changed})


def test_a_cell_is_recomputed() -> None:
    """Direction, plain sum and two units: two seeds."""
    more = script("conflict_more")
    market, kept = more.market_of("direction"), more.STORED.load()["direction"]
    cases = {seed: market.make(seed) for seed in list(more.SEEDS)[:2]}
    by_name = {one.name: one for one in [*more.remedies(market), *more.more("direction", market)]}
    for name in (more.EQUAL, "2 units"):
        again = more.judged(by_name[name], cases, cases, market)
        np.testing.assert_allclose(again, kept[name]["auc"][:2], atol=0.03)


def test_no_network_passes_the_limit() -> None:
    for cause, found in script("conflict_more").STORED.load().items():
        if cause in script("conflict_grid").MARKETS:
            limit = np.array(found["Bayes limit"]["auc"])
            for name, one in found.items():
                assert (np.array(one["auc"]) <= limit + 1.1e-5).all(), (cause, name)
