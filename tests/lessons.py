"""The committed notebooks, for the tests that read them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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


def run_nbval(
    notebook: Path, environment: Mapping[str, str] | None = None
) -> tuple[set[int], set[int], str]:
    """Run nbval on a notebook in a process of its own.

    Args:
        notebook: below the clone, or anywhere.
        environment: variables on top of this process's.

    Returns:
        Numbers of the code cells that passed and that failed, and the whole output.
    """
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", "-q", "--tb=short"]
    done = subprocess.run(
        [
            *command,
            "--rootdir",
            str(paths.ROOT),
            "-c",
            str(paths.ROOT / "pyproject.toml"),
            notebook,
        ],
        cwd=paths.ROOT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
    )
    found: dict[str, set[int]] = {"PASSED": set(), "FAILED": set()}
    for outcome, number in re.findall(
        r"^(PASSED|FAILED) .*::Cell (\d+)", done.stdout, re.MULTILINE
    ):
        found[outcome].add(int(number))
    return found["PASSED"], found["FAILED"], done.stdout + done.stderr


class Captured(Exception):
    """The answer that a cell hands to ``check``."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer


def _capture(task: str, answer: Any) -> None:
    raise Captured(answer)


def answer_of(cell: str, imports: str) -> Any:
    """Run an answer cell with the lesson's first code cell only; what it passes to check."""
    space: dict[str, Any] = {"__name__": "answer"}
    exec(imports, space)
    space["check"] = _capture
    with pytest.raises(Captured) as caught:
        exec(cell, space)
    return caught.value.answer
