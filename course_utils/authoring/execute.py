"""Run a notebook and keep only what is the same on every machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from course_utils import FIXED_SETTINGS, paths
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
