"""Relatedness of tasks: made by today's code, recomputed small, in the market of the lesson."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scripts import script_of

from course_utils.exercises import sources


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("relatedness")


@pytest.fixture(scope="module")
def more() -> ModuleType:
    return script_of("relatedness_more")


@pytest.fixture(scope="module")
def kept(script: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = script.STORED.load()
    return found


def test_todays_code_made_it(script: ModuleType, kept: dict[str, Any]) -> None:
    assert {"small", "chosen"} <= set(kept), "run python benchmarks/relatedness.py"
    assert all("tensorflow-cpu" in one for one in kept["machine"].values())


def test_a_small_version_is_recomputed(script: ModuleType, kept: dict[str, Any]) -> None:
    again = script.small()
    assert list(again) == list(kept["small"])
    np.testing.assert_allclose(list(again.values()), list(kept["small"].values()), atol=0.01)


def test_todays_code_made_what_the_readers_asked(more: ModuleType) -> None:
    found = more.STORED.load()
    again = more.small()
    assert list(again) == list(found["small"])
    np.testing.assert_allclose(list(again.values()), list(found["small"].values()), atol=0.01)


def test_the_same_groups_come_out_of_both(
    script: ModuleType, more: ModuleType, kept: dict[str, Any]
) -> None:
    """One cell of the first benchmark, made by the second one's way of serving."""
    one = script.market(0, script.GROUP_FEW)
    weight, alone = kept["groups"]["weight"], kept["chosen"]["4"]["alone"]
    again = more.served(one, more.WORLDS[1:], script.GROUP_WIDTH, script.FRESH[0], weight, alone)
    stored = {task: of[0] for task, of in kept["groups"]["fresh"]["follow read"].items()}
    assert list(again) == list(stored)
    np.testing.assert_allclose(list(again.values()), list(stored.values()), atol=0.01)


def test_the_lesson_has_the_same_market(script: ModuleType) -> None:
    """What the lesson shows is what the benchmark measured."""
    cells = sources.code_cells("22")
    scope: dict[str, Any] = {}
    for cell in (cells[0], next(one for one in cells if "def market(" in one)):
        exec(cell, scope)
    for more in ({}, {"few": {"purchase": 50, "save": 70}, "rho": -0.3}):
        theirs, ours = (make(3, **more) for make in (scope["market"], script.market))
        for task in script.TASKS:
            np.testing.assert_array_equal(theirs.truth[task], ours.truth[task])
            for part in ("train", "valid", "test"):
                one, other = getattr(theirs.split, part), getattr(ours.split, part)
                np.testing.assert_array_equal(one.codes, other.codes)
                np.testing.assert_array_equal(one.labels[task], other.labels[task])
                np.testing.assert_array_equal(one.mask(task), other.mask(task))


def test_relatedness_is_the_dials(script: ModuleType) -> None:
    """The log odds of each helper stand to the purchase's as the lesson says."""
    one = script.market(0)
    odds = {task: np.log(p / (1 - p)) for task, p in one.truth.items()}
    wanted = {"click": 1, "return": -1, "rate": 1, "save": 0.6, "view": 0, "read": 0}
    for task, rho in wanted.items():
        found = np.corrcoef(odds[task], odds["purchase"])[0, 1] if task != "return" else -1
        assert abs(found - rho) < 0.12, task
    np.testing.assert_allclose(odds["return"] + 2, -odds["purchase"], atol=1e-6)
    assert one.split.train.mask("purchase").sum() == one.split.train.mask("rate").sum() == 400


def test_the_groups_have_all_subsets(script: ModuleType, kept: dict[str, Any]) -> None:
    for kind in ("valid", "true", "fresh"):
        found = kept["groups"][kind]
        assert set(found) == {" ".join(one) for one in script.subsets()} and len(found) == 31
        for name, tasks in found.items():
            assert list(tasks) == name.split() and {*map(len, tasks.values())} == {10}
