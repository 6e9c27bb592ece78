"""Several claims as one picture: an interval a line."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from course_utils.errors import CourseError
from course_utils.evidence import Claim, family_sentence, still_standing
from course_utils.notebook.figures import figure, show

_COLOURS = {"better": "C0", "worse": "C1", "no difference shown": "0.55"}


def forest(title: str, claims: Sequence[Claim]) -> None:
    """Draw claims as a forest plot, and say how many verdicts stand when they are many.

    A line is the 95 % interval of method minus baseline; a hollow end point marks a difference
    that does not stand once it is corrected for the number of verdicts (Holm 1979).

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
    fig, axes = figure(height=0.9 + 0.4 * len(claims), width=8.4)
    for row, (one, stands) in enumerate(zip(claims, still_standing(claims), strict=True)):
        colour = _COLOURS[one.word]
        axes.plot([one.low, one.high], [row, row], color=colour, linewidth=2.5)
        face = colour if stands or one.word == "no difference shown" else "white"
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
    axes.locator_params(axis="x", nbins=6)  # long texts leave little width: more would overlap
    axes.set_yticks(range(len(claims)), [textwrap.fill(one.text, 46) for one in claims])
    side = "right is better" if claims[0].higher_is_better else "left is better"
    axes.set(
        title=title,
        xlabel=f"difference in {claims[0].unit}: {side}",
        ylim=(-0.6, len(claims) - 0.4),
    )
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.locator_params(axis="x", nbins=5)  # long texts at the left leave little width
    lines = "; ".join(f"{one.text}: {one.word}, {one.span}" for one in claims)
    show(fig, alt=f"{title}. Intervals over {claims[0].over}. {lines}.")
    print(family_sentence(claims))
