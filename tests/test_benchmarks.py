"""Each script of ``benchmarks/`` says who reads it, and its code has made what is stored."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from scripts import FOLDER, script_of, stored_by

from course_utils import paths
from course_utils.authoring.fingerprint import reach
from course_utils.errors import CourseError

SCRIPTS = [
    file.stem
    for file in sorted(FOLDER.glob("*.py"))
    if re.search(r"^STORED\b.* = Stored\(", file.read_text("utf-8"), re.MULTILINE)
]
READER = re.compile(r"[Ll]esson (\d\d)\b|docs/\w+\.md")


def test_there_are_scripts() -> None:
    assert len(SCRIPTS) > 70


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_names_a_reader_that_exists(name: str) -> None:
    said = ast.get_docstring(ast.parse((FOLDER / f"{name}.py").read_text("utf-8"))) or ""
    found = READER.search(said)
    assert found, f"name the lesson or the page of docs/ in the first lines of benchmarks/{name}.py"
    lesson = found.group(1)
    where = f"solutions/{lesson}_*.py" if lesson else found.group()
    assert list(paths.ROOT.glob(where)), f"benchmarks/{name}.py names {where}, which does not exist"


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_is_stored_was_made_by_the_code_of_today(name: str) -> None:
    script, kept = script_of(name), stored_by(name)
    assert not script.STORED.stale(script.PARTS), f"run python benchmarks/{name}.py"
    seeds = {which: [*of] for which, of in script.STORED.seeds.items()}
    assert seeds.items() <= kept.items()
    assert not {*kept.get("seeds", ())} & {*kept.get("tuning_seeds", ())}
    # No number whose part is gone, and of each the machine.
    assert kept.keys() == {*script.PARTS, *seeds, "code", "machine"}
    assert kept["machine"].keys() == kept["code"].keys() == script.PARTS.keys()
    assert _named(kept["code"]) == _named(script.PARTS)


def _named(parts: Mapping[str, Any]) -> set[tuple[str, ...]]:
    return {path for path, _ in script_of("parts").leaves(parts)}


def test_no_part_looks_a_name_up_at_run_time_or_shows_anything() -> None:
    """Names made of text would be missed. A sentence of a forest makes no number."""
    parts, found = script_of("parts"), set()
    for name in SCRIPTS:
        for _, part in parts.leaves(script_of(name).PARTS):
            found |= reach().definitions(parts.given(part))
    by_text = {"import_module", "__import__", "globals", "eval", "exec"}
    uses = {
        (key.file.stem, chain[-1])
        for key in found
        for chain in reach().source(key.file).definition(key.name, key.entry).uses
        if chain[-1] in by_text
    }
    assert uses == {("runner", "import_module")}  # the optional runner of the language model
    rooms = {key.file.parent.name for key in found}
    assert rooms >= {"benchmarks", "shop", "models"} and not rooms & {"notebook", "exercises"}
    shown = {key.name for key in found if key.file.parent.name == "evidence"}
    assert "still_standing" in shown and not shown & {"family_sentence", "evidence"}


@pytest.fixture
def stored(tmp_path: Path) -> Any:
    return script_of("parts").Stored(tmp_path / "numbers.json", {"seeds": range(2)})


def one() -> list[float]:
    return [1.5]


def plus(x: float, y: float) -> float:
    return x + y


def broken() -> float:
    return 1 / 0


def test_each_part_is_kept_as_soon_as_it_is_done(stored: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        stored.measure({"first": one, "second": partial(plus, 1, 1), "third": broken})
    kept = stored.load()
    assert (kept["first"], kept["second"], kept["seeds"]) == ([1.5], 2, [0, 1])
    assert list(kept["machine"]) == list(kept["code"]) == ["first", "second"]


def test_a_part_that_is_there_is_not_measured_again(stored: Any) -> None:
    stored.measure({"first": one})
    kept = json.loads(stored.file.read_text("utf-8"))
    stored.file.write_text(json.dumps({**kept, "first": "as it was"}), "utf-8")
    assert stored.measure({"first": one, "second": one})["first"] == "as it was"
    assert stored.measure({"first": partial(plus, 1, 2)})["first"] == 3


def test_a_part_of_a_part_goes_stale_alone(stored: Any) -> None:
    """A new row of a table makes no other stale; each goes stale with its own arguments."""
    table = {"table": {"a": partial(plus, 1, 1), "b": partial(plus, 1, 2)}}
    assert stored.measure(table)["table"] == {"a": 2, "b": 3}
    more = {"table": {**table["table"], "c": broken}}
    assert stored.stale(more) == ["table / c"]
    other = {"table": {**table["table"], "a": partial(plus, 2, 2)}}
    assert stored.stale(other) == ["table / a"]
    assert stored.measure(other)["table"] == {"a": 4, "b": 3}


def test_an_earlier_number_counts_by_its_value(stored: Any) -> None:
    parts = {"first": one, "second": partial(plus, [2], stored.earlier("first"))}
    assert stored.stale({"second": parts["second"]}) == ["second"]
    with pytest.raises(CourseError, match=r"numbers.json has no first yet"):
        stored.measure({"second": parts["second"]})
    assert stored.measure(parts)["second"] == [2, 1.5]
    kept = stored.load()
    stored.file.write_text(json.dumps({**kept, "first": [1.25]}), "utf-8")
    assert stored.stale(parts) == ["second"]


def test_a_part_that_reads_a_result_by_itself_is_refused(stored: Any) -> None:
    with pytest.raises(CourseError, match=r"hand it in, as STORED.earlier"):
        stored.measure({"first": script_of("across_titles").main})


def test_parts_of_two_machines_say_so(stored: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"table": {"a": one}}
    stored.measure(table)
    here = stored.load()["machine"]["table"]
    monkeypatch.setattr(script_of("parts"), "described", lambda *_: "another")
    stored.measure({"table": {"a": one, "b": one}})
    assert stored.load()["machine"]["table"] == f"{here} and another"


def test_a_new_rival_makes_nothing_stale(tmp_path: Path) -> None:
    """Lesson 33's table in a copy of the clone: one line more, and only its own parts are new."""
    for folder in ("benchmarks", "course_utils"):
        shutil.copytree(
            paths.ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    (tmp_path / "results").mkdir()
    for file in paths.RESULTS.glob("adding_a_*.json"):
        shutil.copy(file, tmp_path / "results")
    table = tmp_path / "benchmarks" / "adding_a_task.py"
    text, row = table.read_text("utf-8"), '    "boosting": [partial(boosting'
    assert text.count(row) == 1
    table.write_text(
        text.replace(row, f'    "base rate": [partial(logistic, 1e-9, False)],\n{row}')
    )
    said = subprocess.run(
        [sys.executable, "-c", STALE], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout
    found = {tuple(line.split(": ", 1)) for line in said.splitlines()}
    assert len(found) == 6 + 6 + 2
    assert {name for name, _ in found} == {"adding_a_task", "adding_a_task_labels"}
    assert all(part.endswith(" / base rate") for _, part in found)


STALE = """
import importlib, pathlib, sys
sys.path[:0] = [".", "benchmarks"]
for file in sorted(pathlib.Path("results").glob("adding_a_*.json")):
    script = importlib.import_module(file.stem)
    for part in script.STORED.stale(script.PARTS):
        print(f"{file.stem}: {part}")
"""
