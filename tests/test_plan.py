"""The plan for three readers leads into the lessons as they are, and the pages follow both."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from course_utils import authoring, paths
from course_utils.authoring import minutes, pages, plan
from course_utils.authoring.editions import edition_of, sources
from course_utils.errors import CourseError
from course_utils.notebook import header

DATA = tomllib.loads((paths.ROOT / "docs" / "plan.toml").read_text(encoding="utf-8"))
READMES = ["README.md", "README.zh-CN.md"]
PAGES = [*READMES, "00_start_here.py", "teaching.md"]


def test_the_pages_are_what_build_writes() -> None:
    assert pages.stale() == []


def test_two_weeks_are_fourteen_evenings_and_hold_what_an_interview_asks() -> None:
    plans = plan.plans()
    assert [len(plans[name]) for name in plan.LIMITS] == [2, 14, 15]
    evenings = plans["fortnight"]
    # The drill takes what is left of an evening's ninety minutes.
    assert all(70 <= one.minutes <= 90 for one in evenings)
    assert 20 * 60 <= sum(one.minutes for one in evenings) <= 21 * 60
    read = {part.lesson for one in evenings for part in one.read}
    said = {lesson for one in evenings for lesson in one.say}
    assert read >= {"40", "41", "53", "70"}
    assert said >= {"10", "15", "16", "33", "40", "41", "52", "54", "70"}
    asked = [id for one in evenings for id in one.bank]
    assert len(asked) == len(set(asked))
    inputs, funnel = {"ri-02", "ri-03", "ri-06", "ri-09", "ri-15"}, {"fu-02", "fu-04", "fu-06"}
    assert {"cv-07", "sq-03", "fu-07", "fu-12", *inputs, *funnel} <= set(asked)
    assert not any(one.bank for one in plans["evenings"] + plans["semester"])


def test_no_plan_reads_anything_twice() -> None:
    for entries in plan.plans().values():
        parts = [part for one in entries for part in one.read]
        assert len(parts) == len(set(parts))


SMALL = """\
# %% [markdown] name="title" question_zh="问？" interview_zh="面？"
# # 97 · A small lesson
#
# > Is it counted?
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | {said} | entry | Python | "So?" |

# %% [markdown] name="sitting-1"
# ## Sitting 1 · Listen

# %% [markdown] name="long"
# ## Long
#
# {long}

# %% [markdown] name="more"
# It goes on: {long}

# %% [markdown] name="second"
# **End of sitting 1.**

# %% [markdown] name="sitting-2"
# ## Sitting 2 · Talk
#
# ### Task 97.1 · Say it (20 minutes)

# %% [markdown] name="aloud"
# ## Interview
#
# *Sixty seconds:* "One." *Sixty seconds:* "Two." {long}

# %% [markdown] name="recap"
# ## Recap
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lesson of two sittings: four minutes of text, and twenty of a task with an interview."""
    text = SMALL.format(said="5 + 25", long="word " * 300)
    (tmp_path / "97_small.py").write_text(text, encoding="utf-8")
    monkeypatch.setattr(paths, "SOLUTIONS", tmp_path)


def _follow(**entry: Sequence[str]) -> plan.Entry:
    raw: dict[str, Any] = {"en": "one", "zh": "一", **entry}
    return plan.follow({"evenings": [raw], "fortnight": [], "semester": []})["evenings"][0]


@pytest.mark.usefixtures("small")
def test_minutes_are_those_of_the_headers_and_of_the_rule() -> None:
    [source] = sources(["97"])
    assert minutes.broken(source) == []
    first, _ = minutes.split(edition_of(source, "notebooks"))
    assert 4 < minutes.exact(first) < 5
    for entry, wanted in [
        (_follow(read=["97"]), 30),
        (_follow(read=["97.1", "97.2"]), 30),
        # The section goes up to the next heading: four minutes, of which nothing is left.
        (_follow(read=["97-long"]), 5),
        (_follow(read=["97.1", "97-aloud", "97-recap"], skip=["97-long"]), 5),
        # Three minutes an answer, beside those for reading it.
        (_follow(read=["97.2"], say=["97-aloud"]), 31),
        (_follow(read=["97-aloud"], say=["97-aloud"]), 6),
    ]:
        assert wanted <= entry.minutes < wanted + 5
    assert _follow(read=["97.2"], say=["97-aloud"]).say == {"97": 2}
    # Three minutes of a question of the bank as well, beside one for reading its answer.
    assert 30 + 8 <= _follow(read=["97"], bank=["cv-07", "ri-02"]).minutes <= 40
    assert _follow(read=["97"], bank=["cv-07", "ri-02"]).bank == ("cv-07", "ri-02")


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"read": ["96"]}, "there is no lesson '96'"),
        ({"read": ["97.3"]}, "lesson 97 has 2 sittings, no sitting 3"),
        ({"read": ["97.x"]}, "'97.x' is no lesson"),
        ({"read": ["97-gone"]}, "there is no cell '97-gone'"),
        ({"read": ["96-gone"]}, "there is no lesson '96'"),
        ({"read": ["97-more"]}, "cell '97-more' does not begin with a heading"),
        ({"read": ["97.2"], "skip": ["97-long"]}, "skips 'Long', but reads no sitting 1 of 97"),
        ({"read": ["97.1"], "say": ["97-long"]}, "'97-long' holds no answer of sixty seconds"),
        (
            {"read": ["97.1"], "say": ["97-aloud"]},
            "'97-aloud' is said aloud before it is read: read",
        ),
        ({"read": ["97.2"], "skip": ["97-aloud"], "say": ["97-aloud"]}, "before it is read"),
        ({"read": ["97"], "bank": ["xx-99"]}, "interview/ has no question 'xx-99'"),
        ({"read": ["97", "97", "97", "97"]}, "it takes 120 minutes, more than 90"),
    ],
)
def test_what_no_longer_fits_is_named(entry: dict[str, list[str]], says: str) -> None:
    with pytest.raises(CourseError, match=f"docs/plan.toml, evenings 1: .*{re.escape(says)}"):
        _follow(**entry)


@pytest.mark.usefixtures("small")
def test_what_was_read_before_may_be_said_and_what_comes_later_not() -> None:
    talk = {"en": "talk", "zh": "说", "read": ["97-long"], "say": ["97-aloud"]}
    for pointer in ("97.2", "97-aloud"):
        listen = {"en": "listen", "zh": "听", "read": [pointer]}
        follow = {"evenings": [], "fortnight": [listen, talk], "semester": []}
        assert plan.follow(follow)["fortnight"][1].say == {"97": 2}
        # Not if it is read later, and not if another plan has it read.
        for other in (
            {"evenings": [], "fortnight": [talk, listen], "semester": []},
            {"evenings": [listen], "fortnight": [talk], "semester": []},
        ):
            with pytest.raises(CourseError, match="fortnight 1: '97-aloud' is said aloud before"):
                plan.follow(other)


def test_a_lesson_that_grows_says_which_evening_no_longer_fits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    longer = [
        header.Lesson(one.number, one.title, one.asked, (60, 60, 60, 60), one.level, one.needs)
        if one.number == "25"
        else one
        for one in header.lessons()
    ]
    monkeypatch.setattr(header, "lessons", lambda: longer)
    with pytest.raises(CourseError) as caught:
        plan.plans()
    assert str(caught.value).splitlines() == [
        "docs/plan.toml, fortnight 12: it takes 95 minutes, more than 90: move or skip a part.",
        "docs/plan.toml, fortnight 13: it takes 220 minutes, more than 90: move or skip a part.",
    ]


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the pages are made from, and the pages."""
    for folder in ("solutions", "docs"):
        (tmp_path / folder).mkdir()
    for source in sources():
        shutil.copy(source, tmp_path / "solutions")
    for name in ("README.md", "README.zh-CN.md", "docs/plan.toml", "docs/teaching.md"):
        shutil.copy(paths.ROOT / name, tmp_path / name)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "SOLUTIONS", tmp_path / "solutions")
    return tmp_path


def _change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_the_pages_follow_a_lesson(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pages.stale() == []
    _change(clone / "solutions" / "71_summary_and_outlook.py", "| 30 + 30 +", "| 35 + 30 +")
    assert [line.split(":")[0] for line in pages.stale()] == [*READMES, "docs/teaching.md"]
    assert authoring.main(["--check"]) == 1
    assert "README.md: the plan, the table or the minutes are old" in capsys.readouterr().out
    assert [page.name for page in pages.write()] == [*READMES, "teaching.md"]
    assert pages.stale() == []
    rows = re.findall(
        r"^\| (?:\[71|71 ).*$",
        (clone / "README.md").read_text(encoding="utf-8")
        + (clone / "docs" / "teaching.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert "| 155 |" in rows[0] and "| 35 + 30 + 50 + 40 |" in rows[1]


def test_lesson_00_follows_the_evenings(clone: Path) -> None:
    _change(clone / "solutions" / "10_recommendation.py", "# ## How it comes up in", "# ## It in")
    assert [page.name for page in pages.write()] == [*READMES, "00_start_here.py"]
    text = (clone / "solutions" / "00_start_here.py").read_text(encoding="utf-8")
    assert "[10](10_recommendation.ipynb) *It in interviews*" in text


def test_a_new_lesson_edits_no_page_by_hand(clone: Path) -> None:
    old = (clone / "solutions" / "71_summary_and_outlook.py").read_text(encoding="utf-8")
    new = old.replace("# # 71 · Summary and outlook", "# # 72 · Another")
    (clone / "solutions" / "72_another.py").write_text(new, encoding="utf-8")
    assert [page.name for page in pages.write()] == PAGES
    english = (clone / "README.md").read_text(encoding="utf-8")
    assert "| [72 · Another](notebooks/72_another.ipynb) | What did the course" in english
    assert "Not in it: lesson 72; 53 sittings 6, 7." in english
    chinese = (clone / "README.zh-CN.md").read_text(encoding="utf-8")
    assert "| [72 · Another](notebooks/72_another.ipynb) | 这门课" in chinese
    assert "未列入：第 72 课；53 第 6、7 节。" in chinese
    taught = (clone / "docs" / "teaching.md").read_text(encoding="utf-8")
    assert "\n| 72 Another | 30 + 30 + 50 + 40 | | | |\n" in taught
    assert pages.stale() == []


def test_building_a_lesson_runs_lesson_00_if_a_header_changed(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[tuple[str, bool]] = []

    def build(source: Path, run: bool) -> None:
        built.append((source.name[:2], run))

    monkeypatch.setattr(authoring, "build", build)
    assert authoring.main(["24"]) == 0
    _change(clone / "solutions" / "71_summary_and_outlook.py", "| 30 + 30 +", "| 40 + 30 +")
    assert authoring.main(["24"]) == 0
    assert built == [("24", False), ("24", False), ("00", True)]


def test_a_page_without_its_comments_is_refused(clone: Path) -> None:
    _change(clone / "README.md", "<!-- plan:end -->\n", "")
    with pytest.raises(CourseError, match=r"README\.md needs one line '<!-- plan:begin -->' and"):
        pages.write()


def test_every_question_is_asked_once_and_in_both_languages() -> None:
    lessons = header.lessons()
    chinese = [header.in_chinese(source) for source in sources()]
    for asked in ([one.asked for one in lessons], chinese):
        texts = [text for one in asked for text in (one.question, one.interview)]
        assert all(texts) and len(texts) == len(set(texts))
    assert all(one.asked.question.endswith("?") for one in lessons)
    assert all(re.search(r"[\u4e00-\u9fff]", one.question + one.interview) for one in chinese)


def test_both_readmes_have_every_link_that_lesson_00_has() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        text = (paths.ROOT / name).read_text(encoding="utf-8")
        links = re.findall(r"\]\(([^)#:]+)\)", text)
        assert all((paths.ROOT / link).exists() for link in links)
        assert {f"notebooks/{one.stem}.ipynb" for one in sources()} <= set(links)
    [start] = sources(["00"])
    for link in re.findall(r"\]\(([^)#:]+)\)", start.read_text(encoding="utf-8")):
        assert (paths.NOTEBOOKS / link).exists()
