"""docs/when.md and its study page: written from what the matrix stores, told as it is."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
from scripts import script_of

from course_utils.evidence import Claim
from course_utils.regimes.family import STORED, stored


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("when")


def test_every_family_is_stored(script: ModuleType) -> None:
    """The tests below are made from what is stored: a lost file must not take its tests along."""
    asked = {*script_of("matrix").FAMILIES, *script.TABLES}
    assert {file.stem for file in STORED.glob("*.json")} == asked


def test_the_pages_show_what_is_stored(script: ModuleType) -> None:
    assert script.PAGE.read_text(encoding="utf-8") == script.page()
    assert script.STUDY.read_text(encoding="utf-8") == script.study()
    for name in script.families():
        assert (script.PICTURES / f"{name}.svg").exists() == script.has_map(name)


def test_a_hidden_layer_is_seen_in_the_chosen_setting(script: ModuleType) -> None:
    assert script.has_layers({"trunk": [64, 32], "tower": []})
    assert script.has_layers({"click": {"C": 0.1}, "purchase": {"expert": [16]}})
    assert not script.has_layers({"embedding_dim": 8, "tower": [], "task_weights": [1.0, 0.1]})
    assert not script.has_layers({"click": {"C": 0.1}, "purchase": {"C": 0.3}})


def test_the_best_with_and_without_layers_are_rivals(script: ModuleType) -> None:
    for name in script.families():
        for cell in script.ends_of(name).values():
            rivals = script.rivals_of(cell, name)
            found = [script.best(cell, name, layers) for layers in (False, True)]
            assert rivals[0] in found
            assert {one for one in found if one is not None} <= set(rivals)


def test_a_loss_is_corrected_for_what_it_claims(script: ModuleType) -> None:
    """Better than every rival: the largest p-value. Worse than some rival: the smallest, times the
    number of rivals."""
    for one in script.judgements():
        cell = stored(one.family)[one.end]
        rivals = script.rivals_of(cell, one.family)
        claims = [
            Claim(rival, rival, *cell["spans"][rival], len(cell["seeds"])) for rival in rivals
        ]
        every = [each.p_value for each in claims]
        if one.word == "wins":
            assert one.p_value == max(every)
        if one.word == "loses":
            worse = [each.p_value for each in claims if each.word == "worse"]
            assert one.p_value == min(1.0, len(claims) * min(worse)) <= 0.05


def test_a_family_names_a_plain_model_that_was_tried(script: ModuleType) -> None:
    for name in script.families():
        family = script_of("matrix").family_of(name)
        assert family.truth, name
        for cell in script.ends_of(name).values():
            assert not family.matches or family.matches in cell["means"], name


def test_the_curves_are_of_those_who_are_near_the_best_somewhere(script: ModuleType) -> None:
    for name in script.measured(script.DEPTHS):
        curves = script.curves(name)
        best = np.max([*curves.values()], axis=0)
        cells = [cell for cell in script.ends_of(name).values() if set(cell["dials"]) == {"depth"}]
        np.testing.assert_allclose(best, [max(cell["means"].values()) for cell in cells])
