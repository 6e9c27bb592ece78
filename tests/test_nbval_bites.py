"""A test of the tests: change what is committed, on a copy, and the run must fail there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from lesson_run import other
from lessons import EDITIONS, FILES, IDS, code_cells, read, run_nbval
from synthetic import lesson, recorded, stream

from course_utils import paths
from course_utils.authoring import guesses
from course_utils.authoring.compare import unfit_outputs

SHORT = "00_start_here.ipynb"


@pytest.mark.parametrize("edition", EDITIONS)
def test_exactly_the_cells_with_a_changed_output_fail(edition: str, tmp_path: Path) -> None:
    """On a short lesson, in the one run that the gate does; all lessons show it without one."""
    notebook = read(paths.ROOT / edition / SHORT)
    cells = {number: cell for number, cell in enumerate(code_cells(notebook)) if cell.outputs}
    altered = set(list(cells)[::2])
    for number in altered:
        for output in cells[number].outputs:
            if output == guesses.COVER:
                continue
            holder, kind = (output, "text") if "text" in output else (output.data, "text/plain")
            holder[kind] = other(holder[kind])
    (tmp_path / edition).mkdir()
    nbformat.write(notebook, tmp_path / edition / SHORT)
    shutil.copytree(paths.RESULTS / "lessons", tmp_path / "results" / "lessons")
    run = run_nbval(tmp_path / edition / SHORT)
    assert len(altered) >= 4
    assert run.failed == altered, run.said
    assert run.passed == set(range(len(code_cells(notebook)))) - altered
    # What is not altered is still held to account.
    assert run.noticed == 1


CLAIM = """\
import json, os
line = {"id": "90.gain", "low": 0.02, "high": 0.03}
with open(os.environ["COURSE_UTILS_EVIDENCE_LIVE"], "a") as live:
    print(json.dumps(line), file=live)
print(os.environ["COURSE_UTILS_EVIDENCE"])"""
HELD = recorded(gain="A over B")
MOVED = {"90.gain": HELD["90.gain"] | {"low": 0.03, "high": 0.04}}


def test_a_moved_band_is_noticed_even_where_the_cell_passes(tmp_path: Path) -> None:
    """The last item reads this run's interval itself: it need not trust the cell."""
    cell = (CLAIM, [stream("strict\n")])
    files = [
        lesson(tmp_path / edition / f"{number}_claim.ipynb", cell, bands=bands)
        for edition in EDITIONS
        for number, bands in ((90, HELD), (91, MOVED))
    ]
    run = run_nbval(*files)
    assert (run.passed, run.failed, run.noticed) == ({0}, set(), 2), run.said
    failures = re.findall(r"^FAILED \S*?(\w+/\w+\.ipynb)::every change", run.said, re.MULTILINE)
    assert failures == [f"{edition}/91_claim.ipynb" for edition in EDITIONS]
    assert run.said.count("\n90.gain: (0.02, 0.03) has left the recorded (0.03, 0.04)") == 2


def test_what_the_comparison_cannot_see_fails_the_last_item(tmp_path: Path) -> None:
    """nbval never compares a picture, nor a cell that was not run when it was built."""
    show = "from IPython.display import display\ndisplay({'image/png': 'AAAA'}, raw=True)"
    picture = nbformat.v4.new_output("display_data", data={"image/png": "AAAA"})
    blind = lesson(tmp_path / "solutions" / "90_picture.ipynb", (show, [picture]), ("x = 1", []))
    never_run = lesson(tmp_path / "solutions" / "91_never.ipynb", ("x = 1", []), ("x = 1", []))
    notebook = read(never_run)
    notebook.cells[1].execution_count = None
    nbformat.write(notebook, never_run)
    run = run_nbval(blind, never_run)
    assert (run.failed, run.noticed, run.status) == (set(), 0, 1), run.said
    assert "Cell 0: not noticed: output 0: dropped" in run.said
    assert "Cell 1: not noticed: an output more" in run.said


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_a_notebook_that_was_not_executed_is_noticed(file: Path) -> None:
    """nbval alone passes it: the comparison of counts must not."""
    notebook = read(file)
    assert unfit_outputs(notebook) == []
    cells = code_cells(notebook)
    for number, cell in enumerate(cells):
        count = cell.execution_count
        for wrong in (None, count + 1, 0):
            cell.execution_count = wrong
            assert unfit_outputs(notebook), f"cell {number}"
        cell.execution_count = count
