"""A slider in a real browser: seen, turned with the keys, and what its saved notebook shows.

A file of its own, so that its browser never runs beside another one's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import browser
import pytest
from test_browser import PICTURES, assert_calm

SLIDER = """\
# %% [markdown]
# # 98 · A slider

# %% name="slider"
from course_utils.notebook import figure, show, slide


def at(rows):
    fig, axes = figure()
    axes.plot([0, rows])
    axes.set_title(f"{rows} rows")
    return fig


show(at(5), alt="Another picture of the same cell, with five rows.")
slide(at, dial="rows of the market", values=[1, 20, 3000], start=20,
      alt=lambda rows: f"A straight line that rises from zero to {rows}.")
"""
STILL = "Run this cell in JupyterLab to turn the rows of the market: 1, 20, 3,000. Here: 20."
NAME = "98_slider.ipynb"


@pytest.fixture
def slider(tmp_path: Path) -> Iterator[tuple[str, browser.Notebook]]:
    """The address of JupyterLab, and a lesson with a slider."""
    with browser.lesson(tmp_path, "98_slider", SLIDER) as (_, address, lesson):
        yield address, lesson


def pictures(lesson: browser.Notebook) -> list[str]:
    """The alt texts, or kinds, of the pictures that a reader sees in the cell."""
    found = lesson.page.locator(".jp-OutputArea img:visible").all()
    return [one.get_attribute("alt") or "a picture" for one in found]


def test_a_slider_is_turned_and_its_saved_notebook_shows_a_picture(
    slider: tuple[str, browser.Notebook],
) -> None:
    address, lesson = slider
    page = lesson.page
    assert STILL in lesson.show(1).inner_text()
    assert len(pictures(lesson)) == 2
    lesson.picture(PICTURES / "slider-built.png")

    lesson.command("notebook:run-cell")
    handle = page.wait_for_selector(".course-slider .noUi-handle")
    assert handle is not None
    cell = lesson.show(1)
    assert "rows of the market" in cell.inner_text()
    assert STILL not in cell.inner_text()
    line = "Figure: A straight line that rises from zero to {}."
    assert pictures(lesson) == ["a picture", line.format(20)]
    lesson.picture(PICTURES / "slider-live.png")

    seen = {page.locator(".course-slider img").get_attribute("src")}
    for key, rows in (("ArrowRight", 3000), ("ArrowLeft", 20), ("ArrowLeft", 1)):
        handle.press(key)
        page.wait_for_selector(f'.course-slider img[alt="{line.format(rows)}"]')
        seen.add(page.locator(".course-slider img").get_attribute("src"))
    assert len(seen) == 3
    lesson.picture(PICTURES / "slider-turned.png")
    assert line.format(1) in page.locator(".jp-Notebook").aria_snapshot()

    lesson.command("docmanager:save")
    assert_calm(lesson)

    # The page is loaded again; its kernel still runs, and so does the slider.
    lesson.open(address, f"my/{NAME}")
    lesson.show(1)
    handle = page.wait_for_selector(".course-slider .noUi-handle")
    assert handle is not None
    handle.press("ArrowRight")
    page.wait_for_selector(f'.course-slider img[alt="{line.format(20)}"]')

    # The kernel is gone, and with it the slider: the picture stands there, and no error.
    lesson.ask("panel.sessionContext.shutdown().then(() => 0)")
    lesson.open(address, f"my/{NAME}")
    lesson.show(1)
    page.wait_for_selector(".jp-OutputArea-output.jupyter-widgets", state="attached")
    lesson.picture(PICTURES / "slider-reopened.png")
    said = lesson.show(1).inner_text()
    assert STILL in said
    assert "rror" not in said and "Loading" not in said
    assert len(pictures(lesson)) == 2
