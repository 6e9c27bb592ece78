"""CAGrad's toy: its slopes, its hash, and the first steps of every stored path made again."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scripts import script_of

from course_utils.balancing.toy import gradients, losses


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("cagrad_toy")


@pytest.fixture(scope="module")
def kept(script: ModuleType) -> dict[str, Any]:
    return json.loads(script.STORED.read_text(encoding="utf-8"))


def test_the_gradients_are_the_slopes_of_the_losses() -> None:
    points = np.random.default_rng(0).uniform(-10, 10, (200, 2))
    points = points[np.abs(points[:, 1]) > 0.01]
    sides = [losses(points + 1e-6 * way) - losses(points - 1e-6 * way) for way in np.eye(2)]
    slopes = np.stack(sides, axis=-1) / 2e-6
    found = gradients(points)
    assert found.shape == (len(points), 2, 2)
    np.testing.assert_allclose(found, slopes, rtol=1e-5, atol=1e-5)


def test_the_bottoms_of_the_bowls() -> None:
    """Far below the axis each bowl's bottom is near (7, -8) and (-7, -8)."""
    for task, bottom in enumerate((7.0, -7.0)):
        at = losses(np.array([bottom, -8.35]))
        around = losses(
            np.array([bottom, -8.35]) + np.array([[0.5, 0], [-0.5, 0], [0, 2], [0, -2]])
        )
        assert (around[:, task] > at[task]).all()


def test_todays_code_made_it(script: ModuleType, kept: dict[str, Any]) -> None:
    assert kept["code"] == script.code(), "run python benchmarks/cagrad_toy.py"


def test_first_steps_are_made_again(script: ModuleType, kept: dict[str, Any]) -> None:
    """Two hundred of the steps of every method, from two starts."""
    stored, starts = kept["others"]["methods"], script.more_starts()[:2]
    for method in script.METHODS:
        walked = script.paths_from(method, starts, script.OTHERS["rate"], 200)[-1]
        first = np.array(stored[method.__name__]["paths"])[:2, 1]
        np.testing.assert_allclose(walked, first, atol=0.03, err_msg=method.__name__)


def test_ends_are_named_by_their_losses(script: ModuleType, kept: dict[str, Any]) -> None:
    for found in (kept["paper"]["methods"], kept["others"]["methods"]):
        for name, one in found.items():
            for word, values in zip(one["ends"], one["losses"], strict=True):
                best = np.mean(values) < script.BEST + script.NEAR
                assert (word == "best mean") == best, name
