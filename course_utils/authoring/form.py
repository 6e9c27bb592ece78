"""The form of a lesson in its third edition, and how much it may weigh.

In this order: the title; ``## In one minute``, the answer; ``## The essential hour``; up to three
parts ``## Deeper: question? (25 minutes)``, folded when the notebook opens; ``## Recap``. Who stops
before the first *Deeper* reads the recap too, so its minutes belong to the essential part. A name
or a formula in a sentence is read, and counts as a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nbformat import NotebookNode

ANSWER, ESSENTIAL, RECAP = "## In one minute", "## The essential hour", "## Recap"

LONGEST, WHOLE = 60, 110
"""Minutes of the essential part, and of a lesson."""

DEEPER = (15, 40)
"""The least and the most minutes of a part that goes deeper."""

PARTS = 3
"""At most so many go deeper."""

WORDS, ALL_WORDS = 2_000, 3_800
"""Of prose: up to the first part that goes deeper, without the recap; and in all."""

NUMBERS = 1.5
"""For each 100 words of prose."""

ROWS = 6
"""Of a forest plot."""

_DEEPER = re.compile(r"^## Deeper: .+\?.* \((\d+) minutes\)$", re.MULTILINE)
_LEVEL = re.compile(r"^## .+$", re.MULTILINE)
_READ_AS = (
    (re.compile(r"```.*?```|\$\$.*?\$\$", re.DOTALL), ""),
    (re.compile(r"`[^`]*`|\$[^$]*\$"), "x"),
    (re.compile(r"<[^>]+>|https?://\S+"), ""),
    (re.compile(r"^\s*[|#].*$", re.MULTILINE), ""),
)
_LINK = re.compile(r"\]\([^)]*\)")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_NUMBER = re.compile(r"(?<![\w.])[-+]?\.?\d[\d.,]*(?!\w)")
_VERDICTS = re.compile(r"^(\d+) verdicts?:", re.MULTILINE)


def split(notebook: NotebookNode) -> list[list[NotebookNode]]:
    """The cells of the essential part, the recap among them, and of each part that goes deeper."""
    parts: list[list[NotebookNode]] = [[]]
    into = parts[0]
    for cell in notebook.cells:
        if is_deeper(cell):
            into = []
            parts.append(into)
        elif cell.cell_type == "markdown" and cell.source.startswith(RECAP):
            into = parts[0]
        into.append(cell)
    return parts


def is_deeper(cell: NotebookNode) -> bool:
    """Does a part that goes deeper begin here?"""
    return cell.cell_type == "markdown" and bool(_DEEPER.match(cell.source))


def prose(cells: Iterable[NotebookNode]) -> str:
    """What is read as prose: no block of code or formulas, no tables, headings, links."""
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    for pattern, put in _READ_AS:
        text = pattern.sub(put, text)
    return _LINK.sub("]", text)


def words(text: str) -> int:
    """English words of prose."""
    return len(_WORD.findall(text))


def density(text: str) -> float:
    """Numbers for each 100 words of prose."""
    return 100 * len(_NUMBER.findall(text)) / max(1, words(text))


def complaints(notebook: NotebookNode, minutes: Sequence[int], where: str) -> list[str]:
    """One sentence for each way in which a lesson leaves the form.

    Args:
        notebook: its learner's edition; the rows of forest plots are counted where it was run.
        minutes: of its parts, by the rule.
        where: the lesson's source, for the sentences.
    """
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    headings = [one for text in texts for one in _LEVEL.findall(text)]
    deeper = [one for one in headings if one.startswith("## Deeper")]
    wanted = [ANSWER, ESSENTIAL, *deeper, RECAP]
    found = [one for one in headings if one in wanted]
    result = []
    if found != wanted or headings[0] != ANSWER:
        result.append(
            f"{where}: the headings must be {ANSWER!r} first, {ESSENTIAL!r}, then what goes "
            f"deeper, then {RECAP!r}; they are {', '.join(map(repr, headings))}."
        )
    for heading, took in zip(deeper, minutes[1:], strict=False):
        said = _DEEPER.fullmatch(heading)
        if said is None or int(said.group(1)) != took:
            result.append(
                f"{where}: {heading!r} must be a question and end with its minutes, "
                f"'({took} minutes)', in the first line of its cell."
            )
        if not DEEPER[0] <= took <= DEEPER[1]:
            result.append(
                f"{where}: {heading!r} takes {took} minutes, not {DEEPER[0]} to {DEEPER[1]}."
            )
    if len(deeper) > PARTS:
        result.append(f"{where}: {len(deeper)} parts go deeper, at most {PARTS} may.")
    if minutes[0] > LONGEST:
        result.append(f"{where}: the essential hour takes {minutes[0]} minutes.")
    if sum(minutes) > WHOLE:
        result.append(f"{where}: the lesson takes {sum(minutes)} minutes, at most {WHOLE} it may.")
    return result + weight(notebook, where)


def weight(notebook: NotebookNode, where: str) -> list[str]:
    """One sentence for each measure of its prose and its forests that a lesson is above."""
    hour = split(notebook)[0]
    ends = next((at for at, cell in enumerate(hour) if cell.source.startswith(RECAP)), len(hour))
    essential, whole = prose(hour[:ends]), prose(notebook.cells)
    result = [
        f"{where}: {what} has {words(text):,} words of prose, at most {most:,} it may have."
        for what, text, most in [
            ("the essential part", essential, WORDS),
            ("the lesson", whole, ALL_WORDS),
        ]
        if words(text) > most
    ]
    if density(whole) > NUMBERS:
        result.append(
            f"{where}: {density(whole):.1f} numbers for 100 words of prose, at most {NUMBERS} it "
            "may have: put them into a table or a picture."
        )
    for cell in notebook.cells:
        told = "".join(one.get("text", "") for one in cell.get("outputs", []))
        rows = max(map(int, _VERDICTS.findall(told)), default=0)
        if rows > ROWS:
            result.append(f"{where}, cell {cell.id}: {rows} rows in a forest, at most {ROWS}.")
    return result


def fold(cells: Iterable[NotebookNode]) -> None:
    """Fold what goes deeper, as JupyterLab folds a heading, in place."""
    for cell in cells:
        if is_deeper(cell):
            cell.metadata["jp-MarkdownHeadingCollapsed"] = True
