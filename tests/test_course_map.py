"""The map is drawn from the headers; a timetable loses no minute."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from course_utils import paths
from course_utils.desk import course_map
from course_utils.errors import CourseError
from course_utils.notebook.header import Lesson

A = Lesson("10", "one", (50,), "entry", ())
B = Lesson("20", "two", (45, 55), "middle", ("10",))


def _notebook(folder: Path, name: str, head: str) -> None:
    cell = {"cell_type": "markdown", "source": head.splitlines(keepends=True)}
    (folder / name).write_text(json.dumps({"cells": [cell]}), encoding="utf-8")


HEAD = """# 21 · Multi-scenario learning

| Minutes | Level | Before this | In interviews |
|---|---|---|---|
| 45 + 50 | middle | lessons 00 and 20 | "One model or five?" |
"""


def test_a_header_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    _notebook(tmp_path, "21_scenarios.ipynb", HEAD)
    assert course_map.lessons() == [
        Lesson("21", "Multi-scenario learning", (45, 50), "middle", ("00", "20"))
    ]
    _notebook(tmp_path, "22_more.ipynb", "# 22 · No table\n")
    with pytest.raises(CourseError, match=r"notebooks/22_more\.ipynb must begin with a title"):
        course_map.lessons()


def test_every_lesson_is_on_the_map() -> None:
    found = course_map.lessons()
    assert [one.number for one in found] == [
        file.name[:2] for file in sorted(paths.NOTEBOOKS.glob("*.ipynb"))
    ]
    assert all(10 <= one.minutes <= 400 for one in found)


def test_evenings_hold_every_minute_in_order_and_cut_no_sitting() -> None:
    assert course_map.evenings([A, B], 60) == [[(A, 50)], [(B, 45)], [(B, 55)]]
    assert course_map.evenings([A, B], 100) == [[(A, 50), (B, 45)], [(B, 55)]]
    assert course_map.evenings([A, B], 1000) == [[(A, 50), (B, 45), (B, 55)]]
    with pytest.raises(CourseError, match="1 minute or more, got 0"):
        course_map.evenings([A], 0)


def test_an_evening_too_short_for_a_sitting_cuts_it() -> None:
    assert course_map.evenings([A, B], 40) == [
        [(A, 40)],
        [(A, 10)],
        [(B, 40)],
        [(B, 5)],
        [(B, 40)],
        [(B, 15)],
    ]


def test_both_pictures_name_every_lesson() -> None:
    axes = course_map.draw_map([A, B]).axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["10 · one", "20 · two"]
    assert [text.get_text() for text in axes.texts] == ["50 min", "45 + 55 min  after 10"]
    axes = course_map.draw_evenings([A, B], 60).axes[0]
    assert [text.get_text() for text in axes.texts] == ["10", "20", "20"]
