"""A forest of claims: each sign that is drawn is explained, and told in the alt text."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import matplotlib.pyplot as plt
import pytest

from course_utils.errors import CourseError
from course_utils.evidence import Claim
from course_utils.notebook import forest

STANDS = Claim("99.a", "A orders better than B", 0.02, 0.03, 10)
FALLS = Claim("99.b", "A orders better than C", -0.05, -0.0004, 10)
GREY = Claim("99.c", "A orders better than D", -0.01, 0.02, 10)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[Any, str]]]:
    """The figures that a forest shows, each with its alt text."""
    found: list[tuple[Any, str]] = []
    module = importlib.import_module("course_utils.notebook.forest")
    monkeypatch.setattr(module, "show", lambda fig, alt: found.append((fig, alt)))
    yield found
    plt.close("all")


@pytest.mark.parametrize(
    ("claims", "signs"),
    [
        ([STANDS, STANDS], []),
        ([STANDS, GREY], ["no difference shown"]),
        ([STANDS, FALLS, FALLS], ["falls after Holm's correction"]),
        ([STANDS, FALLS, GREY], ["no difference shown", "falls after Holm's correction"]),
    ],
)
def test_the_legend_has_the_signs_that_occur(
    shown: list[tuple[Any, str]], claims: list[Claim], signs: list[str]
) -> None:
    forest("A and others", claims)
    [(fig, alt)] = shown
    assert [text.get_text() for one in fig.legends for text in one.get_texts()] == signs
    dots = [line for line in fig.axes[0].get_lines() if line.get_marker() == "o"]
    hollow = [line.get_markerfacecolor() == "white" for line in dots]
    assert hollow == [one is FALLS for one in claims]
    assert ("worse, falls after the correction, -0.0500" in alt) == (FALLS in claims)


def test_what_falls_is_said_below(
    shown: list[tuple[Any, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    forest("A and others", [STANDS, FALLS, GREY, GREY])
    assert capsys.readouterr().out == (
        "4 verdicts: 1 better, 1 worse, 2 no difference shown.\n"
        "After Holm's correction for 4 verdicts 1 of the 2 differences stands. This one falls: A "
        "against C (worse).\n"
    )


def test_the_legend_hides_nothing(shown: list[tuple[Any, str]]) -> None:
    """It stands below the axis and its label, inside the figure."""
    forest("A and others", [STANDS, FALLS, GREY, GREY])
    [(fig, _)] = shown
    fig.draw_without_rendering()
    [legend] = fig.legends
    box, axis = legend.get_window_extent(), fig.axes[0].xaxis.get_tightbbox()
    assert box.y1 <= axis.y0 and box.y0 >= 0 and box.x0 >= 0 and box.x1 <= fig.bbox.x1


def test_two_units_share_no_axis() -> None:
    other = Claim("99.d", "A orders better than E", 0.1, 0.2, 10, unit="log loss")
    with pytest.raises(CourseError, match=r"one axis.*AUC, log loss"):
        forest("A and others", [STANDS, other])
