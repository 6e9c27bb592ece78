"""The bank of questions: its form, its lengths, and that what it points to is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from course_utils import paths
from course_utils.authoring import pages
from course_utils.errors import CourseError
from course_utils.evidence.claim import word_for
from course_utils.interview import Question, bank
from course_utils.interview.bank import SECTIONS, questions
from course_utils.interview.page import interview_page

BANK = bank()

WORDS, CHARACTERS = (110, 150), (180, 330)
"""Of an answer that is said within sixty seconds, in English and in Chinese."""

_WORD = re.compile(r"[A-Za-z0-9][\w'’.%-]*")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def cells() -> set[str]:
    """The ids of all cells that a learner may open."""
    files = [*paths.ROOT.glob("solutions/*.ipynb"), *paths.ROOT.glob("notebooks/*.ipynb")]
    return {
        cell["id"]
        for file in files
        for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]
    }


@pytest.mark.parametrize("one", BANK, ids=lambda one: str(one.id))
def test_a_question_is_as_long_as_it_may_be(one: Question) -> None:
    said = len(_WORD.findall(one.answer["en"]))
    assert WORDS[0] <= said <= WORDS[1], f"{said} words"
    said = len(_CHINESE.findall(one.answer["zh"]))
    assert CHARACTERS[0] <= said <= CHARACTERS[1], f"{said} characters"
    assert 5 <= len(one.rubric) <= 8 and 3 <= len(one.follow_ups) <= 5
    assert one.asked["en"].endswith("?") and one.asked["zh"].endswith(("？", "?", "。"))
    assert "in my five shops" not in one.answer["en"]


def test_the_chinese_says_what_was_simulated() -> None:
    for one in BANK:
        if re.search(r"simulat", one.answer["en"], re.IGNORECASE):
            assert "模拟" in one.answer["zh"], one.id


@pytest.mark.parametrize("one", BANK, ids=lambda one: str(one.id))
def test_what_a_question_points_to_is_there(one: Question, cells: set[str]) -> None:
    named = {*one.cells, *re.findall(r"`(\d\d-[a-z0-9-]+)`", str(one.follow_ups))}
    assert named <= cells, named - cells
    for id, word in one.claims:
        recorded = json.loads((paths.RESULTS / "lessons" / f"{id[:2]}.json").read_text("utf-8"))
        kept = recorded[id]
        assert word_for(kept["low"], kept["high"], kept["higher_is_better"]) == word, id
    assert one.papers or one.measured


def _text(**changed: str) -> str:
    body = {name: "Words." for name in SECTIONS}
    body |= {"Rubric": "- 2: says so", "Follow-ups": '- **"Why?"** Because.\n  And so on.'}
    body |= {"Shown in": "- `20-recap`", "Papers": "- A paper."} | changed
    head = "# Topic · 主题\n\n## mt-01 · Why?\n\n中文：为什么？\nLevel: mid · seen in 2 sources\n\n"
    return head + "\n\n".join(f"### {name}\n\n{said}" for name, said in body.items()) + "\n"


def test_a_question_is_read() -> None:
    [one] = questions("x.md", _text())
    assert (one.id, one.level, one.seen, one.asked["zh"]) == ("mt-01", "mid", 2, "为什么？")
    assert one.rubric == ((2, "says so"),)
    assert one.follow_ups[0].answer == "Because. And so on."
    assert one.cells == ("20-recap",) and one.measured
    [apart] = questions("x.md", _text(**{"Shown in": "Not measured here."}))
    assert not apart.measured


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Topic", "must begin with '# Topic"),
        (_text().replace("mid", "expert"), "the level is entry"),
        (_text().replace("### Papers", "### Books"), "the parts must be"),
        (_text().replace("mt-01 ·", "MT1 ·"), "must be 'xx-01"),
        (_text(**{"Shown in": "Lesson 20."}), "names cells, or says"),
        (_text(Rubric="- says so"), "must be '3: what is said'"),
        (_text(**{"Follow-ups": "- Why? Because."}), "and its answer"),
        (_text(Papers=""), "'Papers' is empty"),
    ],
)
def test_another_form_is_told(text: str, says: str) -> None:
    with pytest.raises(CourseError, match=re.escape(says)):
        questions("x.md", text)


def test_the_page_tells_every_question_with_its_cells() -> None:
    text = pages.INTERVIEW.read_text(encoding="utf-8")
    files = {one.stem[:2]: f"../notebooks/{one.name}" for one in paths.NOTEBOOKS.glob("*.ipynb")}
    assert text == interview_page(BANK, files)
    for one in BANK:
        assert f"### {one.id} · {one.asked['en']}\n" in text and one.answer["zh"] in text
    for anchor in re.findall(r"\]\(#(.+?)\)", text):
        headings = [line[3:].lower() for line in text.splitlines() if line.startswith("## ")]
        assert anchor in [re.sub(r"[^\w -]", "", one).replace(" ", "-") for one in headings]


def test_an_id_is_used_once(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(_text(), encoding="utf-8")
    with pytest.raises(CourseError, match="'mt-01' is used twice"):
        bank(tmp_path)
