"""A test of the tests: change what is committed, on a copy, and the run must fail there."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from lessons import NOT_COMPARED, SOURCES, code_cells, read, run_nbval, tags

from conftest import real_sets_of
from course_utils import paths
from course_utils.datasets import real

STEMS = [source.stem for source in SOURCES]
# A band as it was pasted, after `recorded=` or in a table of claims: two ends, 4 decimals or more.
_RECORDED = re.compile(r"\(([-+]?\d+\.\d{4,}), ([-+]?\d+\.\d{4,})\)")


def _is_run(cell: nbformat.NotebookNode, lesson: Path) -> bool:
    cached = all(real.is_cached(name) for name in real_sets_of(lesson))
    return cached or "real-data" not in tags(cell)


def _alter(output: nbformat.NotebookNode) -> bool:
    """Change one character of an output's text; False where it has none."""
    if "text" in output:
        output["text"] = _other(output["text"])
        return True
    for kind in ("text/html", "text/plain"):
        if kind in output.get("data", {}):
            output["data"][kind] = _other(output["data"][kind])
            return True
    return False


def _other(text: str) -> str:
    """The same text with its last letter or digit changed."""
    place = max(i for i, letter in enumerate(text) if letter.isalnum())
    return text[:place] + ("8" if text[place] != "8" else "3") + text[place + 1 :]


@pytest.mark.parametrize("stem", STEMS)
def test_every_changed_text_and_every_moved_band_fails(stem: str, tmp_path: Path) -> None:
    """In one run: the text of every compared output altered, and every band moved aside.

    A cell with a band keeps its text, so that it can fail by its band only.
    """
    lesson = paths.SOLUTIONS / f"{stem}.ipynb"
    notebook = read(lesson)
    altered, moved = set(), set()
    for number, cell in enumerate(code_cells(notebook)):
        if not _is_run(cell, lesson):
            continue
        if _RECORDED.search(cell.source):
            cell.source = _RECORDED.sub(_aside, cell.source)
            moved.add(number)
        elif NOT_COMPARED not in tags(cell) and [_alter(one) for one in cell.outputs].count(True):
            altered.add(number)
    copy = tmp_path / f"{stem}.ipynb"
    nbformat.write(notebook, copy)
    _, failed, said = run_nbval(copy)
    claims = any("evidence(" in cell.source for cell in code_cells(notebook))
    assert len(altered) >= 5 and bool(moved) == claims
    assert altered | moved <= failed, f"not noticed: {sorted((altered | moved) - failed)}"
    assert said.count("EvidenceError") >= len(moved)
    # Nothing else fails: a run that fails everywhere would prove nothing.
    assert failed == altered | moved, f"failed for no reason: {sorted(failed - altered - moved)}"


def _aside(found: re.Match[str]) -> str:
    low, high = float(found.group(1)), float(found.group(2))
    width = high - low
    return f"({low + width}, {high + width})"


@pytest.mark.parametrize("stem", STEMS)
def test_a_notebook_that_was_not_executed_is_noticed(stem: str) -> None:
    """nbval alone passes it: the comparison of counts must not."""
    from course_utils.authoring.compare import _unfit_outputs

    notebook = read(paths.SOLUTIONS / f"{stem}.ipynb")
    assert _unfit_outputs(notebook) == []
    cells = code_cells(notebook)
    for number, cell in enumerate(cells):
        count = cell.execution_count
        for wrong in (None, count + 1, 0):
            cell.execution_count = wrong
            assert _unfit_outputs(notebook), f"cell {number}"
        cell.execution_count = count
