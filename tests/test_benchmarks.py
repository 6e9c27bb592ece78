"""Each script of ``benchmarks/`` says who reads it, and its code has made what is stored."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from course_utils import paths
from course_utils.authoring.fingerprint import code_hash

FOLDER = paths.ROOT / "benchmarks"
SCRIPTS = [
    file.stem
    for file in sorted(FOLDER.glob("*.py"))
    if re.search(r"^STORED\b.* = Stored\($", file.read_text("utf-8"), re.MULTILINE)
]
READER = re.compile(r"[Ll]esson (\d\d)\b|docs/\w+\.md")


def _script(name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module(name)


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
def test_what_is_stored_was_made_by_the_code_of_today(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = _script(name, monkeypatch).STORED
    assert stored.load().keys() > {"code"}, f"run python benchmarks/{name}.py"


def test_other_code_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = _script("across_titles", monkeypatch)
    changed = tmp_path / "changed.py"
    own = FOLDER / "across_titles.py"
    changed.write_text(own.read_text("utf-8") + "\nMORE = 1\n", "utf-8")
    assert code_hash(script.STORED.code) != code_hash(script.STORED.code, {own: changed})
