"""A phase diagram as a picture: the gain over the strongest rival, cell by cell."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure

from course_utils.errors import CourseError
from course_utils.evidence import span_text
from course_utils.notebook.figures import figure
from course_utils.regimes.family import Dial, Family

_MARKS = {"wins": "wins: ", "loses": "loses: ", "open": ""}


def phase_diagram(title: str, family: Family, cells: Sequence[Mapping[str, Any]]) -> Figure:
    """Draw what was measured; the dashed line is the boundary that was predicted.

    A cell has the mean gain over the strongest rival, its 95 % interval, and who that is.
    *wins*: better than every rival by an interval; *loses*: worse than one, corrected for
    their number; a cell without a word is open; an empty cell was not measured.

    Args:
        cells: as ``regimes.family.told`` returns them.

    Raises:
        CourseError: if the family has no map.
    """
    if family.axes is None:
        raise CourseError(f"{title} has no map: its family names no axes.")
    across, up = family.axes
    gains = np.full((len(up.values), len(across.values)), np.nan)
    fig, axes = figure(height=1.4 + 1.05 * len(up.values), width=1.6 + 1.75 * len(across.values))
    for one in cells:
        row = list(up.values).index(one["dials"][up.name])
        column = list(across.values).index(one["dials"][across.name])
        rival = one["strongest"]
        gains[row, column] = gain = one["means"][family.method] - one["means"][rival]
        low, high = one["spans"][rival]
        said = f"{_MARKS[one['word']]}{gain:+.3f}\n{span_text(low, high)}"
        axes.text(
            column,
            row,
            f"{said}\n{textwrap.fill(rival, 18)}",
            ha="center",
            va="center",
            fontsize=9,
            fontweight="bold" if one["word"] == "wins" else "normal",
            # The boundary may run through the words.
            bbox={"facecolor": "white", "alpha": 0.6, "edgecolor": "none", "pad": 1.5},
            zorder=3,
        )
    most = max(float(np.nanmax(np.abs(gains), initial=0.0)), 1e-3)
    shown = axes.imshow(
        gains,
        origin="lower",
        aspect="auto",
        cmap="PuOr",
        norm=TwoSlopeNorm(0.0, -1.6 * most, 1.6 * most),
    )
    bar = fig.colorbar(shown, ax=axes)
    bar.set_label("gain over the strongest rival")
    bar.ax.set_ylim(-most, most)
    if family.boundary:
        x, y = zip(*family.boundary, strict=True)
        places = _places(x, across), _places(y, up)
        axes.plot(*places, "--", color="0.2", linewidth=1.5, label="predicted boundary")
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), frameon=False, borderpad=0)
    axes.set(
        xlabel=across.words,
        ylabel=up.words,
        xlim=(-0.5, len(across.values) - 0.5),
        ylim=(-0.5, len(up.values) - 0.5),
    )
    axes.set_xticks(range(len(across.values)), [f"{x:g}" for x in across.values])
    axes.set_yticks(range(len(up.values)), [f"{y:g}" for y in up.values])
    axes.set_title(title, pad=22)
    axes.grid(visible=False)
    return fig


def _places(values: Sequence[float], dial: Dial) -> np.ndarray:
    """Values of a dial as places on an axis whose cells are one apart; straight on beyond the
    outer ones, up to the edge of the picture."""
    at, n = np.asarray(dial.values, float), len(dial.values)
    wide = np.r_[2 * at[0] - at[1], at, 2 * at[-1] - at[-2]]
    return np.clip(np.interp(values, wide, np.arange(-1, n + 1)), -0.5, n - 0.5)
