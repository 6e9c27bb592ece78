"""Each script of ``benchmarks/`` says who reads it, and its code has made what is stored."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
from scripts import FOLDER, script_of, stored_by

from course_utils import paths
from course_utils.authoring.fingerprint import code_hash

SCRIPTS = [
    file.stem
    for file in sorted(FOLDER.glob("*.py"))
    if re.search(r"^STORED\b.* = Stored\($", file.read_text("utf-8"), re.MULTILINE)
]
READER = re.compile(r"[Ll]esson (\d\d)\b|docs/\w+\.md")
NOT_RUN = {
    "adding_a_task": {
        f"rho {rho}, {labels} labels, width 256"
        for rho in ("0", "0.5", "1")
        for labels in (400, 4000)
    },
    "size_and_data": {
        "959,153, 30,000 rows",
        *(f"{size}, 120,000 rows" for size in ("264", "2,253", "20,697", "218,801", "959,153")),
        "boosting, 120,000 rows",
        "unstopped",
    },
    "size_reasons": {"penalty, 218,801", "penalty, 959,153"},
    "unstopped": {"2,253", "959,153"},
}
"""Parts that a script names and that were not run, for want of machine time; no lesson shows them
(lesson 31 names its own). To take them out of a script would make all its stored parts stale.
"unstopped" of size_and_data is what the script of that name measures, size by size."""


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
    assert kept.keys() > {"code"}, f"run python benchmarks/{name}.py"
    parts = {*getattr(script, "PARTS", ()), *getattr(script, "QUALITY", ())}
    assert parts - kept.keys() == NOT_RUN.get(name, set()), f"run python benchmarks/{name}.py"
    assert parts & kept.keys() <= kept["machine"].keys()
    assert {which: [*seeds] for which, seeds in script.STORED.seeds.items()}.items() <= kept.items()
    assert not {*kept.get("seeds", ())} & {*kept.get("tuning_seeds", ())}


@pytest.mark.parametrize("name", SCRIPTS)
def test_another_line_of_the_script_is_noticed(name: str, tmp_path: Path) -> None:
    script, changed = script_of(name), tmp_path / "changed.py"
    own = FOLDER / f"{name}.py"
    changed.write_text(own.read_text("utf-8") + "\nMORE = 1\n", "utf-8")
    files = script.STORED.code
    assert code_hash(files) != code_hash(files, {own: changed})


def test_of_other_code_nothing_is_read(tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    other.write_text("MORE = 1\n", "utf-8")
    stored = replace(script_of("across_titles").STORED, code=[other])
    assert stored.load() == {"code": code_hash([other])}
