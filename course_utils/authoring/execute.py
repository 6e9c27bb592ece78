"""The outputs of a notebook: those of a run, or, where its code is what it was, those it has."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from course_utils import FIXED_SETTINGS, paths
from course_utils.authoring import guesses
from course_utils.authoring.compare import unfit_outputs
from course_utils.authoring.editions import METADATA, SourceError
from course_utils.evidence import record

CELL_SECONDS = 300


def kernel_environment() -> dict[str, str]:
    """The environment of a kernel whose outputs are committed."""
    return {
        **os.environ,
        **FIXED_SETTINGS,
        record.MODE: "strict",
        "COURSE_UTILS_PROGRESS": "off",
        "COURSE_UTILS_SLIDERS": "off",
        "PYTHONPATH": str(paths.ROOT),
    }


def keep_outputs(notebook: NotebookNode, file: Path) -> bool:
    """Take the outputs of an older build, if it has the same code cells in the same order.

    Texts, names and tags may differ. What the code calls is not looked at: after a change of
    the package a lesson has to be run.

    Args:
        notebook: without outputs; gets them in place.
        file: the older build.

    Returns:
        Whether they were taken; never from a notebook that is not there, cannot be read, was
        not run from top to bottom or holds an error.
    """
    try:
        old = nbformat.read(file, as_version=4)
    except Exception:  # nbformat raises many kinds for a damaged file
        return False
    before, now = (
        [cell for cell in one.cells if cell.cell_type == "code"] for one in (old, notebook)
    )
    if [cell.source for cell in before] != [cell.source for cell in now] or unfit_outputs(old):
        return False
    for cell, kept in zip(now, before, strict=True):
        cell.execution_count = kept.execution_count
        cell.outputs = [one for one in kept.outputs if one != guesses.COVER]
    return True


def execute(
    notebook: NotebookNode, folder: Path, name: str, variables: Mapping[str, str] | None = None
) -> None:
    """Run all cells in place; outputs and execution counts are set.

    Args:
        notebook: without outputs.
        folder: the working folder of the kernel.
        name: for messages.
        variables: of the kernel's environment, on top of ``kernel_environment``.

    Raises:
        SourceError: if a cell fails, or writes to stderr.
    """
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        # The kernel talks to this process only; it would warn at each start that it does so
        # without encryption.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute(env=kernel_environment() | dict(variables or {}))
    except CellExecutionError as error:
        raise SourceError(f"{name}: a cell failed while building.\n{error}") from error
    # nbclient writes down the Python that ran.
    notebook.metadata = METADATA
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise SourceError(f"{name}, cell {cell.id}: wrote to stderr: {output.text.strip()}")
