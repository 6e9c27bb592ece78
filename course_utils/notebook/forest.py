"""Several claims as one picture: an interval a line."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from course_utils.errors import CourseError
from course_utils.evidence import FALLS, Claim, family_sentence, still_standing
from course_utils.notebook.figures import figure, show

_COLOURS = {"better": "C0", "worse": "C1", "no difference shown": "0.55"}


def forest(title: str, claims: Sequence[Claim]) -> None:
    """Draw claims as a forest plot, and say how many verdicts stand when they are many.

    A line is the 95 % interval of method minus baseline. Grey means *no difference shown*; a hollow
    dot, a difference that does not stand once it is corrected for the number of verdicts (Holm
    1979). Where one of the two occurs, a legend below the axis says so.

    Args:
        title: of the figure.
        claims: two or more, in one unit, and either all of scores or all of errors.

    Raises:
        CourseError: if they do not share one axis.
    """
    units = {(one.unit, one.higher_is_better) for one in claims}
    if len(units) > 1:
        raise CourseError(
            "A forest plot has one axis: draw one for each unit, got "
            f"{', '.join(sorted(unit for unit, _ in units))}."
        )
    grey = [one.word == "no difference shown" for one in claims]
    standing = still_standing(claims)
    hollow = [not (stands or is_grey) for stands, is_grey in zip(standing, grey, strict=True)]
    texts = [textwrap.fill(one.text, 46) for one in claims]
    most = 1 + max(text.count("\n") for text in texts)
    fig, axes = figure(height=0.9 + max(0.4, 0.2 * most) * len(claims), width=8.4)
    for row, (one, falls) in enumerate(zip(claims, hollow, strict=True)):
        colour = _COLOURS[one.word]
        axes.plot([one.low, one.high], [row, row], color=colour, linewidth=2.5)
        face = "white" if falls else colour
        middle = (one.low + one.high) / 2
        axes.plot(middle, row, "o", color=colour, markerfacecolor=face, markersize=7)
        axes.annotate(
            one.word,
            (1.01, row),
            xycoords=("axes fraction", "data"),
            va="center",
            color=colour,
            annotation_clip=False,
        )
    axes.axvline(0, color="0.3", linewidth=1)
    axes.set_yticks(range(len(claims)), texts)
    side = "right is better" if claims[0].higher_is_better else "left is better"
    axes.set(
        title=textwrap.fill(title, 60),
        xlabel=f"difference in {claims[0].unit}: {side}",
        ylim=(-0.6, len(claims) - 0.4),
    )
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.locator_params(axis="x", nbins=5)  # long texts at the left leave little width
    _explain(fig, grey=any(grey), hollow=any(hollow))
    lines = "; ".join(
        f"{one.text}: {one.word}{FALLS if falls else ''}, {one.span}"
        for one, falls in zip(claims, hollow, strict=True)
    )
    over = " or ".join(dict.fromkeys(claim.over for claim in claims))
    show(fig, alt=f"{title}. Intervals over {over}. {lines}.")
    print(family_sentence(claims))


def _explain(fig: Any, grey: bool, hollow: bool) -> None:
    """A legend below the axis of the signs that occur, and room for it."""
    from matplotlib.lines import Line2D

    signs = []
    if grey:
        said = "no difference shown"
        signs.append(Line2D([], [], color=_COLOURS[said], marker="o", markersize=7, label=said))
    if hollow:
        said = "falls after Holm's correction"
        signs.append(
            Line2D([], [], color="0.2", lw=0, marker="o", mfc="white", markersize=7, label=said)
        )
    if signs:
        fig.set_figheight(fig.get_figheight() + 0.3)
        fig.legend(handles=signs, loc="outside lower right", ncols=2, fontsize=9)
