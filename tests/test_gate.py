"""Cells on real data: skipped and counted without the data, a failure where CI is set."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

import conftest
from course_utils import paths
from course_utils.datasets import real


class Item:
    """What the hook needs of a collected cell."""

    def __init__(self, *tags: str) -> None:
        self.cell = nbformat.v4.new_code_cell(metadata={"tags": list(tags)})
        self.path = paths.SOLUTIONS / "51_recommender.ipynb"
        self.nodeid = f"{self.path}::Cell 0"
        self.markers: list[Any] = []

    def add_marker(self, marker: Any) -> None:
        self.markers.append(marker)


@pytest.fixture
def skipped(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    fresh: list[str] = []
    monkeypatch.setattr(conftest, "_missing_data", fresh)
    return fresh


def _collect(monkeypatch: pytest.MonkeyPatch, cached: Container[str]) -> tuple[Item, Item]:
    monkeypatch.setattr(real, "is_cached", lambda name: name in cached)
    items = Item("real-data"), Item()
    conftest.pytest_collection_modifyitems(list(items))
    return items


def test_they_run_with_the_data(skipped: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    on_data, other = _collect(monkeypatch, cached=real.REAL_SETS)
    assert not on_data.markers and not other.markers and not skipped


def test_they_are_skipped_and_counted_without(
    skipped: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    on_data, other = _collect(monkeypatch, cached=())
    assert [marker.name for marker in on_data.markers] == ["skip"] and not other.markers
    assert len(skipped) == 1


def test_only_the_sets_of_the_lesson_count(
    skipped: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    on_data, _ = _collect(monkeypatch, cached={"movielens"})
    assert not on_data.markers
    on_data, _ = _collect(monkeypatch, cached=set(real.REAL_SETS) - {"movielens"})
    assert [marker.kwargs for marker in on_data.markers] == [
        {"reason": "not in the cache: movielens"}
    ]
    assert len(skipped) == 1


@pytest.mark.parametrize(
    ("code", "sets"),
    [
        ('films = load("films")', {"films"}),
        ("a = datasets.load('ta_feng')\nb = load(\n    \"films\"\n)", {"ta_feng", "films"}),
        ('load("ratings"); load("films")', {"films"}),
        ('download("films")', set(real.REAL_SETS)),
        ("load(name)", set(real.REAL_SETS)),
    ],
)
def test_the_sets_of_a_lesson(code: str, sets: set[str], tmp_path: Path) -> None:
    text = nbformat.v4.new_markdown_cell('not code: load("open_bandit")')
    lesson = nbformat.v4.new_notebook(cells=[text, nbformat.v4.new_code_cell(code)])
    nbformat.write(lesson, tmp_path / "lesson.ipynb")
    assert conftest.real_sets_of(tmp_path / "lesson.ipynb") == sets


@pytest.mark.parametrize(("ci", "status"), [("true", pytest.ExitCode.TESTS_FAILED), ("", 0)])
def test_ci_fails_for_a_skipped_cell(
    ci: str, status: int, skipped: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _collect(monkeypatch, cached=())
    monkeypatch.setenv("CI", ci)
    option = SimpleNamespace(collectonly=False)
    session = SimpleNamespace(exitstatus=0, config=SimpleNamespace(option=option))
    conftest.pytest_sessionfinish(session)
    assert session.exitstatus == status
