"""Distillation: made by today's code, recomputed in a small version, shown as it was measured."""

from __future__ import annotations

import inspect
import json
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scripts import script_of

from course_utils import paths
from course_utils.regimes import shared_bottom

LESSON = paths.ROOT / "solutions" / "23_distillation.py"
SHOWN = ("logit", "Student", "teaching", "visits", "privileged_teacher")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("distillation")


@pytest.fixture(scope="module")
def doubts(script: ModuleType) -> ModuleType:
    return script_of("distillation_rivals")


@pytest.fixture(scope="module")
def starts(doubts: ModuleType) -> ModuleType:
    return script_of("distillation_starts")


@pytest.fixture(scope="module")
def kept(script: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(script.RESULTS.read_text(encoding="utf-8"))
    return found


def test_todays_code_made_them(script: ModuleType, kept: dict[str, Any]) -> None:
    assert kept["code"] == script.code(), "run python benchmarks/distillation.py"


def test_a_small_version_is_recomputed(script: ModuleType, kept: dict[str, Any]) -> None:
    again = script.small()
    assert list(again) == list(kept["small"])
    np.testing.assert_allclose(list(again.values()), list(kept["small"].values()), atol=0.01)


def test_todays_code_made_the_doubts_too(doubts: ModuleType) -> None:
    kept = json.loads(doubts.RESULTS.read_text(encoding="utf-8"))
    assert kept["code"] == doubts.code(), "run benchmarks/distillation_rivals.py"
    assert {len(one["auc"]) for cell in kept["cells"].values() for one in cell.values()} == {6}


def test_the_ridge_of_the_dwell_time_is_recomputed(doubts: ModuleType) -> None:
    kept = json.loads(doubts.RESULTS.read_text(encoding="utf-8"))["cells"]["privileged"]
    for name, (got, *_) in doubts.privileged(0).items():
        assert got == pytest.approx(kept[name]["auc"][0], abs=0.005)


def test_the_towers_are_trained_again(doubts: ModuleType) -> None:
    kept = json.loads(doubts.RESULTS.read_text(encoding="utf-8"))["cells"]["towers"]
    again = doubts.towers(0)
    assert list(again) == list(kept)
    for name, (got, *_) in again.items():
        assert got == pytest.approx(kept[name]["auc"][0], abs=0.01)


def test_todays_code_made_the_starts_too(starts: ModuleType) -> None:
    kept = json.loads(starts.RESULTS.read_text(encoding="utf-8"))
    assert kept["code"] == starts.code(), "run python benchmarks/distillation_starts.py"
    for cell in kept["cells"].values():
        assert list(cell) == list(starts.CONTENDERS)
        assert {len(one["auc"]) for one in cell.values()} == {6}


def test_the_student_goes_on_from_the_teachers_embeddings_again(starts: ModuleType) -> None:
    kept = json.loads(starts.RESULTS.read_text(encoding="utf-8"))["cells"]["starts, width 4"]
    split = shared_bottom.make(0).split
    again = dict(starts.embedded(split, 0, 4))
    one = kept["teacher's embeddings"]
    assert again[one["chosen"]][1][0] == pytest.approx(one["auc"][0], abs=0.02)
    table = starts.begun(4).start[0]
    assert table.shape == (48, 12)  # the embeddings, and no more of the teacher


def test_todays_code_made_the_twenty_too(doubts: ModuleType, kept: dict[str, Any]) -> None:
    seeds = script_of("distillation_seeds")
    found = json.loads(seeds.RESULTS.read_text(encoding="utf-8"))
    assert found["code"] == seeds.code(), "run python benchmarks/distillation_seeds.py"
    assert {len(one["auc"]) for cell in found["cells"].values() for one in cell.values()} == {20}
    # The settings are those that were chosen before.
    for name, rate, decay in [("student alone", 0.01, 0.01), ("true labels, all rows", 0.01, 1e-4)]:
        trial = kept["cells"]["unlabelled"][name]["trial"]
        assert (trial["learning_rate"], trial["weight_decay"]) == (rate, decay)


def test_the_tuned_rival_of_8_has_the_least_validation_loss(doubts: ModuleType) -> None:
    losses = json.loads(doubts.RESULTS.read_text(encoding="utf-8"))["tuning"]["width 8"]
    rival = {name: loss for name, loss in losses.items() if name.startswith("Shared-Bottom")}
    assert len(rival) == len(losses) - len(rival) == 4
    assert min(rival, key=lambda name: rival[name]) == "Shared-Bottom, rate 0.03, 0.5"


def test_the_lesson_shows_the_ridge_that_was_measured(doubts: ModuleType) -> None:
    source = inspect.getsource(doubts.dwell_then_purchase)
    assert source in LESSON.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SHOWN)
def test_the_lesson_shows_the_code_that_was_measured(script: ModuleType, name: str) -> None:
    assert inspect.getsource(getattr(script, name)) in LESSON.read_text(encoding="utf-8")


def test_every_contender_is_there_and_none_above_the_truth(
    script: ModuleType, kept: dict[str, Any]
) -> None:
    for cell, (_, contenders, trials) in script.plan().items():
        found = kept["cells"][cell]
        assert {one.name for one in contenders} <= set(found)
        best = np.mean(found["Bayes limit"]["auc"])
        for one in contenders:
            assert len(one.trials(trials, 1)) <= script.TRIALS
            assert len(found[one.name]["auc"]) == len(kept["seeds"])
            assert np.mean(found[one.name]["auc"]) <= best


def test_the_loss_of_the_student_is_the_formula(script: ModuleType) -> None:
    """(1 - a) H(y, p) + a T^2 H(q_T, p_T), which differs from KL by what no weight changes."""
    from scipy.special import expit

    train = shared_bottom.make(0, n_train=64, n_valid=64, n_test=64).split.train
    rng = np.random.default_rng(0)
    q, a, T = rng.random(64), 0.3, 2.5
    rows = script.teaching(train, ("view",), {"view": q}, a, T)
    student = script.Student(rows.columns, ("view",), (4,), (), 4)
    predicted = student(rows.inputs)
    y, p = rows.labels["view"], np.asarray(predicted["view"], float)

    def cross_entropy(one: Any, other: Any) -> Any:
        return -one * np.log(other) - (1 - one) * np.log(1 - other)

    soft = cross_entropy(expit(script.logit(q) / T), expit(script.logit(p) / T))
    wanted = np.mean((1 - a) * cross_entropy(y, p) + a * T**2 * soft)
    ones = np.ones((1, 64), "float32")
    got = student.task_losses(predicted, y[None], ones)
    np.testing.assert_allclose(np.asarray(got), [wanted], rtol=1e-4)
    # What is for the loss alone is not read.
    other = script.teaching(train, ("view",), {"view": 1 - q}, 1.0, 1.0)
    np.testing.assert_array_equal(p, np.asarray(student(other.inputs)["view"], float))
