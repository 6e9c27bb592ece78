"""The house: floors without an import upwards, a small hall, checks short enough to read."""

from __future__ import annotations

import pytest
from importlinter import cli

from course_utils import paths

PACKAGE = paths.ROOT / "course_utils"
CHECKS = paths.ROOT / "checks"
LIMIT = 250
"""Lines of a file of checks, with its inputs, slips and hints."""


def test_no_import_runs_upwards_or_in_a_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(paths.ROOT)
    assert cli.lint_imports(no_cache=True) == 0


def test_the_hall_holds_eight_files_at_most() -> None:
    files = [one.name for one in PACKAGE.iterdir() if one.is_file()]
    assert len(files) <= 8, sorted(files)


def test_a_check_is_read_in_five_minutes() -> None:
    lines = {
        file.relative_to(paths.ROOT).as_posix(): len(file.read_text("utf-8").splitlines())
        for room in (CHECKS, PACKAGE / "exercises")
        for file in room.rglob("*.py")
    }
    long = {name: n for name, n in lines.items() if n > LIMIT}
    assert not long, "shorten it"
