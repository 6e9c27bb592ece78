"""docs/when.md and its study page: written from what the matrix stores, told as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from cached import needs
from scripts import script_of

from course_utils.evidence import Claim
from course_utils.regimes.family import STORED, stored, told


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("when")


def test_the_pages_show_what_is_stored(script: ModuleType) -> None:
    needs("ta_feng", "movielens", "films", "clothing_reviews")  # a cell is stale by its data, too
    assert script.PAGE.read_text(encoding="utf-8") == script.page()
    assert script.STUDY.read_text(encoding="utf-8") == script.study()
    for name in script.FAMILIES:
        drawn = script.is_whole(name, maps=name not in script.FORMS)
        assert (script.PICTURES / f"{name}.svg").exists() == drawn, "run python benchmarks/when.py"


def test_a_familys_words_are_few(script: ModuleType) -> None:
    for name in script.methods():
        assert 40 <= len(script.words_of(name).split()) <= 120, name


@pytest.fixture
def elsewhere(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Path]:
    """The scripts read what stands in this folder."""
    for module in ("when", "matrix"):
        monkeypatch.setattr(script_of(module), "STORED", tmp_path)
    monkeypatch.setattr("course_utils.regimes.family.STORED", tmp_path)
    script.is_whole.cache_clear()
    yield tmp_path
    script.is_whole.cache_clear()


@pytest.mark.parametrize("how", ["one contender less", "made by other code", "nothing"])
def test_what_is_not_measured_whole_has_no_number(
    script: ModuleType, elsewhere: Path, how: str
) -> None:
    kept = json.loads((STORED / "shared_bottom.json").read_text(encoding="utf-8"))
    tried = kept["ends"]["wins"]["contenders"]
    if how == "one contender less":
        del tried["stacking"]
    if how == "made by other code":
        tried["stacking"]["code"] = "other"
    if how != "nothing":
        (elsewhere / "shared_bottom.json").write_text(json.dumps(kept), encoding="utf-8")
    assert script.families() == []
    assert script.screen("shared_bottom").endswith(f"*{script.WAITS}*")
    assert "|" not in script.opening() and "Shared-Bottom" in script.opening()
    for text in (script.page().split(script.MARKER)[1], script.study()):
        assert "| Shared-Bottom" not in text and "verdicts are" not in text


def test_a_hidden_layer_is_seen_in_the_chosen_setting(script: ModuleType) -> None:
    assert script.has_layers({"trunk": [64, 32], "tower": []})
    assert script.has_layers({"click": {"C": 0.1}, "purchase": {"expert": [16]}})
    assert script.has_layers({"tower": [32]}) and script.has_layers({"tower": [], "width": 16})
    assert not script.has_layers({"user": ["occasion"], "prior": ["scenario"]})
    assert not script.has_layers({"embedding_dim": 8, "tower": [], "task_weights": [1.0, 0.1]})
    assert not script.has_layers({"click": {"C": 0.1}, "purchase": {"C": 0.3}})


def test_a_loss_is_corrected_for_what_it_claims(script: ModuleType) -> None:
    """Better than every rival: the largest p-value. Worse than some rival: the smallest, times the
    number of rivals, which is more careful than the word's own correction (Holm's)."""
    every = script.judgements()
    assert every
    for one in every:
        cell = stored(one.family)["ends"][one.end]
        rivals = script.rivals_of(cell, one.family)
        claims = [
            Claim(rival, rival, *cell["spans"][rival], len(cell["seeds"])) for rival in rivals
        ]
        if one.word == "wins":
            assert one.p_value == max(each.p_value for each in claims)
        if one.word == "loses":
            worse = [each.p_value for each in claims if each.word == "worse"]
            assert one.p_value == min(1.0, len(claims) * min(worse))
            # Holm's steps, which give the word, are never stricter than Bonferroni's product.
            assert one.p_value > 0.05 or cell["loses_to"]
            assert {*cell["loses_to"]} <= {each.id for each in claims if each.word == "worse"}


def test_a_family_names_a_plain_model_that_is_tried(script: ModuleType) -> None:
    for name in script.methods():
        family = script.family_of(name)
        assert family.truth, name
        assert not family.matches or family.matches in family.makers(), name


def test_the_opening_begins_with_sums_and_ends_with_what_nothing_plain_holds(
    script: ModuleType,
) -> None:
    matches = [script.family_of(name).matches for name in script.methods()]
    forms = ["sum" if "logistic" in one else "product" if one else "none" for one in matches]
    assert forms == sorted(forms, key=["sum", "product", "none"].index)
    assert set(forms) == {"sum", "product", "none"}


DEPTHS = (0.0, 0.5, 1.0)

MEANS = {
    "factorisation machine, heads": (0.90, 0.80, 0.70),
    "Shared-Bottom, head per scenario": (0.85, 0.80, 0.88),
    "STAR": (0.80, 0.79, 0.70),
    "MMoE": (0.80, 0.79, 0.90),
}


@pytest.fixture
def turned(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Three depths of twelve markets, as if they had been measured."""
    draw, cells = np.random.default_rng(1), {}
    for k, depth in enumerate(DEPTHS):
        contenders = {
            name: {
                "values": (means[k] + draw.normal(0, 0.002, 10)).tolist(),
                "choice": {"embedding_dim": 8} if "factorisation" in name else {"trunk": [64]},
            }
            for name, means in MEANS.items()
        }
        cells[f"depth {depth:g}"] = {
            "dials": {"depth": depth},
            "seeds": list(range(10)),
            "limit": 0.92,
            "overlap": 0.0,
            "contenders": contenders,
        }
    family = script.family_of("depth_scenarios")
    ends = {end: told(cell, family.method, family.beside) for end, cell in cells.items()}
    monkeypatch.setattr(script, "is_whole", lambda name, maps=False: name == "depth_scenarios")
    monkeypatch.setattr(script, "ends_of", lambda name: ends)
    return ends


def test_where_the_order_turns_is_told_by_the_numbers(
    script: ModuleType, turned: dict[str, Any]
) -> None:
    text = script.depth()
    assert "A network over the best plain model: a gain at depth 1. A loss at depth 0. " in text
    assert "best plain model: a gain at depth 1. A loss at depth 0. Open at depth 0.5." in text
    assert "best of all others: a gain at depth 1. A loss at depth 0; depth 0.5." in text
    [last] = [line for line in text.splitlines() if line.startswith("| depth 1 ")]
    assert "| factorisation machine, heads .70" in last and "| MMoE .90" in last
    assert script.depth().count(script.WAITS) == len(script.FORMS) - 1


def test_the_curves_are_of_those_who_are_near_the_best_somewhere(
    script: ModuleType, turned: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "CURVES", 3)
    assert set(script.curves("depth_scenarios")) == MEANS.keys() - {"STAR"}
    [axes] = script.drawn("depth_scenarios").axes
    assert len(axes.lines) == 4 and list(axes.lines[0].get_xdata()) == list(DEPTHS)
