"""MMoE's synthetic experiment: made by today's code, recomputed in a small version."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scripts import script_of


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("mmoe_synthetic")


@pytest.fixture(scope="module")
def kept(script: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(script.RESULTS.read_text(encoding="utf-8"))
    return found


def test_todays_code_made_it(script: ModuleType, kept: dict[str, Any]) -> None:
    assert kept["code"] == script.code(), "run python benchmarks/mmoe_synthetic.py"


def test_a_small_version_is_recomputed(script: ModuleType, kept: dict[str, Any]) -> None:
    again = script.small()
    assert list(again) == list(kept["small"]) == list(script.NETWORKS)
    np.testing.assert_allclose(list(again.values()), list(kept["small"].values()), rtol=0.01)


def test_it_is_whole(script: ModuleType, kept: dict[str, Any]) -> None:
    assert kept["seeds"] == list(script.SEEDS)
    for kind in script.SINES:
        assert list(kept["errors"][kind]) == [str(p) for p in script.COSINES]
        for by_name in kept["errors"][kind].values():
            assert {name: len(errors) for name, errors in by_name.items()} == dict.fromkeys(
                script.NETWORKS, len(script.SEEDS)
            )
            assert all(0 < error < 1 for errors in by_name.values() for error in errors)


def test_the_tasks_have_the_cosine_that_is_asked_for(script: ModuleType) -> None:
    for cosine in script.COSINES:
        w = script.directions(script.SEEDS, cosine)
        np.testing.assert_allclose((w**2).sum(axis=1), 1.0)
        np.testing.assert_allclose((w[..., 0] * w[..., 1]).sum(axis=1), cosine, atol=1e-12)


def test_one_expert_is_a_shared_bottom(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "EXPERTS", 1)
    monkeypatch.setattr(script, "UNITS", script.TRUNK)
    x = np.random.default_rng(0).normal(size=(2, 5, script.DIM)).astype("float32")
    weights = script.fresh("MMoE", (0, 1))
    shared = {name: one for name, one in weights.items() if name != "gates"}
    np.testing.assert_allclose(
        script.said("MMoE", weights, x), script.said("Shared-Bottom", shared, x), atol=1e-5
    )


def test_the_longer_training_is_of_todays_code_and_whole(script: ModuleType) -> None:
    longer = script_of("mmoe_synthetic_long")
    kept = json.loads(longer.RESULTS.read_text(encoding="utf-8"))
    assert kept["code"] == longer.code(), "run benchmarks/mmoe_synthetic_long.py"
    found = {(float(p), int(steps)) for p, by_steps in kept["errors"].items() for steps in by_steps}
    assert found == set(longer.TRAININGS)
    for by_steps in kept["errors"].values():
        for by_name in by_steps.values():
            assert {name: len(errors) for name, errors in by_name.items()} == dict.fromkeys(
                script.NETWORKS, len(longer.SEEDS)
            )
            assert all(0 < error < 1 for errors in by_name.values() for error in errors)
