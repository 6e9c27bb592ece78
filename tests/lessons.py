"""The committed notebooks, for the tests that read them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest
from nbformat import NotebookNode

from course_utils import paths

EDITIONS = ("solutions", "notebooks")
SOURCES = sorted(paths.SOLUTIONS.glob("[0-9][0-9]_*.py"))
FILES = [
    paths.ROOT / edition / f"{source.stem}.ipynb" for edition in EDITIONS for source in SOURCES
]
IDS = [f"{file.parent.name}/{file.stem}" for file in FILES]
NOT_COMPARED = "nbval-ignore-output"


def read(file: Path) -> NotebookNode:
    """A notebook."""
    return nbformat.read(file, as_version=4)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Its code cells, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell: NotebookNode) -> list[str]:
    """A cell's tags."""
    return list(cell.metadata.get("tags", []))


class Run(NamedTuple):
    """What nbval did with notebooks.

    Attributes:
        passed, failed: the numbers of the code cells.
        noticed: how often the last item of a lesson passed.
        status: the exit code.
        said: the whole output.
    """

    passed: set[int]
    failed: set[int]
    noticed: int
    status: int
    said: str


def run_nbval(*notebooks: Path, options: Sequence[str] = ()) -> Run:
    """Run nbval on notebooks in a process of its own, as the gate does.

    A file in a folder ``notebooks`` or ``solutions``, wherever that is, is a lesson; its
    recorded bands are looked for in ``results/lessons`` beside that folder. All are below one
    clone, or one folder like it.
    """
    command = [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", "-p", "lesson_run"]
    where = ["--rootdir", str(notebooks[0].parents[1]), "-c", str(paths.ROOT / "pyproject.toml")]
    on_path = [str(paths.ROOT), str(paths.ROOT / "tests")]
    done = subprocess.run(
        [*command, "-rA", "-q", "--tb=short", *where, *options, *notebooks],
        cwd=paths.ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(on_path)},
        capture_output=True,
        text=True,
    )
    found: dict[str, set[int]] = {"PASSED": set(), "FAILED": set()}
    for outcome, number in re.findall(
        r"^(PASSED|FAILED) .*::Cell (\d+)", done.stdout, re.MULTILINE
    ):
        found[outcome].add(int(number))
    noticed = len(re.findall(r"^PASSED .*::every change is noticed", done.stdout, re.MULTILINE))
    return Run(
        found["PASSED"], found["FAILED"], noticed, done.returncode, done.stdout + done.stderr
    )


class Captured(Exception):
    """The answer that a cell hands to ``check`` or ``grade_check``."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer


def _capture(task: str, answer: Any) -> None:
    raise Captured(answer)


def answer_of(cell: str, imports: str) -> Any:
    """Run an answer cell with the lesson's first code cell only; what it passes to check."""
    space: dict[str, Any] = {"__name__": "answer"}
    exec(imports, space)
    space["check"] = space["grade_check"] = _capture
    with pytest.raises(Captured) as caught:
        exec(cell, space)
    return caught.value.answer
