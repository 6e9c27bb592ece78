"""What the matrix stores: made by today's code, one record a contender, nothing else stale."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scripts import script_of

from course_utils.comparison import rivals
from course_utils.comparison.matrix import TRIALS
from course_utils.comparison.rivals import zoo
from course_utils.regimes.family import STORED, stored, told

FAMILIES = sorted(file.stem for file in STORED.glob("*.json"))


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("matrix")


@pytest.mark.parametrize("name", FAMILIES)
def test_todays_code_made_every_record(script: ModuleType, name: str) -> None:
    family = script.family_of(name)
    kept = json.loads((STORED / f"{name}.json").read_text(encoding="utf-8"))
    codes = {contender: script.code_of(family, contender) for contender in family.makers()}
    for cell in [*kept["ends"].values(), *kept["cells"]]:
        for contender, record in cell["contenders"].items():
            assert record["code"] == codes[contender], f"run python benchmarks/matrix.py {name}"
            assert len(record["values"]) == len(cell["seeds"]) and record["tried"] <= TRIALS
            limit = cell["limit"]
            assert limit is None or np.mean(record["values"]) <= limit + 1e-9


def test_a_new_rival_is_found_and_makes_nothing_else_stale(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = script.FAMILIES[0]
    before = set(script.jobs(name, maps=False))
    family = script.family_of(name)
    codes = {one: script.code_of(family, one) for one in family.makers()}
    make = zoo()["logistic regression"]
    monkeypatch.setattr(
        "course_utils.regimes.family.zoo", lambda: {**rivals.zoo(), "newcomer": make}
    )
    new = set(script.jobs(name, maps=False)) - before
    assert {job.contender for job in new} == {"newcomer"} and len(new) == len(family.ends)
    assert {one: script.code_of(family, one) for one in codes} == codes


def test_on_a_cell_with_a_short_list_nobody_else_is_tried(script: ModuleType) -> None:
    family = script.family_of("depth_tasks")
    [between, end] = [family.ends[name] for name in ("depth 0.5", "depth 1")]
    assert {*family.entrants(between, "depth 0.5")} == {*family.only["depth 0.5"]}
    assert {*family.entrants(end, "depth 1")} > {*family.only["depth 0.5"]}
    for name in ("depth_scenarios", "depth_tasks", "depth_inside"):
        family = script.family_of(name)
        for short in family.only.values():
            assert family.method in short and {*short} <= {*family.makers()}


def _altered(name: str, folder: Path, change: Callable[[dict], None]) -> None:
    """What is stored of a family, changed, in a folder of its own."""
    kept = json.loads((STORED / f"{name}.json").read_text(encoding="utf-8"))
    change(kept)
    (folder / f"{name}.json").write_text(json.dumps(kept), encoding="utf-8")


def test_a_loss_is_shown_by_a_plain_rival_or_all_are_asked(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(script, "STORED", tmp_path)
    _altered("shared_bottom", tmp_path, lambda kept: None)
    assert list(script.jobs("shared_bottom", maps=False)) == []

    def ahead(kept: dict) -> None:
        record = kept["ends"]["loses"]["contenders"]["Shared-Bottom"]
        record["values"] = [value + 0.05 for value in record["values"]]

    _altered("shared_bottom", tmp_path, ahead)
    asked = {job.contender for job in script.jobs("shared_bottom", maps=False)}
    assert {"DCN, heads", "stacking", "frozen trunk, logistic regression"} < asked
    assert not {"logistic regression", "gradient boosting"} & asked

    def one_less(kept: dict) -> None:
        ahead(kept)
        del kept["ends"]["loses"]["contenders"]["logistic regression"]

    _altered("shared_bottom", tmp_path, one_less)
    [job] = script.jobs("shared_bottom", maps=False)
    assert (job.end, job.contender) == ("loses", "logistic regression")


def test_what_other_code_has_made_is_measured_again(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def stale(kept: dict) -> None:
        kept["ends"]["wins"]["contenders"]["stacking"]["code"] = "other"

    monkeypatch.setattr(script, "STORED", tmp_path)
    _altered("shared_bottom", tmp_path, stale)
    [job] = script.jobs("shared_bottom", maps=False)
    assert (job.end, job.contender) == ("wins", "stacking")
    assert "stacking" not in script.kept_of("shared_bottom")["ends"]["wins"]["contenders"]


def test_a_change_of_one_rival_leaves_the_others_alone(script: ModuleType) -> None:
    family = script.family_of(script.FAMILIES[0])
    codes = {one: script.code_of(family, one) for one in family.makers()}
    assert len(set(codes.values())) == len(codes)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_cell_is_told_as_it_is(name: str) -> None:
    found = stored(name)
    for cell in (found["wins"], found["loses"]):
        if cell is None or len(cell["means"]) < 3:
            continue
        assert next(iter(cell["means"])) == found["method"]
        rest = list(cell["means"].values())[1:]
        assert rest == sorted(rest, reverse=True)
        above = [low > 0 for low, _ in cell["spans"].values()]
        assert cell["word"] != "wins" or any(above)


def test_a_win_is_over_every_rival_and_a_loss_to_one() -> None:
    draw = np.random.default_rng(0)
    noise = {name: draw.normal(0, 0.01, 10) for name in "mab"}
    base = {"m": 0.8, "a": 0.7, "b": 0.75}

    def cell(**means: float) -> dict:
        values = {n: (noise[n] + m).tolist() for n, m in (base | means).items()}
        contenders = {name: {"values": of} for name, of in values.items()}
        return {
            "dials": {},
            "seeds": list(range(10)),
            "limit": 1.0,
            "overlap": 0.0,
            "contenders": contenders,
        }

    assert told(cell(), "m", [])["word"] == "wins"
    assert told(cell(b=0.9), "m", [])["word"] == "loses"
    assert told(cell(b=0.9), "m", ["b"])["word"] == "wins"
    assert told(cell(b=0.8), "m", [])["word"] == "open"
