"""Lint, types, terms, links, sizes: what the usual tools and a look at the tree can tell."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import tree

from course_utils import paths
from course_utils.authoring.compare import differences

MARKDOWN_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")

# What the article calls things that have a name already (errata E1 to E4).
# Lesson 00 quotes them to put them right.
QUOTED_IN = {
    "docs/errata.md",
    "solutions/00_start_here.py",
    "tests/test_browser.py",
    "solutions/00_start_here.ipynb",
    "notebooks/00_start_here.ipynb",
    "checks/l00/t2_words.py",
    "checks/l00/t2_words_test.py",
    "tests/test_style.py",
}
BANNED = ["Mixture of Multi-Task Learning", "MMoML", "Multi-Scene", "主题标题"]


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]],
    ids=["ruff", "format", "mypy"],
)
def test_tools(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=paths.ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_notebooks_match_their_sources() -> None:
    assert differences() == []


def test_terms() -> None:
    for file in tree.files():
        if file.relative_to(paths.ROOT).as_posix() in QUOTED_IN:
            continue
        if file.suffix in (".md", ".py", ".ipynb"):
            text = file.read_text(encoding="utf-8")
            for term in BANNED:
                assert term not in text, f"{file.name}: {term}"


def test_local_links_lead_somewhere() -> None:
    seen = 0
    for file in tree.files():
        if file.suffix != ".md":
            continue
        for link in MARKDOWN_LINK.findall(file.read_text(encoding="utf-8")):
            if "://" in link or link.startswith(("#", "mailto:")):
                continue
            seen += 1
            assert (file.parent / link.split("#")[0]).exists(), f"{file.name}: {link}"
    assert seen > 0


def test_the_repository_is_light() -> None:
    assert max(file.stat().st_size for file in tree.files()) < 5 * 2**20
    assert sum(f.stat().st_size for f in paths.DATASETS.iterdir()) < 20 * 2**20
