"""A lesson's header is read, and the map is drawn from all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from course_utils import paths
from course_utils.desk import course_map
from course_utils.errors import CourseError
from course_utils.notebook import header
from course_utils.notebook.header import Asked, Lesson

A = Lesson("10", "one", Asked("What?", "What?"), (50,), "entry", ())
B = Lesson("20", "two", Asked("Which?", ""), (45, 55), "middle", ("10",))

HEAD = """\
# %% [markdown] name="title" question_zh="一个模型？" interview_zh="怎么选？"
# # 21 · Multi-scenario learning
#
# > Shall they share?
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | 45 + 50 | middle | lessons 00 and 20; 22 to 24 help | "One model or five?", "STAR?" |

# %% name="imports"
import json
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "SOLUTIONS", tmp_path)
    (tmp_path / "21_scenarios.py").write_text(HEAD, encoding="utf-8")
    return tmp_path


def test_a_header_is_read_in_both_languages(folder: Path) -> None:
    assert header.lessons() == [
        Lesson(
            "21",
            "Multi-scenario learning",
            Asked("Shall they share?", "One model or five?"),
            (45, 50),
            "middle",
            ("00", "20", "22", "23", "24"),
        )
    ]
    assert header.in_chinese(folder / "21_scenarios.py") == Asked("一个模型？", "怎么选？")


@pytest.mark.parametrize("part", ["# # 21", "# > Shall", "# | 45 + 50"])
def test_a_header_without_a_part_is_refused(folder: Path, part: str) -> None:
    (folder / "21_scenarios.py").write_text(HEAD.replace(part, "# so"), encoding="utf-8")
    with pytest.raises(CourseError, match=r"solutions/21_scenarios\.py must begin with a title"):
        header.lessons()


def test_a_header_without_its_chinese_is_refused(folder: Path) -> None:
    file = folder / "21_scenarios.py"
    file.write_text(HEAD.replace("interview_zh", "interview"), encoding="utf-8")
    with pytest.raises(CourseError, match=r"21_scenarios\.py must begin with `# %% \[markdown\]"):
        header.in_chinese(file)


def test_every_lesson_is_on_the_map() -> None:
    found = header.lessons()
    assert [one.number for one in found] == [
        file.name[:2] for file in sorted(paths.NOTEBOOKS.glob("*.ipynb"))
    ]
    assert all(10 <= one.minutes <= 400 for one in found)
    words = course_map.described(found)
    assert all(f"{one.number} {one.title}: " in words for one in found)


def test_the_map_has_a_bar_a_lesson_and_a_piece_a_sitting() -> None:
    left, right = course_map.draw_map([A, B]).axes
    assert [text.get_text() for text in left.get_yticklabels()] == ["10 · one", "20 · two"]
    assert [text.get_text() for text in right.get_yticklabels()] == ["50", "100, after 10"]
    assert "20 two: 45 + 55 minutes, after 10." in course_map.described([A, B])
    pieces = [(bar.get_x(), bar.get_width()) for bar in left.patches]
    assert pieces == [(0, 50), (0, 45), (45, 55)]


def test_no_label_of_the_map_is_cut() -> None:
    fig = course_map.draw_map(header.lessons())
    fig.canvas.draw()
    for axes in fig.axes:
        for label in axes.get_yticklabels():
            box = label.get_window_extent()
            assert box.x0 >= 0 and box.x1 <= fig.bbox.width, label.get_text()
