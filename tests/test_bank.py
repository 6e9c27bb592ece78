"""The bank of questions: its form, its lengths, and that what it points to is there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from course_utils import paths
from course_utils.authoring import pages
from course_utils.errors import CourseError
from course_utils.evidence.claim import word_for
from course_utils.interview import Question, bank
from course_utils.interview.bank import PAGES, SECTIONS, Language, asked_with, questions, shown
from course_utils.interview.lesson import filled
from course_utils.interview.page import interview_page

BANK = bank()

LANGUAGES: tuple[Language, ...] = ("en", "zh")

WORDS, CHARACTERS = (110, 150), (180, 330)
"""Of an answer that is said within sixty seconds, in English and in Chinese."""

OWN = {}
"""Lesson -> the spoken answers that its source still holds itself. It only shrinks: an answer goes
into the bank, and a line ``<!-- bank: xx-01 -->`` takes its place."""

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


Recorded = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    """Every claim's interval, as the lessons' records have it."""
    files = sorted((paths.RESULTS / "lessons").glob("*.json"))
    return {
        id: kept
        for file in files
        for id, kept in json.loads(file.read_text(encoding="utf-8")).items()
    }


def _fallen(one: Question, recorded: Recorded) -> list[str]:
    """The claims that an answer rests on and that are not recorded so."""
    found = []
    for id, word in one.claims:
        kept = recorded.get(id)
        if kept is None:
            found.append(f"{id} is not recorded")
        elif (now := word_for(kept["low"], kept["high"], kept["higher_is_better"])) != word:
            found.append(f"{id} is {now}, not {word}")
    return found


def test_the_chinese_says_what_was_simulated() -> None:
    for one in BANK:
        if re.search(r"simulat", one.answer["en"], re.IGNORECASE):
            assert "模拟" in one.answer["zh"], one.id


@pytest.mark.parametrize("one", BANK, ids=lambda one: str(one.id))
def test_what_a_question_points_to_is_there(
    one: Question, cells: set[str], recorded: Recorded
) -> None:
    named = {*one.cells, *re.findall(r"`(\d\d-[a-z0-9-]+)`", str(one.follow_ups))}
    assert named <= cells, named - cells
    assert _fallen(one, recorded) == []
    assert one.papers or one.measured


@pytest.mark.parametrize("now", ["better", "worse", "no difference shown"])
def test_a_claim_whose_verdict_has_changed_is_found(now: str) -> None:
    low, high = {"better": (1, 2), "worse": (-2, -1), "no difference shown": (-1, 1)}[now]
    resting = [one for one in BANK if one.claims]
    assert len(resting) > 50
    for one in resting:
        changed = {id: {"low": low, "high": high, "higher_is_better": True} for id, _ in one.claims}
        fallen = [f"{id} is {now}, not {word}" for id, word in one.claims if word != now]
        assert _fallen(one, changed) == fallen
        assert _fallen(one, {}) == [f"{id} is not recorded" for id, _ in one.claims]


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


def test_a_cell_is_shown_as_its_lesson() -> None:
    told = "So (`25-gap`). Then `24-a` `24-b-c`, and `20-x` `24-a`; (see `21-y`)."
    assert shown(told) == (
        "So (lesson 25). Then (lesson 24), and (lessons 20, 24); (see (lesson 21))."
    )
    for one in BANK:
        assert "((" not in shown(one.senior + one.staff), one.id


def test_what_the_drill_tells_has_what_a_senior_adds() -> None:
    [one] = questions("x.md", _text(**{"A senior adds": "More. `24-a`"}))
    assert one.told("en") == "Words.\n\nA senior adds: More. (lesson 24)"
    assert one.told("zh") == "Words.\n\n高级工程师会补充： More. (lesson 24)"
    assert replace(one, senior="").told("en") == "Words."


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


LIMIT = 450_000
"""Bytes of a page: GitHub shows half a mebibyte of a Markdown file."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_every_question_with_its_cells(language: Language) -> None:
    text = pages.INTERVIEW[language].read_text(encoding="utf-8")
    assert len(text.encode()) < LIMIT
    files = {one.stem[:2]: f"../notebooks/{one.name}" for one in paths.NOTEBOOKS.glob("*.ipynb")}
    assert text == interview_page(BANK, files, language)
    for one in BANK:
        heading = f"### {one.id} · {one.asked[language]}\n"
        assert heading in text and one.answer[language] in text
    headings = [line[3:].lower() for line in text.splitlines() if line.startswith("## ")]
    anchors = {re.sub(r"[^\w -]", "", one).replace(" ", "-") for one in headings}
    anchors |= set(re.findall(r'<a id="(.+)"></a>', text))
    named = set(re.findall(r"\]\(#(.+?)\)", text))
    assert {one.id for one in BANK} <= named <= anchors
    other = PAGES["zh" if language == "en" else "en"].removeprefix("docs/")
    assert re.findall(rf"\]\({re.escape(other)}#(.+?)\)", text) == [one.id for one in BANK]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_leads_to_its_place_in_the_file_of_its_topic(language: Language) -> None:
    text = pages.INTERVIEW[language].read_text(encoding="utf-8")
    for one in BANK:
        source = (paths.ROOT / one.file).read_text(encoding="utf-8")
        assert f"\n## {one.id} · {one.asked['en']}\n" in source
        assert text.count(f"](../{one.file}#{one.id}--") == 1
    assert "#cv-03--what-does-escm-add-to-esmm-and-what-does-it-need)" in text


def test_what_is_asked_in_one_breath_leads_to_one_another(tmp_path: Path) -> None:
    first = _text().replace("2 sources", "2 sources · asked with mt-02")
    second = _text().split("\n\n", 1)[1].replace("mt-01", "mt-02")
    (tmp_path / "a.md").write_text(first + "\n" + second, encoding="utf-8")
    one, other = bank(tmp_path)
    assert asked_with(one, [one, other]) == ["mt-02"]
    assert asked_with(other, [one, other]) == ["mt-01"]
    page = interview_page([one, other], {"20": "x.ipynb"})
    assert "Asked with [mt-02](#mt-02)." in page and "Asked with [mt-01](#mt-01)." in page
    for name, lost in (("b", "mt-03"), ("c", "mt-01")):
        folder = tmp_path / name
        folder.mkdir()
        text = first.replace("asked with mt-02", f"asked with {lost}")
        (folder / "a.md").write_text(text, encoding="utf-8")
        with pytest.raises(CourseError, match=f"mt-01 is asked with {lost}, which is no other"):
            bank(folder)


def test_an_id_is_used_once(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(_text(), encoding="utf-8")
    with pytest.raises(CourseError, match="'mt-01' is used twice"):
        bank(tmp_path)


HEADINGS = {"20-recap": "Recap", "20-loss": "The loss"}


def _asked(marker: str, *others: Question) -> list[str]:
    [one] = questions("x.md", _text(**{"Follow-ups": '- **"Why?"** So. `20-loss` `30-x`'}))
    return filled(["## Aloud", f"Before.\n\n{marker}\n\nAfter."], "20", HEADINGS, [one, *others])


def test_a_lesson_takes_its_questions_from_the_bank() -> None:
    [other] = questions("x.md", _text().replace("mt-01", "mt-02"))
    elsewhere = replace(other, id="mt-03", cells=("30-recap",))
    first, told = _asked("<!-- bank: mt-01 -->", other, elsewhere)
    assert first == "## Aloud"
    assert told.startswith('Before.\n\n### Why?\n\n**Sixty seconds.** Words.\n\n- *"Why?"* Look at')
    assert (
        "Look at *The loss*.\n\n**The sentence that sinks a candidate:** Words.\n\nAfter." in told
    )
    # What rests on this lesson and is not asked in it is named.
    assert told.endswith("has the Chinese too, and answers from this lesson: `mt-02`.")
    assert _asked("<!-- bank: mt-01 mt-02 -->", other)[1].endswith("has the Chinese too.")
    assert _asked("No marker.", other) == ["## Aloud", "Before.\n\nNo marker.\n\nAfter."]


def test_a_follow_up_does_not_send_a_reader_to_where_it_stands() -> None:
    under = "### The loss\n\n<!-- bank: mt-01 -->"
    assert "Look at" in _asked("<!-- bank: mt-01 -->")[1]
    assert "Look at" not in _asked(under)[1]


@pytest.mark.parametrize(
    ("marker", "says"),
    [
        ("<!-- bank: mt-99 -->", "interview/ has no question 'mt-99'"),
        ("<!-- bank: mt-03 -->", "the bank shows mt-03 in 30, not in 20"),
        ("<!-- bank: mt-04 -->", "the bank shows mt-04 in no lesson, not in 20"),
        ("<!-- bank: mt-01 mt-01 -->", "mt-01 is asked in this lesson already"),
        ("<!-- bank: mt-01 -->\n\n<!-- bank: mt-01 -->", "mt-01 is asked in this lesson already"),
        ("<!-- bank: mt-05 -->", "mt-05 names `20-gone`, which is not there"),
    ],
)
def test_a_question_that_is_not_this_lessons_stops_the_build(marker: str, says: str) -> None:
    [one] = questions("x.md", _text())
    [lost] = questions("x.md", _text(**{"Follow-ups": '- **"Why?"** So. `20-gone`'}))
    others = [
        replace(one, id="mt-03", cells=("30-recap",)),
        replace(one, id="mt-04", cells=()),
        replace(lost, id="mt-05"),
    ]
    with pytest.raises(CourseError, match=re.escape(says)):
        _asked(marker, *others)


def _sources() -> dict[str, str]:
    return {
        file.name[:2]: file.read_text(encoding="utf-8")
        for file in sorted(paths.SOLUTIONS.glob("[0-9][0-9]_*.py"))
    }


def test_no_lesson_gets_a_spoken_answer_of_its_own() -> None:
    held = {
        number: len(re.findall("[Ss]ixty seconds", text)) for number, text in _sources().items()
    }
    assert {number: count for number, count in held.items() if count} == OWN


def test_what_the_bank_shows_in_a_lesson_is_asked_or_named_there() -> None:
    taking = [number for number, text in _sources().items() if "<!-- bank: " in text]
    assert len(taking) >= 2
    for number in taking:
        [file] = paths.NOTEBOOKS.glob(f"{number}_*.ipynb")
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        text = "\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "markdown")
        for one in BANK:
            if number in {cell[:2] for cell in one.cells}:
                asked = f"### {one.asked['en']}\n" in text and one.answer["en"] in text
                named = re.search(rf"answers from this lesson: .*\b{one.id}\b", text) is not None
                assert asked != named, f"{one.id} in lesson {number}"
