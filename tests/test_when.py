"""Phase diagrams: made by today's code, recomputed in a small version, told as they are."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
from scripts import script_of

from course_utils.authoring.fingerprint import reach
from course_utils.errors import CourseError
from course_utils.evidence import Claim
from course_utils.regimes import draws
from course_utils.regimes.diagram import STORED, Diagram, stored

FAMILIES = sorted(file.stem for file in STORED.glob("*.json"))


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("when")


def diagram_of(name: str) -> Diagram:
    found: Diagram = script_of("when").diagram_of(name)
    return found


def test_every_family_is_stored(script: ModuleType) -> None:
    """The tests below are made from what is stored: a lost file must not take its tests along."""
    drawn = {name for name in draws.FAMILIES if not name.startswith("depth")}
    assert FAMILIES == sorted(script.FAMILIES) == sorted(drawn)


@pytest.mark.parametrize("name", FAMILIES)
def test_todays_code_made_it(script: ModuleType, name: str) -> None:
    assert stored(name)["code"] == script.code_of(name), f"run python benchmarks/when.py {name}"


def test_a_change_of_one_network_leaves_the_others_alone() -> None:
    own = {"star": "STAR", "mmoe": "MMoE", "pepnet": "PEPNet", "m2m": "M2M", "hmoe": "HMoE"}
    for name, network in own.items():
        diagram = diagram_of(name)
        found = {one.name for one in reach().definitions([diagram.make, diagram.contenders])}
        assert found & {*own.values()} == {network}


@pytest.mark.parametrize("name", FAMILIES)
def test_a_small_version_is_recomputed(name: str) -> None:
    again, want = diagram_of(name).small(), stored(name)["small"]
    assert list(again) == list(want)
    np.testing.assert_allclose(list(again.values()), list(want.values()), atol=0.01)


@pytest.mark.parametrize("name", FAMILIES)
def test_fresh_seeds_never_say_the_opposite(name: str) -> None:
    diagram, found = diagram_of(name), stored(name)
    for which, dials in (("wins", diagram.wins), ("loses", diagram.loses)):
        if dials is None:
            assert found[which] is None
            continue
        one = found[which]
        # What fresh seeds leave open is told on the page; the opposite would be a wrong map, but
        # where the map says no win either: then the page tells that the predicted one is lost.
        [cell] = [each for each in found["cells"] if each["dials"] == dials]
        lost = which == "wins" and one["word"] == cell["word"] == "loses"
        assert one["word"] in (which, "open") or lost
        assert (one["dials"], one["seeds"]) == (dials, list(diagram.fresh))
        assert all(mean <= one["limit"] + 1e-9 for mean in one["means"].values())
        rivals = set(one["spans"]) - set(diagram.beside)
        above = [one["spans"][rival][0] > 0 for rival in rivals]
        assert all(above) == (one["word"] == "wins")
    for which, dials in script_of("when").also(name).items():
        assert (found[which]["dials"], found[which]["seeds"]) == (dials, list(diagram.fresh))
    assert [one["dials"] for one in found["cells"]] == [
        cell for cell in diagram.cells if cell in [one["dials"] for one in found["cells"]]
    ]


def test_the_page_shows_them(script: ModuleType) -> None:
    assert script.PAGE.read_text(encoding="utf-8") == script.page()
    for name in FAMILIES:
        whole = len(stored(name)["cells"]) == len(diagram_of(name).cells)
        assert (script.PICTURES / f"{name}.svg").exists() == whole


def test_a_family_that_is_not_stored_is_told() -> None:
    with pytest.raises(CourseError, match="No phase diagram of 'transformer' is stored"):
        stored("transformer")


def test_a_loss_is_corrected_for_what_it_claims(script: ModuleType) -> None:
    """Better than every rival: the largest p-value. Worse than some rival: the smallest, times the
    number of rivals."""
    for one in script.verdicts():
        kept, beside = stored(one.family)[one.end], diagram_of(one.family).beside
        claims = [
            Claim(rival, rival, *span, len(kept["seeds"]))
            for rival, span in kept["spans"].items()
            if rival not in beside
        ]
        every = [each.p_value for each in claims]
        if one.word == "wins":
            assert one.p_value == max(every)
        if one.word == "loses":
            worse = [each.p_value for each in claims if each.word == "worse"]
            assert one.p_value == min(1.0, len(claims) * min(worse)) <= 0.05
    said = script.corrected()
    for one in script.verdicts():
        if one.word == "wins":
            assert (one.text in said) != one.stands
