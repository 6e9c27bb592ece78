"""The course as a map and a timetable, drawn from the lessons' own headers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.notebook import figure
from course_utils.notebook.header import Lesson, column, read


def lessons() -> list[Lesson]:
    """All lessons that are there, by number.

    Raises:
        CourseError: if a lesson has no header.
    """
    return [_read(file) for file in sorted(paths.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))]


def _read(file: Path) -> Lesson:
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return read(f"notebooks/{file.name}", "".join(cells[0]["source"]) if cells else "")


def evenings(found: Sequence[Lesson], minutes: int) -> list[list[tuple[Lesson, int]]]:
    """Lessons in order, their sittings laid into evenings.

    A sitting stays whole if an evening holds it; a longer one begins an evening and is cut.

    Args:
        found: in the order in which they are to be read.
        minutes: of one evening, 1 or more.

    Returns:
        For each evening the lessons and how many minutes of each, an entry a sitting.
    """
    if minutes < 1:
        raise CourseError(f"An evening has 1 minute or more, got {minutes}.")
    result: list[list[tuple[Lesson, int]]] = []
    left = 0
    for lesson in found:
        for sitting in lesson.sittings:
            todo = sitting
            while todo > 0:
                if left < min(todo, minutes):
                    result.append([])
                    left = minutes
                part = min(todo, left)
                result[-1].append((lesson, part))
                todo -= part
                left -= part
    return result


def draw_map(found: Sequence[Lesson]) -> Figure:
    """One bar a lesson, as long as it takes, with its title and what it needs."""
    fig, axes = figure(height=0.6 + 0.34 * len(found), width=9.0)
    tens = sorted({one.number[0] for one in found})
    for place, one in enumerate(found):
        axes.barh(place, one.minutes, color=f"C{tens.index(one.number[0]) % 6}", height=0.7)
        needs = f"  after {', '.join(one.needs)}" if one.needs else ""
        axes.text(one.minutes + 3, place, f"{column(one.sittings)} min{needs}", va="center")
    axes.set_yticks(range(len(found)), [f"{one.number} · {one.title}" for one in found])
    axes.set(xlim=(0, 2.0 * max(one.minutes for one in found)), xlabel="minutes, all tasks done")
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    return fig


def draw_evenings(found: Sequence[Lesson], minutes: int) -> Figure:
    """A timetable: one row an evening, with the lessons that it holds."""
    table = evenings(found, minutes)
    tens = sorted({one.number[0] for one in found})
    fig, axes = figure(height=0.6 + 0.34 * len(table), width=9.0)
    for row, evening in enumerate(table):
        start = 0
        for lesson, part in evening:
            colour = f"C{tens.index(lesson.number[0]) % 6}"
            axes.barh(row, part, left=start, color=colour, edgecolor="white", height=0.8)
            if part >= 8:
                axes.text(start + part / 2, row, lesson.number, ha="center", va="center")
            start += part
    axes.set_yticks(range(len(table)), [f"evening {row + 1}" for row in range(len(table))])
    axes.set(xlim=(0, minutes), xlabel="minutes")
    axes.invert_yaxis()
    axes.grid(visible=False)
    return fig
