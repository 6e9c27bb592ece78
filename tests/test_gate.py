"""Cells on real data: skipped and counted without the data, a failure where CI is set."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

import conftest
from course_utils import real


class Item:
    """What the hook needs of a collected cell."""

    def __init__(self, *tags: str) -> None:
        self.cell = nbformat.v4.new_code_cell(metadata={"tags": list(tags)})
        self.nodeid = "solutions/51_recommender.ipynb::Cell 0"
        self.markers: list[Any] = []

    def add_marker(self, marker: Any) -> None:
        self.markers.append(marker)


@pytest.fixture
def skipped(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    fresh: list[str] = []
    monkeypatch.setattr(conftest, "_missing_data", fresh)
    return fresh


def _collect(monkeypatch: pytest.MonkeyPatch, cached: bool) -> tuple[Item, Item]:
    monkeypatch.setattr(real, "is_cached", lambda name: cached)
    items = Item("real-data"), Item()
    conftest.pytest_collection_modifyitems(list(items))
    return items


def test_they_run_with_the_data(skipped: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    on_data, other = _collect(monkeypatch, cached=True)
    assert not on_data.markers and not other.markers and not skipped


def test_they_are_skipped_and_counted_without(
    skipped: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    on_data, other = _collect(monkeypatch, cached=False)
    assert [marker.name for marker in on_data.markers] == ["skip"] and not other.markers
    assert len(skipped) == 1


@pytest.mark.parametrize(("ci", "status"), [("true", pytest.ExitCode.TESTS_FAILED), ("", 0)])
def test_ci_fails_for_a_skipped_cell(
    ci: str, status: int, skipped: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _collect(monkeypatch, cached=False)
    monkeypatch.setenv("CI", ci)
    option = SimpleNamespace(collectonly=False)
    session = SimpleNamespace(exitstatus=0, config=SimpleNamespace(option=option))
    conftest.pytest_sessionfinish(session)
    assert session.exitstatus == status
