"""Cells on real data: skipped and counted without the data, a failure where CI is set."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from lessons import run_nbval
from real_cells import MISSING, RealCells, needs_of
from synthetic import lesson, stream

from course_utils import paths
from course_utils.datasets import real


class Item:
    """What the hook needs of a collected cell."""

    def __init__(self, *tags: str) -> None:
        self.cell = nbformat.v4.new_code_cell(metadata={"tags": list(tags)})
        self.path = paths.SOLUTIONS / "51_recommender.ipynb"
        self.markers: list[Any] = []
        self.user_properties: list[tuple[str, object]] = []

    def add_marker(self, marker: Any) -> None:
        self.markers.append(marker)


def _collect(monkeypatch: pytest.MonkeyPatch, cached: Container[str]) -> tuple[Item, Item]:
    monkeypatch.setattr(real, "is_cached", lambda name: name in cached)
    items = Item("real-data"), Item()
    RealCells().pytest_collection_modifyitems(list(items))
    return items


def test_they_run_with_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    on_data, other = _collect(monkeypatch, cached=real.REAL_SETS)
    assert not on_data.markers and not other.markers and not on_data.user_properties


def test_they_are_skipped_and_marked_without(monkeypatch: pytest.MonkeyPatch) -> None:
    on_data, other = _collect(monkeypatch, cached=())
    assert [marker.name for marker in on_data.markers] == ["skip"] and not other.markers
    assert MISSING in dict(on_data.user_properties) and not other.user_properties


def test_only_the_sets_of_the_lesson_count(monkeypatch: pytest.MonkeyPatch) -> None:
    on_data, _ = _collect(monkeypatch, cached={"movielens"})
    assert not on_data.markers
    on_data, _ = _collect(monkeypatch, cached=set(real.REAL_SETS) - {"movielens"})
    assert [marker.kwargs for marker in on_data.markers] == [
        {"reason": "not in the cache: movielens"}
    ]


@pytest.mark.parametrize(
    ("code", "sets"),
    [
        ('films = load("films")', {"films"}),
        ("a = datasets.load('ta_feng')\nb = load(\n    \"films\"\n)", {"ta_feng", "films"}),
        ('load("ratings"); load("films")', {"films"}),
        ('download("films")', set(real.REAL_SETS)),
        ("load(name)", set(real.REAL_SETS)),
        ("from course_utils.encoder import E5, encode\nencode(a, E5)", {"E5"}),
        ('import course_utils.encoder as e\nload("films")\ne.STATIC', {"STATIC", "films"}),
        ('load("films")\nE5 = 3', {"films"}),
    ],
)
def test_the_sets_of_a_lesson(code: str, sets: set[str], tmp_path: Path) -> None:
    text = nbformat.v4.new_markdown_cell('not code: load("open_bandit")')
    one = nbformat.v4.new_notebook(cells=[text, nbformat.v4.new_code_cell(code)])
    nbformat.write(one, tmp_path / "lesson.ipynb")
    assert needs_of(tmp_path / "lesson.ipynb") == sets


def _report(when: str, missing: bool) -> SimpleNamespace:
    properties = [(MISSING, "not in the cache: films")] if missing else []
    return SimpleNamespace(when=when, user_properties=properties)


@pytest.mark.parametrize(
    ("ci", "report", "status"),
    [
        ("true", _report("setup", missing=True), pytest.ExitCode.TESTS_FAILED),
        ("", _report("setup", missing=True), 0),
        ("true", _report("setup", missing=False), 0),
        ("true", _report("teardown", missing=True), 0),
    ],
)
def test_ci_fails_for_a_skipped_cell(
    ci: str, report: SimpleNamespace, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    session = SimpleNamespace(exitstatus=0)
    cells = RealCells()
    cells.pytest_runtest_logreport(report)
    cells.pytest_sessionfinish(session)
    assert session.exitstatus == status


@pytest.mark.parametrize("workers", [0, 2])
def test_a_run_counts_and_fails_with_workers_and_without(
    workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two small lessons without their data: one table, one advice, the exit code of CI."""
    (tmp_path / "conftest.py").write_text(
        "from course_utils.datasets import real\nreal.is_cached = lambda name: False\n"
    )
    # The table says tenths of a second, and a fast machine prints 1 in less than half of one.
    waits = "import time\ntime.sleep(0.2)\nprint(1)"
    first, on_data = (waits, [stream("1\n")]), ('load("films")', [])
    files = [
        lesson(tmp_path / edition / "90_a.ipynb", first, on_data, tags=("real-data",))
        for edition in ("solutions", "notebooks")
    ]
    monkeypatch.setenv("CI", "true")
    run = run_nbval(*files, options=[f"-n{workers}", "-p", "real_cells", "-p", "budget"])
    assert (run.passed, run.failed, run.noticed, run.status) == ({0}, set(), 2, 1), run.said
    assert run.said.count("cells on real data skipped: 2; to fetch the data:") == 1
    assert run.said.count("budget: 20 s median") == 1
    rows = [line.split() for line in run.said.splitlines() if line.count("90_a.ipynb ") == 1]
    assert sorted(row[3:] for row in rows if len(row) == 5) == [["2", "2"], ["2", "2"]]
    assert all(float(row[1]) > 0 and int(row[2]) > 10 for row in rows if len(row) == 5)
    # Of each lesson: a letter, dropped, there twice, one more.
    assert "changes to their outputs that the comparison refused: 8, bands" in run.said
