"""Do the committed notebooks match their sources? Nothing is executed."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils import paths
from course_utils.authoring import guesses, minutes
from course_utils.authoring.editions import DROPPED, Edition, edition_of, sources, target


def differences() -> list[str]:
    """One line for each difference between the sources and the two editions.

    A header whose minutes are not the rule's is one too.
    """
    found = [line for source in sources() for line in minutes.broken(source)]
    for edition in DROPPED:
        expected_files = {target(source, edition) for source in sources()}
        for stray in sorted(set((paths.ROOT / edition).glob("*.ipynb")) - expected_files):
            found.append(f"{_short(stray)}: no source makes this notebook")
        for source in sources():
            found += _differences_of(source, edition)
    return found


def _differences_of(source: Path, edition: Edition) -> list[str]:
    file = target(source, edition)
    if not file.exists():
        return [f"{_short(file)}: missing"]
    try:
        built = nbformat.read(file, as_version=4)
    except Exception as error:  # nbformat raises many kinds for a damaged file
        return [f"{_short(file)}: cannot be read as a notebook ({type(error).__name__})"]
    expected = edition_of(source, edition)
    found = []
    if built.metadata != expected.metadata:
        found.append("the notebook's metadata differ")
    if [cell.id for cell in built.cells] != [cell.id for cell in expected.cells]:
        found.append("cells were added, dropped, moved or renamed")
    else:
        for old, new in zip(built.cells, expected.cells, strict=True):
            for what in ("cell_type", "source", "metadata"):
                if old[what] != new[what]:
                    found.append(f"cell {new.id}: its {what.replace('_', ' ')} differs")
    found += unfit_outputs(built)
    return [f"{_short(file)}: {one}" for one in found]


def unfit_outputs(notebook: NotebookNode) -> list[str]:
    """Cells not executed in order, errors, stderr, and an answer that shows through."""
    found = []
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        if cell.execution_count != number:
            found.append(f"cell {cell.id}: execution count {cell.execution_count}, not {number}")
        if guesses.lacks_cover(cell):
            found.append(f"cell {cell.id}: the first line of its folded output can be read")
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"cell {cell.id}: its output is an error")
            elif output.get("name") == "stderr":
                found.append(f"cell {cell.id}: its output holds stderr")
            elif output.get("execution_count", number) != number:
                found.append(f"cell {cell.id}: an output counts {output.execution_count}")
    return found


def _short(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"
