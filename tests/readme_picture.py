"""The picture in README: a trunk without its ReLU in lesson 20, and what the check says of it.

    python tests/readme_picture.py

writes ``docs/lesson.png``. It needs Chromium.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import browser
from PIL import Image

from course_utils.paths import ROOT

PICTURE = ROOT / "docs" / "lesson.png"
LESSON = "my/20_multi_task_learning.ipynb"
WIDTH, HEIGHT = 1080, 530

WRONG = """\
def forward(x, trunk, towers):
    h = x
    for W, b in trunk:
        h = h @ W + b
    said = {}
    for task, layers in towers.items():
        a = h
        for W, b in layers[:-1]:
            a = np.maximum(a @ W + b, 0)
        W, b = layers[-1]
        said[task] = 1 / (1 + np.exp(-(a @ W + b)[:, 0]))
    return said


check("20.2", forward)"""


def main() -> None:
    """Take it in a throw-away clone, in few colours."""
    executable = browser.find_chromium()
    assert executable is not None, f"none of {', '.join(browser.NAMES)} is installed"
    with tempfile.TemporaryDirectory() as folder:
        clone = browser.clone_into(Path(folder) / "clone")
        with browser.served(clone, "20") as address, browser.chromium(executable) as page:
            page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
            lesson = browser.Notebook(page)
            lesson.open(address, LESSON)
            for part in ("application:toggle-left-area", "statusbar:toggle"):
                lesson.command(part)
            lesson.show(lesson.index("import numpy as np"))
            lesson.command("notebook:run-cell")
            lesson.type_and_run(lesson.index('check("20.2"'), WRONG)
            lesson.command("notebook:enter-command-mode")
            lesson.picture(PICTURE)
    with Image.open(PICTURE) as picture:
        few = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    few.save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
