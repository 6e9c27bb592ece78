"""Tiny notebooks for the tests of the test run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode


def stream(text: str) -> NotebookNode:
    """What ``print`` leaves in a notebook."""
    return nbformat.v4.new_output("stream", name="stdout", text=text)


def recorded(**texts: str) -> dict[str, dict[str, Any]]:
    """The records of claims of lesson 90, by name: what each says, +0.02 to +0.03 over 5 seeds."""
    return {
        f"90.{name}": {"text": text, "low": 0.02, "high": 0.03, "n": 5}
        for name, text in texts.items()
    }


def lesson(
    file: Path,
    *cells: tuple[str, list[NotebookNode]],
    tags: tuple[str, ...] = (),
    bands: Mapping[str, Any] | None = None,
) -> Path:
    """A lesson whose cells, ``cell-1`` and so on, were run in order: their code and outputs.

    ``tags`` go to the last cell. ``bands`` are what is recorded, beside the lesson's folder.
    """
    made = [
        nbformat.v4.new_code_cell(
            source, id=f"cell-{number}", outputs=outputs, execution_count=number
        )
        for number, (source, outputs) in enumerate(cells, start=1)
    ]
    made[-1].metadata["tags"] = list(tags)
    file.parent.mkdir(exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=made), file)
    if bands is not None:
        folder = file.parents[1] / "results" / "lessons"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{file.name[:2]}.json").write_text(json.dumps(bands), encoding="utf-8")
    return file
