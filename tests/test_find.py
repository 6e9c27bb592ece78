"""``find``: what it finds, what it keeps back, and that it needs nothing but Python."""

from __future__ import annotations

import ast
import html
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import lessons
import numpy as np
import pytest
import small_clone

from course_utils import metrics, paths, search
from course_utils.authoring import guesses
from course_utils.desk import glossary
from course_utils.errors import CourseError
from course_utils.exercises import sources
from course_utils.find import find, library, query
from course_utils.find.answer import KEPT_BACK, WIDTH, _columns
from course_utils.find.bm25 import Index
from course_utils.find.sections import of_lesson
from course_utils.find.words import is_chinese, words
from course_utils.interview.bank import asked_with, bank, shown

QUERIES = paths.ROOT / "docs" / "find_queries.toml"


class Asked(NamedTuple):
    """An entry of ``docs/find_queries.toml``, whose first lines say what its keys mean."""

    text: str
    lang: str
    kind: str
    wanted: list[str]
    split: str


def _queries() -> list[Asked]:
    return [Asked(**one) for one in tomllib.loads(QUERIES.read_text("utf-8"))["query"]]


@pytest.fixture(autouse=True, scope="module")
def own_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What is kept, is kept in a folder of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("course") / "cache"
        patch.setattr(paths, "CACHE", folder)
        yield folder
    library._of.cache_clear()


@pytest.fixture
def no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where nothing is kept yet."""
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    yield tmp_path / "cache"


def _labels() -> set[str]:
    """Ids of cells, and the pages."""
    pages = {file.relative_to(paths.ROOT).as_posix() for file in paths.ROOT.glob("docs/**/*.md")}
    return pages | {one.id for file in lessons.FILES for one in lessons.read(file).cells}


def test_the_labels_are_cells_or_pages() -> None:
    cells, ids = _labels(), {one.id for one in bank()}
    for one in _queries():
        known = ids if one.kind == "spoken" else cells
        assert one.text.strip() and one.wanted and set(one.wanted) <= known, one.text
        assert (one.lang, one.kind, one.split) in {
            (lang, kind, split)
            for lang in ("en", "zh")
            for kind in ("question", "words", "spoken")
            for split in ("dev", "unseen")
        }, one.text
        assert (one.lang == "zh") == any(map(is_chinese, one.text)), one.text
    texts = [one.text for one in _queries()]
    assert len(set(texts)) == len(texts)


def test_questions_belong_to_what_is_searched() -> None:
    asked = tomllib.loads((paths.ROOT / "docs" / library.QUESTIONS).read_text(encoding="utf-8"))
    found = library.current().sections
    known = {cell for one in found for cell in one.cells}
    known |= {one.question or f"{one.file}#{one.heading}" for one in found if not one.cells}
    assert sorted(set(asked) - known) == []
    assert all(text.strip() for texts in asked.values() for text in texts)


@pytest.mark.parametrize("split", ["dev", "unseen"])
def test_the_wanted_cell_is_among_the_first_three(split: str) -> None:
    asked = [one for one in _queries() if one.split == split and one.kind != "spoken"]
    ranked, relevant = [], []
    for one in asked:
        found = [hit.section for hit in find(one.text).hits]
        hits = [(at, {*section.cells, section.file}) for at, section in enumerate(found)]
        ranked.append([at for at, _ in hits])
        # Where no hit holds it, the wanted section is one that was not shown.
        relevant.append({at for at, held in hits if held & set(one.wanted)} or {len(hits)})
    assert metrics.hit_rate_at_k(ranked, relevant, 3) >= 0.85


@pytest.mark.parametrize("split", ["dev", "unseen"])
def test_the_wanted_answer_is_among_the_first_three(split: str) -> None:
    asked = [one for one in _queries() if one.split == split and one.kind == "spoken"]
    ranked = [[hit.section.question for hit in find(one.text).aloud] for one in asked]
    found = [
        bool(set(first[:3]) & set(one.wanted)) for first, one in zip(ranked, asked, strict=True)
    ]
    assert len(asked) >= 30 and np.mean(found) >= 0.75


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("gate collapse", "24-collapse-why"),
        ("gates collapsed", "24-collapse-why"),
        ("rerank with a language model", "31-interview"),
        ("off-policy", "15-dr"),
        ("Simpson's paradox", "14-simpson"),
        ("专家坍塌怎么办", "24-interview-collapse"),
        ("数据泄漏", "52-leak"),
    ],
)
def test_what_is_found_first(text: str, cell: str) -> None:
    assert any(cell in hit.section.cells for hit in find(text).hits[:3])


@pytest.mark.parametrize(
    ("text", "id"), [("STAR", "ms-02"), ("冷启动", "rt-07"), ("logQ", "rt-03")]
)
def test_an_answer_to_say_is_found(text: str, id: str) -> None:
    assert id in [hit.section.question for hit in find(text).aloud[:3]]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("one ranking from many scores", "mt-12"),
        ("how does STAR work", "ms-02"),
        ("return rate", "mt-17"),
    ],
)
def test_the_answer_told_is_the_right_one(text: str, id: str) -> None:
    assert find(text).aloud[0].section.question == id


def test_every_paragraph_of_an_answer_is_set_in() -> None:
    [one] = [one for one in bank() if one.id == "cb-01"]
    assert "\n\n" in one.senior
    rows = str(find("cb-01")).splitlines()
    told = rows[2 : next(at for at, row in enumerate(rows) if row.startswith(" 2  "))]
    assert len(told) > 20 and {row[:4] for row in told} == {"", "    "}


def test_bm25f_of_one_field_is_the_librarys_bm25() -> None:
    texts = ["red mug red", "blue mug 红色马克杯", "a long red text of many words", "tea"]
    asked = ["red mug", "红色", "words unknown", "mug mug"]
    cut = search.words_and_bigrams
    index = Index.of([{"title": cut(one)} for one in texts], {"title": 1.0}, b=0.75, k1=1.5)
    ours = np.zeros((len(asked), len(texts)))
    for row, one in enumerate(asked):
        weights = {word: float(cut(one).count(word)) for word in cut(one)}
        for at, score in index.scores(weights).items():
            ours[row, at] = score
    assert np.allclose(ours, search.bm25_scores(texts, asked, cut, b=0.75), atol=1e-4)
    assert np.count_nonzero(ours) == 7


def test_bm25f_of_two_fields_is_the_answer_of_task_11_5() -> None:
    space: dict[str, Any] = {}
    exec(sources.solution_text("11.5"), space)
    texts = [
        {"heading": ["gate"], "prose": ["gate", "tea", "tea", "mug"]},
        {"heading": ["mug", "tea"], "prose": ["mug"]},
    ]
    index = Index.of(texts, {"heading": 5.0, "prose": 1.0}, b=0.75, k1=1.5)
    idf = index.idf("gate")
    wanted = space["bm25f_term"]([1, 1], [1, 4], [1.5, 2.5], [5.0, 1.0], [0.75, 0.75], idf, 1.5)
    assert index.scores({"gate": 1.0}) == pytest.approx({0: wanted}, abs=1e-5)


def test_words_agree_with_the_search_of_lesson_11_but_for_endings() -> None:
    text = "红色马克杯 mug, 茶 4.5 ESCM² bert"
    assert words(text) == ["红色", "色马", "马克", "克杯", "mug", "茶", "4.5", "escm2", "bert"]
    plain = "红色马克杯 mug 茶 bert"
    assert words(plain) == search.words_and_bigrams(plain)
    for one in ("collapse collapses collapsed", "calibrate calibration", "label labelled labels"):
        assert len(set(words(one))) == 1, one
    assert words("The re-ranked list") == ["rank", words("reranked")[0], "list"]


def _hidden() -> Iterator[tuple[str, str]]:
    """Cell and text of what *Predict first* hides: a text, or what code printed."""
    for edition in (one for one in lessons.FILES if one.parent.name == "notebooks"):
        for cell in lessons.read(edition).cells:
            if "after-guess" not in lessons.tags(cell):
                continue
            if cell.cell_type == "markdown":
                yield cell.id, cell.source
            for output in cell.get("outputs", []):
                # A line that is printed as it stands in the code can be read there.
                printed = output.get("text", "").splitlines()
                yield cell.id, "\n".join(one for one in printed if one not in cell.source)


def _longest(text: str) -> str:
    """The longest sentence of a text."""
    return max(re.split(r"(?<=[.:]) ", text), key=len)


def test_the_answer_to_a_guess_is_found_and_not_shown() -> None:
    hidden = [
        (cell, _longest(text)[:300], text)
        for cell, text in _hidden()
        if text.startswith(guesses.FIRST_LINE)
    ][::12]
    assert len(hidden) > 20
    kept_back = 0
    for cell, sentence, text in hidden:
        answer = find(sentence)
        assert cell in {one for hit in answer.hits for one in hit.section.cells}, sentence
        for hit in answer.hits:
            kept_back += hit.line == KEPT_BACK
            if hit.line and hit.cell == cell and hit.line != KEPT_BACK:
                assert hit.line.removesuffix("…") not in " ".join(text.split()), sentence
    assert kept_back > len(hidden) / 2


def test_no_hidden_line_and_no_marked_answer_can_be_shown() -> None:
    now = library.current()
    shown = [
        (line.cell, line.text)
        for at in range(len(now.rows))
        for line in now.lines(at)
        if not line.hidden
    ]
    for cell, text in _hidden():
        assert not {(cell, line.strip()) for line in text.splitlines()} & set(shown), cell
    for source in lessons.SOURCES:
        for code in sources.code_cells(source.name[:2]):
            if "### BEGIN SOLUTION" in code:
                inside = code.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
                longest = max(inside.splitlines(), key=len).strip()
                if len(longest) > 40:
                    assert all(longest != text for _, text in shown), source.name


def test_an_answer_fits_a_terminal_and_says_how_to_open_it() -> None:
    answer = find("why do experts collapse, 专家坍塌")
    lines = str(answer).splitlines()
    assert max(map(_columns, lines)) <= WIDTH
    assert any(re.match(r" 1  24 · deeper · .* 24-[\w-]+$", line) for line in lines)
    assert (
        lines[-1] == 'To be asked: python -m course_utils interview --topic "Multi-task learning"'
    )
    asked, lessons_ = lines.index("Answers to say aloud"), lines.index("Lessons")
    assert asked < lessons_ and lines[asked + 1].startswith(" 1  mt-03 · Your MMoE gates")
    assert lines[asked + 2].startswith("    docs/interview.zh-CN.md#mt-03 · MMoE 出现专家极化")
    [mt_03] = (one for one in bank() if one.id == "mt-03")
    said = "".join("".join(lines[asked + 3 : _line_of(lines, 2)]).split())
    assert said == "".join(mt_03.answer["zh"].split())
    assert lines[-2] == "What a senior adds: python -m course_utils find mt-03"
    assert any(line.startswith("Glossary: expert · 专家网络") for line in lines)
    assert len(answer.aloud) == len(answer.hits) == 4
    assert "docs/when.md" in {one.section.file for one in find("M3oE, HMoE, phase diagram").hits}


def _line_of(lines: list[str], number: int) -> int:
    """The first line that begins with the number of a hit."""
    return next(at for at, line in enumerate(lines) if line.startswith(f" {number}  "))


def test_an_id_gives_the_whole_answer_and_what_is_asked_with_it() -> None:
    named = {one.id: one for one in bank()}
    for id in ("mt-07", " MT-07 ", "rt-03"):
        answer = find(id)
        one = named[id.strip().lower()]
        squeezed = " ".join(str(answer).split())
        for text in (one.answer["en"], shown(one.senior), shown(one.staff)):
            assert " ".join(text.split()).replace("`", "").replace("*", "") in squeezed
        ids = [hit.section.question for hit in answer.aloud]
        assert ids == [one.id, *asked_with(one, bank())]
        assert [hit.cell for hit in answer.hits] == list(dict.fromkeys(one.cells))[:4]
        assert max(map(_columns, str(answer).splitlines())) <= WIDTH
        assert html.escape(one.answer["en"][:40]) in answer._repr_html_()
    with pytest.raises(CourseError, match="has no mt-99; its ids there go from mt-01 to mt-"):
        find("mt-99")
    # No topic begins so: it is looked for as words, and has no parts of an answer.
    assert len(find("gpt-40").told) <= 1


def test_a_cell_that_shows_two_claims_is_listed_once() -> None:
    for one in bank():
        cells = [hit.cell for hit in find(one.id).hits]
        assert len(set(cells)) == len(cells), one.id


def test_of_a_folded_cell_its_first_comment_is_shown() -> None:
    [hit] = (one for one in find("me-07").hits if one.cell == "15-gauc-verdict")
    assert hit.line == "The verdicts: the same two scores by three measures."
    assert all(hit.line for one in bank() for hit in find(one.id).hits)


def test_the_topic_named_last_is_that_of_the_answer_which_is_told() -> None:
    asked = [one.text for one in _queries() if one.kind == "spoken"]
    for text in [*asked, *(one.id for one in bank())]:
        if (answer := find(text)).aloud:
            topic = answer.aloud[0].section.title.split(" · ")[0]
            assert str(answer).endswith(f'interview --topic "{topic}"'), text


def test_links_lead_to_the_cell_from_where_the_notebook_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "MY", paths.ROOT / "no such folder")
    [name] = {one.section.file for one in find("gate collapse").hits[:1]}
    cell = find("gate collapse").hits[0].cell
    monkeypatch.chdir(paths.ROOT / "docs")
    assert f'href="../notebooks/{name}#cell-id={cell}"' in find("gate collapse")._repr_html_()
    assert 'href="interview.md#mt-03"' in find("gate collapse")._repr_html_()
    (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    assert f'href="{name}#cell-id={cell}"' in find("gate collapse")._repr_html_()
    page = find("<b>gate & collapse</b>")._repr_html_()
    assert "<b>" not in page and "find_queries" not in page


def test_a_slip_is_corrected_and_told() -> None:
    answer = find("gate colapse")
    assert answer.hits[0].section.cells == find("gate collapse").hits[0].section.cells
    assert "No lesson has the word 'colapse'; looked for 'collapse'." in str(answer)
    assert "No lesson has" not in str(find("gate collapse"))


def test_a_joined_word_is_known_by_its_parts() -> None:
    assert find("scenario-specific towers").unknown == []
    assert "Not in the course" not in str(find("under-predicting at noon"))
    assert find("qqqqq-wwwww towers").unknown == ["qqqqq-wwwww"]


def test_where_nothing_is_found_one_sentence_says_so() -> None:
    assert str(find("qqqqq")) == "Nothing found for 'qqqqq'. Try the field's word for it."
    [said] = str(find("鞘翅目")).splitlines()
    assert said.startswith("Nothing found for '鞘翅目'.")
    assert query.nearest("simpsons paradoxx") == ["Simpson's paradox (辛普森悖论)"]
    for nothing in ("", "  ", "\n"):
        with pytest.raises(CourseError, match="Say what to find"):
            find(nothing)
    assert "Nothing found for 'the'" in str(find("the"))


def test_a_damaged_store_is_built_anew(no_store: Path) -> None:
    wanted = str(find("gate collapse"))
    file = no_store / library.STORE
    whole = file.read_bytes()
    for damaged in (b"", b"no line", whole[:-9], whole.replace(b"24-", b"25-"), b"\xff\n{}"):
        file.write_bytes(damaged)
        library._of.cache_clear()
        assert str(find("gate collapse")) == wanted
        assert file.read_bytes() == whole
    assert [one.name for one in no_store.iterdir()] == [library.STORE]


def test_what_is_kept_gives_the_same_answer(no_store: Path) -> None:
    built = find("样本选择偏差")
    library._of.cache_clear()
    assert find("样本选择偏差") == built
    file = no_store / library.STORE
    file.unlink()
    no_store.rmdir()
    no_store.touch()  # a folder that cannot be made
    library._of.cache_clear()
    assert find("样本选择偏差") == built


def _course(clone: Path) -> Path:
    """A small clone that has what ``find`` needs, and two lessons of one cell each."""
    folder = small_clone.make(clone)
    for name in ("find", "desk"):
        for file in (paths.ROOT / "course_utils" / name).glob("*.py"):
            target = folder / "course_utils" / name / file.name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(file.read_bytes())
    room = folder / "course_utils" / "interview"
    room.mkdir()
    for name in ("__init__", "bank"):
        text = (paths.ROOT / "course_utils" / "interview" / f"{name}.py").read_text("utf-8")
        (room / f"{name}.py").write_text(text, "utf-8")
    (folder / "docs").mkdir()
    (folder / "docs" / "glossary.toml").write_bytes(glossary.FILE.read_bytes())
    (folder / "docs" / library.QUESTIONS).write_text('"20-title" = ["one leg for everybody"]\n')
    for old in (folder / "notebooks").iterdir():
        old.unlink()
    _lesson(
        folder, "20_a", "# 20 · Sharing\n\nOne trunk.\n\n## Sitting 1 · Towers\n\nA tower each."
    )
    _lesson(folder, "24_b", "# 24 · Gates\n\nMany.\n\n## Sitting 1 · Experts\n\nExperts collapse.")
    return folder


def _lesson(folder: Path, name: str, text: str) -> None:
    cell = {"cell_type": "markdown", "id": f"{name[:2]}-title", "metadata": {}, "source": [text]}
    (folder / "notebooks" / f"{name}.ipynb").write_text(json.dumps({"cells": [cell]}), "utf-8")


@pytest.mark.parametrize(
    ("heading", "part", "named"),
    [
        ("## Sitting 2 · Towers", "sitting 2", "Towers"),
        ("## In one minute", "in one minute", "In one minute"),
        ("## The essential hour", "the essential hour", "The essential hour"),
        ("## Deeper: but why? (20 minutes)", "deeper", "but why?"),
        ("## Recap", "recap", "Recap"),
        ("## Deeper than that", "", "Deeper than that"),
    ],
)
def test_a_section_knows_its_part_of_either_form(
    tmp_path: Path, heading: str, part: str, named: str
) -> None:
    (tmp_path / "notebooks").mkdir()
    _lesson(tmp_path, "20_a", f"# 20 · Sharing\n\nOne trunk.\n\n{heading}\n\n### Then\n\nMore.")
    title, begins, then = (one for one, _ in of_lesson(tmp_path / "notebooks" / "20_a.ipynb"))
    assert (title.part, begins.part, then.part) == ("", part, part)
    assert begins.heading == named


def test_it_needs_no_environment_and_makes_none(tmp_path: Path) -> None:
    folder = _course(tmp_path / "clone")
    done = small_clone.run(folder, "find", "专家坍塌", "tower")
    assert (done.returncode, done.stderr) == (0, "")
    assert " 1  24 · sitting 1 · Experts" in done.stdout
    assert done.stdout.endswith("To open lesson 24: python -m course_utils lab 24\n")
    assert "    Experts collapse." in done.stdout
    assert not (folder / ".venv").exists()
    assert "\n  find WORDS " in small_clone.run(folder, "--help").stdout
    _lesson(
        folder, "24_b", "# 24 · Gates\n\nMany.\n\n## Sitting 1 · Experts\n\nTwo collapse often."
    )
    assert "Two collapse often." in small_clone.run(folder, "find", "collapse").stdout


def test_errors_of_the_command_are_one_line(tmp_path: Path) -> None:
    folder = _course(tmp_path / "clone")
    empty = small_clone.run(folder, "find")
    assert empty.returncode == 1
    assert empty.stderr.startswith("Error: Say what to find") and empty.stderr.count("\n") == 1
    old = small_clone.run(folder, "find", "gate", before="sys.version_info = (3, 9, 1, 'final', 0)")
    assert old.returncode == 1 and "Python 3.9 is not supported" in old.stderr
    (folder / "notebooks" / "24_b.ipynb").write_text('{"cells": [')
    broken = small_clone.run(folder, "find", "gate")
    assert broken.returncode == 1 and broken.stderr.count("\n") == 1
    assert "git checkout -- notebooks/24_b.ipynb" in broken.stderr


def test_it_imports_nothing_that_has_to_be_installed() -> None:
    for file in (paths.ROOT / "course_utils" / "find").glob("*.py"):
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.ImportFrom):
                root = str(node.module).split(".")[0]
                assert root in {"course_utils", *sys.stdlib_module_names}, file.name
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import course_utils.find; "
        "print(sorted(sys.modules.keys() & {'numpy', 'pandas', 'IPython', 'course_utils.search'}))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-I", "-c", code, str(paths.ROOT)], capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_words_in_which_people_ask_lead_somewhere() -> None:
    known = library.current().index.postings
    asked = [word for one in glossary.asked() for word in one.words]
    assert sorted({one for one in asked if asked.count(one) > 1}) == []
    for one in glossary.asked():
        for say in one.say:
            assert any(word in known for word in words(say)), f"{one.words}: no lesson says {say}"
