"""Who gets the gradient, and what two workers gave: made by today's code, recomputed small."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scripts import script_of, stored_by


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("allocation")


@pytest.fixture(scope="module")
def kept(script: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = script.STORED.load()
    return found


def test_todays_code_made_it(script: ModuleType, kept: dict[str, Any]) -> None:
    parts = {"small", "twins", *script.WAYS, "frozen"}
    assert parts <= set(kept), "run python benchmarks/allocation.py"


def test_todays_code_made_what_other_markets_gave(script: ModuleType, kept: dict[str, Any]) -> None:
    other = script_of("allocation_more")
    found = other.STORED.load()
    for part in ("4,000 labels", "own taste"):
        assert list(found[part]) == list(other.WAYS)
        assert all(
            len(of) == len(script.SEEDS) for way in found[part].values() for of in way.values()
        )
    tuned = kept["tuned fixed weight"]["auc"][script.MAIN]
    for name in other.LOSERS:
        best = np.array(found["best epoch"][name])
        assert len(best) == len(script.SEEDS) and np.less(best, tuned).all()
        # The best of all epochs is at least what a stopping rule kept.
        assert (best >= np.array(kept[name]["auc"][script.MAIN]) - 1e-4).all()


def test_todays_code_made_the_twins_once_more(script: ModuleType, kept: dict[str, Any]) -> None:
    other = script_of("allocation_twins")
    found = other.STORED.load()
    for part in ("4,000 labels", "own taste"):
        assert len(found[part]) == len(script.SEEDS)
    limits = [kept["twins"]["limits"][str(seed)] for seed in script.SEEDS]
    again = [found["valid"][task]["training"] for task in script.TASKS[:-1]]
    # The same twins: their training losses are the limits that the guardrails were given.
    np.testing.assert_allclose(np.transpose(again), limits, atol=2e-4)


def test_equal_labels_count_the_purchase_by_its_rows(script: ModuleType) -> None:
    train = script.market(0).split.train
    assert len(train) == script.ROWS and train.mask(script.MAIN).sum() == script.FEW
    assert {trial.weight for trial in script.WAYS["equal labels"]} == {0.04}


def test_a_small_version_is_recomputed(script: ModuleType, kept: dict[str, Any]) -> None:
    again = script.small()
    assert list(again) == list(kept["small"])
    np.testing.assert_allclose(list(again.values()), list(kept["small"].values()), atol=0.01)


def test_every_way_has_four_trials(script: ModuleType, kept: dict[str, Any]) -> None:
    for name, trials in (script.WAYS | script.TWINS).items():
        assert len(trials) == 4, name
    for name in script.WAYS:
        assert len(kept[name]["tried"]) == 4 and kept[name]["chosen"] in kept[name]["tried"]


def test_the_rule_chose_what_it_says(script: ModuleType, kept: dict[str, Any]) -> None:
    for name in script.WAYS:
        tried = kept[name]["tried"]
        passing = {
            trial: gain[script.MAIN]
            for trial, gain in tried.items()
            if min(gain[task] for task in script.shared_bottom.FREQUENT) >= -script.MARGIN
        }
        assert kept[name]["passes"] == bool(passing)
        if passing:
            assert kept[name]["chosen"] == max(passing, key=lambda trial: passing[trial])
        fairest = list(tried)[int(np.argmax(kept[name]["worst gains"]))]
        assert kept[name]["chosen for the worst"] == fairest


def test_a_multiplier_grows_while_its_bound_is_broken(script: ModuleType) -> None:
    guard = script.Guardrails(slack=0.0)
    guard.limits = np.array([0.4, 0.4, 0.4])
    guard.reset(4, 0)
    guard.after_epoch(np.array([0.5, 0.4, 0.3, 0.6]))
    found = guard.current()
    assert found[0] > found[1] > found[2] and found.sum() == pytest.approx(4)
    assert found[1] == pytest.approx(found[3])


def test_todays_workers_made_what_is_stored() -> None:
    found = stored_by("workers")
    same = found["same"]
    assert same["between the two workers"] == 0.0
    assert same["one process and two"] < 1e-6 < 1e-3 < same["moved in training"]
    assert found["by task"]["greatest difference"] == 0.0
    assert found["by task"]["bytes summed a step"] == 0
    assert found["killed"].startswith("Worker 1 of 2 was killed by signal 9")
