"""The course as a map, drawn from the lessons' own headers."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from course_utils.notebook import figure
from course_utils.notebook.header import Lesson, column


def draw_map(found: Sequence[Lesson]) -> Figure:
    """One bar a lesson, as long as it takes, cut into its sittings; beside it what it needs."""
    fig, axes = figure(height=0.6 + 0.3 * len(found), width=11.0)
    tens = sorted({one.number[0] for one in found})
    for place, one in enumerate(found):
        start = 0
        for minutes in one.sittings:
            colour = f"C{tens.index(one.number[0]) % 6}"
            axes.barh(place, minutes, left=start, color=colour, edgecolor="white", height=0.75)
            start += minutes
    axes.set_yticks(range(len(found)), [f"{one.number} · {one.title}" for one in found])
    axes.set(ylim=(len(found) - 0.5, -0.5), xlabel="minutes, all tasks done; a piece is a sitting")
    axes.grid(axis="y", visible=False)
    # Labels of an axis are never cut, as text beside the bars was.
    right = axes.twinx()
    right.set(ylim=axes.get_ylim())
    right.set_yticks(range(len(found)), [f"{one.minutes}{_needs(one)}" for one in found])
    right.grid(visible=False)
    right.tick_params(length=0)
    return fig


def described(found: Sequence[Lesson]) -> str:
    """The map in words."""
    told = [
        f"{one.number} {one.title}: {column(one.sittings)} minutes{_needs(one)}" for one in found
    ]
    return "One bar a lesson, as long as it takes. " + ". ".join(told) + "."


def _needs(one: Lesson) -> str:
    return f", after {', '.join(one.needs)}" if one.needs else ""
