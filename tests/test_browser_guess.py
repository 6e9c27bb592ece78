"""*Predict first* in a real browser: what tells the answer is folded, and opens when asked for.

A file of its own, so that its browser never runs beside the one of ``test_browser.py``.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import browser
import nbformat
import pytest
from test_browser import PICTURES, assert_calm

from course_utils.authoring import guesses

GUESS = """\
# %% [markdown]
# # 97 · A guess

# %% [markdown]
# **Predict first.** Six times seven?

# %% name="run" tags=["after-guess"]
print("forty" + "-two")

# %% name="clicked" tags=["after-guess"]
print("forty" + "-two")

# %% name="figure" tags=["after-guess", "folded"]
# The picture: a line.
from course_utils.notebook import figure, show

fig, axes = figure()
axes.plot([0, 42])
show(fig, alt="A straight line that rises from zero to " + "forty-two.")

# %% [markdown] name="run-text" tags=["after-guess"]
# It is **forty-two**, six times.

# %% [markdown] name="clicked-text" tags=["after-guess"]
# It is **forty-two**, seven times.
"""
ANSWER = "forty-two"


@pytest.fixture
def guess(tmp_path: Path) -> Iterator[tuple[Path, browser.Notebook]]:
    """A clone, and a lesson in it with a guess."""
    with browser.lesson(tmp_path, "97_guess", GUESS, guesses.cover) as (clone, _, lesson):
        yield clone, lesson


def test_what_follows_a_guess_opens_when_it_is_run_or_clicked(
    guess: tuple[Path, browser.Notebook],
) -> None:
    clone, lesson = guess
    place = {cell["id"]: number for number, cell in enumerate(lesson.cells())}

    def seen(name: str) -> str:
        return lesson.show(place[f"97-{name}"]).inner_text()

    def click(name: str) -> None:
        dots = lesson.show(place[f"97-{name}"]).wait_for_selector(".jp-Placeholder >> visible=true")
        assert dots is not None
        dots.click()

    names = ("run", "clicked", "figure", "run-text", "clicked-text")
    for name in names:
        assert ANSWER not in seen(name)
        dots = lesson.show(place[f"97-{name}"]).query_selector(".jp-MoreHorizIcon >> visible=true")
        assert dots is not None, name
    assert seen("run-text").strip() == guesses.FIRST_LINE
    # Neither on the page, nor read aloud; the code that prints it is there.
    assert "Six times seven" in lesson.page.locator(".jp-Notebook").aria_snapshot()
    assert ANSWER not in lesson.page.locator(".jp-Notebook").aria_snapshot()
    lesson.show(1)
    lesson.picture(PICTURES / "guess-before.png")

    for name in ("run", "run-text"):
        lesson.show(place[f"97-{name}"])
        lesson.command("notebook:run-cell-and-select-next")
        assert ANSWER in seen(name)
        assert ANSWER not in seen(name.replace("run", "clicked"))
    for name in ("clicked", "clicked-text"):
        click(name)
        assert ANSWER in seen(name)
    # Of a figure the first click opens the code, which shows the dots of its output.
    click("figure")
    assert not lesson.page.locator(".jp-OutputArea img").count()
    click("figure")
    assert lesson.page.locator(".jp-OutputArea img").is_visible()
    lesson.show(1)
    lesson.picture(PICTURES / "guess-after.png")
    assert_calm(lesson)

    # Opened, run and saved, the copy still counts as unchanged: a newer edition replaces it.
    lesson.command("docmanager:save")
    edition, mine = clone / "notebooks" / "97_guess.ipynb", clone / "my" / "97_guess.ipynb"
    assert mine.read_bytes() != edition.read_bytes()
    nbformat.validate(nbformat.read(mine, as_version=4))
    edition.write_text(edition.read_text(encoding="utf-8").replace("Six times", "6 times"))
    copying = "from course_utils.desk import lab; print(lab.copy_lessons())"
    said = subprocess.check_output([sys.executable, "-c", copying], cwd=clone, text=True)
    assert said == "[]\n"
    assert mine.read_bytes() == edition.read_bytes()
