"""The later rivals of docs/when.md: their formulas, and what was told of how they were chosen."""

from __future__ import annotations

import numpy as np
import pytest
from scripts import script_of, stored_by

from course_utils.backend import tf
from course_utils.regimes import direction, escm2, shared_bottom
from course_utils.regimes.rivals import direction as direction_rivals
from course_utils.regimes.rivals import escm2 as escm2_rivals
from course_utils.regimes.rivals import shared_bottom as shared_bottom_rivals


def test_the_smooth_maximum_weighs_by_the_softmax_of_the_losses() -> None:
    t, losses = 0.1, np.array([0.3, 0.7, 0.65], "float32")
    smooth, given = direction_rivals.SmoothMaximum(t), tf.constant(losses)
    with tf.GradientTape() as tape:
        tape.watch(given)
        total = smooth.total(given)
    weights = np.exp((losses - losses.max()) / t)
    np.testing.assert_allclose(tape.gradient(total, given), weights / weights.sum(), rtol=1e-5)
    assert losses.max() <= float(total) <= losses.max() + t * np.log(len(losses))
    sharp = direction_rivals.SmoothMaximum(1e-3).total(given)
    assert float(sharp) == pytest.approx(float(losses.max()), abs=1e-5)


@pytest.mark.parametrize(
    ("family", "later", "dials", "new"),
    [
        (direction, direction_rivals, {"width": 1}, ["IMTL-G", "smooth maximum"]),
        (escm2, escm2_rivals, {}, [escm2_rivals.BODY]),
        (shared_bottom, shared_bottom_rivals, {}, [shared_bottom_rivals.FROZEN]),
    ],
    ids=["direction", "escm2", "shared_bottom"],
)
def test_later_rivals_stand_behind_the_first(family, later, dials, new) -> None:
    split = family.make(1).split
    first = [one.name for one in family.contenders(split, **dials)]
    every = later.DIAGRAM.contenders(split, **dials)
    assert [one.name for one in every] == [*first, *new]
    assert all(1 <= len(one.trials(6, len(split.train.labels))) <= 6 for one in every)


def test_the_frozen_trunk_has_not_seen_the_purchase() -> None:
    case = shared_bottom.make(3, few=150, n_train=600, n_valid=300, n_test=200)
    frozen = shared_bottom_rivals.contenders(case.split)[-1]
    trial = {**frozen.trials(6, 4)[0], "epochs": 1}
    said = frozen.fit(case.split, 3, trial, ["purchase"], "test")["purchase"]
    mixed = shared_bottom.make(3, few=150, n_train=600, n_valid=300, n_test=200)
    kept = mixed.split.train.labels["purchase"]
    trunk = shared_bottom_rivals.of_tasks(mixed.split.train, shared_bottom.FREQUENT)
    assert list(trunk.labels) == list(shared_bottom.FREQUENT)
    kept[:] = 1 - kept  # the trunk stays, the regression turns round
    other = frozen.fit(mixed.split, 3, trial, ["purchase"], "test")["purchase"]
    np.testing.assert_allclose(other, 1 - said, atol=1e-3)


def test_the_temperature_is_the_best_on_the_search_seeds() -> None:
    script, kept = script_of("when_rivals"), stored_by("when_rivals")["temperature"]
    means = {t: kept["means"][f"smooth maximum, {t:g}"] for t in script.TEMPERATURES}
    assert max(means, key=lambda t: means[t]) == direction_rivals.TEMPERATURE
    assert kept["seeds"] == list(script.SEARCH_SEEDS)
    assert not set(script.SEARCH_SEEDS) & {*direction.DIAGRAM.fresh, *script.SEEDS}
    assert all(means[t] < 0.6 for t in script.TEMPERATURES if t >= 0.2)


def test_mgda_wins_in_no_other_setting() -> None:
    kept = stored_by("when_rivals")["setting"]
    assert len(kept) == 5
    for words, found in kept.items():
        assert "better" not in found["words"].values() or set(found["words"].values()) != {
            "better"
        }, words
