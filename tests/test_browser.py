"""A learner's first lesson, in a real browser: open, run, fail, get help, solve.

``python -m course_utils test tests/test_browser.py`` leaves its pictures in ``screenshots/``,
which git ignores. ``readme_picture.py`` makes the README's.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import browser
import pytest

from course_utils.paths import ROOT

CHROMIUM = browser.find_chromium()
if CHROMIUM is None and os.environ.get("CI") != "true":
    pytest.skip(f"none of {', '.join(browser.NAMES)} is installed", allow_module_level=True)

# The shortest lesson: nbval has run all of them.
LESSON = "00_start_here.ipynb"
PICTURES = ROOT / "screenshots"

ANSWER = """\
words = {{
    "Mixture of Multi-Task Learning": "{0}",
    "MMoML, the technique": "{1}",
    "a network with common experts and one gate a task": "A",
    "Multi-Scene Learning": "C",
    "主题标题": "D",
}}

check("00.2", words)"""
ONE_NETWORK, OTHER_NETWORK, RIGHT = (ANSWER.format(*letters) for letters in ("AB", "BA", "BB"))


@dataclass
class Visit:
    """The lesson, open in the browser, and the clone that it belongs to."""

    clone: Path
    lesson: browser.Notebook
    edition: list[dict[str, Any]]

    def progress(self) -> dict[str, Any]:
        return json.loads((self.clone / "my" / "progress.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """The README's command in a throw-away clone, and the lesson as it opens."""
    assert CHROMIUM is not None, "CI must have Chromium"
    clone = browser.clone_into(tmp_path_factory.mktemp("browser") / "clone")
    edition = json.loads((clone / "notebooks" / LESSON).read_text(encoding="utf-8"))["cells"]
    with browser.served(clone, "00") as address, browser.chromium(CHROMIUM) as page:
        lesson = browser.Notebook(page)
        lesson.open(address, f"my/{LESSON}")
        yield Visit(clone, lesson, edition)


def code(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [cell for cell in cells if cell["cell_type"] == "code"]


def texts(cells: list[dict[str, Any]], *kinds: str) -> str:
    """All of the outputs' text, of streams and of these MIME types."""
    outputs = [output for cell in code(cells) for output in cell["outputs"]]
    parts = [output.get("text", "") for output in outputs]
    parts += [output.get("data", {}).get(kind, "") for output in outputs for kind in kinds]
    return "\n".join(part if isinstance(part, str) else "".join(part) for part in parts)


def assert_calm(lesson: browser.Notebook) -> None:
    """No dialog, no pop-up, no error of the page, nothing asked of another machine."""
    assert lesson.dialogs() == []
    assert lesson.trouble == []


def test_the_lesson_opens_as_the_learners_own_notebook(visit: Visit) -> None:
    lesson = visit.lesson
    assert lesson.page.is_visible(".jp-NotebookPanel h1 >> text=Start here")
    assert [cell["id"] for cell in lesson.cells()] == [cell["id"] for cell in visit.edition]
    # It can be read before anything runs: the outputs are there, and pictures among them.
    assert texts(lesson.cells(), "text/plain") == texts(visit.edition, "text/plain")
    outputs = [output for cell in code(lesson.cells()) for output in cell["outputs"]]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert_calm(lesson)
    lesson.picture(PICTURES / "opened.png")


def test_the_table_of_contents_is_open_beside_the_lesson(visit: Visit) -> None:
    page = visit.lesson.page
    contents = page.locator("#table-of-contents")
    assert contents.is_visible()
    listed = contents.locator(".jp-tocItem-heading").all_inner_texts()
    prose = [cell["source"] for cell in visit.edition if cell["cell_type"] == "markdown"]
    lines = "\n".join("".join(source) for source in prose).splitlines()
    wanted = [line.strip("# ") for line in lines if re.match("#{1,3} ", line)]
    assert [" ".join(one.split()) for one in listed] == wanted
    beside, lesson = contents.bounding_box(), page.locator(".jp-NotebookPanel").bounding_box()
    assert beside is not None and lesson is not None
    assert beside["x"] + beside["width"] <= lesson["x"]
    # JupyterLab keeps the layout in the clone.
    assert not (visit.clone.parent / "home" / ".jupyter").exists()


def test_all_cells_run_unattempted(visit: Visit) -> None:
    lesson = visit.lesson
    # Without its outputs and numbers, so that what is seen below is new.
    lesson.command("notebook:clear-all-cell-outputs")
    assert all(cell["execution_count"] is None for cell in code(lesson.cells()))
    lesson.command("notebook:run-all-cells")
    cells = code(lesson.cells())
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    kinds = {output["output_type"] for cell in cells for output in cell["outputs"]}
    assert kinds == {"stream", "display_data", "execute_result"}
    streams = {output.get("name") for cell in cells for output in cell["outputs"]}
    assert "stderr" not in streams
    asking = [cell for cell in cells if 'check("00.' in cell["source"]]
    assert len(asking) == 5
    for cell in asking:
        assert "· not attempted" in texts([cell], "text/html")
    assert not visit.clone.joinpath("my", "progress.json").exists()
    assert_calm(lesson)


def test_every_figure_is_seen_and_heard(visit: Visit) -> None:
    lesson = visit.lesson
    heard = lesson.page.locator(".jp-Notebook").aria_snapshot()
    pictured = 0
    for index, cell in enumerate(lesson.cells()):
        for output in cell.get("outputs", []):
            if "image/png" not in output.get("data", {}):
                continue
            pictured += 1
            element = lesson.show(index)
            image = element.wait_for_selector(".jp-OutputArea-output img")
            assert image is not None
            image.scroll_into_view_if_needed()
            assert image.evaluate("image => image.complete && image.naturalWidth") > 300
            lesson.picture(PICTURES / f"figure-{pictured}.png")
            # JupyterLab drops a picture's alt text; what a screen reader gets must hold it.
            alt = output["metadata"]["image/png"]["alt"]
            # The snapshot puts texts with some signs in quotation marks, and escapes theirs.
            assert alt in heard.replace('\\"', '"')
    assert pictured >= 2


def test_a_wrong_answer_is_refused_in_words_and_a_right_one_accepted(visit: Visit) -> None:
    lesson = visit.lesson
    task = lesson.index('check("00.2"')

    box = lesson.type_and_run(task, ONE_NETWORK)
    said = box.inner_text()
    assert said.startswith("✗ 00.2 · incorrect")
    assert "a mistake of the article: the field is multi-scenario multi-task learning" in said
    assert "Hint" not in said
    assert box.is_visible()
    lesson.picture(PICTURES / "rejected.png")

    said = lesson.type_and_run(task, OTHER_NETWORK).inner_text()
    assert said.startswith("✗ 00.2 · incorrect")
    assert "MMoE looks like it" in said and "the field is multi-scenario" not in said
    assert "Hint 1: " in said
    lesson.picture(PICTURES / "rejected-with-hint.png")

    said = lesson.type_and_run(task, RIGHT).inner_text()
    assert said.startswith("✓ 00.2 · correct")
    assert "Hint" not in said
    lesson.picture(PICTURES / "accepted.png")
    assert_calm(lesson)

    record = {"attempts": 3, "failures": 2, "solved": True, "hints": 1, "solution": ""}
    assert visit.progress() == {"00.2": {**record, "errata": ["E2", "E3"]}}
    lines = browser.command(visit.clone, "status").splitlines()
    assert "Lesson 00: 1 of 5 tasks solved" in lines
    [line] = [line for line in lines if line.split()[:1] == ["00.2"]]
    assert "solved, 3 attempts" in line


def test_the_answer_is_saved_in_the_learners_copy_alone(visit: Visit) -> None:
    edition = visit.clone / "notebooks" / LESSON
    before = edition.read_bytes()
    visit.lesson.command("docmanager:save")
    saved = json.loads((visit.clone / "my" / LESSON).read_text(encoding="utf-8"))["cells"]
    assert RIGHT in ["".join(cell["source"]) for cell in saved]
    assert edition.read_bytes() == before == (ROOT / "notebooks" / LESSON).read_bytes()
    assert_calm(visit.lesson)
