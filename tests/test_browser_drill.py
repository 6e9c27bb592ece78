"""The drill in a real browser, by keyboard alone: drawn, said, revealed, ticked, graded.

A file of its own, so that its browser never runs beside another one's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import browser
import pytest
from playwright.sync_api import expect
from test_browser import PICTURES, assert_calm

from course_utils.interview import bank

DRILL = """\
# %% [markdown]
# # 99 · The drill

# %% name="drill"
from course_utils.interview.widget import drill

drill()
"""


@pytest.fixture
def drilled(tmp_path: Path) -> Iterator[tuple[Path, browser.Notebook]]:
    """A clone with one more lesson, as ``lab`` opens it."""
    with browser.lesson(tmp_path, "99_drill", DRILL) as (clone, _, lesson):
        yield clone, lesson


def test_a_question_is_drawn_said_revealed_ticked_and_graded_by_the_keyboard(
    drilled: tuple[Path, browser.Notebook],
) -> None:
    clone, lesson = drilled
    page = lesson.page
    one = bank()[0]
    second = next(each for each in bank()[1:] if each.level == one.level)

    def focused() -> str:
        """What the element says that has the keyboard."""
        return page.evaluate("document.activeElement.innerText || document.activeElement.type")

    def tab_to(text: str, presses: int = 20) -> None:
        for _ in range(presses):
            if focused() == text:
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {text!r}, but {focused()!r}")

    def seen() -> str:
        return page.locator(".jp-OutputArea").inner_text()

    lesson.show(1)
    # The last key that is not the drill's: it runs the cell.
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Start the clock")
    assert one.asked["en"] in seen() and one.answer["en"][:40] not in seen()
    tab_to("Start the clock")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=I am done")
    page.wait_for_selector("text=/^0:5[0-9]$/")
    lesson.picture(PICTURES / "drill-clock.png")
    tab_to("I am done")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=What did you say?")
    assert one.answer["en"] in seen()
    boxes = page.locator(".widget-checkbox input")
    # A box is drawn a moment after the text above it.
    expect(boxes).to_have_count(len(one.rubric))
    tab_to("checkbox")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert [box.is_checked() for box in boxes.all()][:3] == [True, True, False]
    lesson.picture(PICTURES / "drill-ticked.png")
    tab_to("Grade")
    page.keyboard.press("Enter")
    points = one.rubric[0][0] + one.rubric[1][0]
    of = sum(weight for weight, _ in one.rubric)
    page.wait_for_selector(f"text={points} of {of} points")
    [kept] = json.loads((clone / "my" / "interview.json").read_text(encoding="utf-8"))
    assert (kept["question"], kept["points"], kept["of"]) == (one.id, points, of)
    # A follow-up opens by the keyboard, too.
    tab_to(one.follow_ups[0].asked)
    page.keyboard.press("Enter")
    assert page.locator("details[open]").inner_text().endswith(one.follow_ups[0].told)
    lesson.picture(PICTURES / "drill-graded.png")
    tab_to("Next question")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Start the clock")
    assert second.asked["en"] in seen()
    assert_calm(lesson)
