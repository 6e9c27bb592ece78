"""Task 22.6: where along a dial the gain crosses zero."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.engine import Task
from course_utils.exercises.l22.boundary_line import Cells, right_boundary
from course_utils.exercises.l22.boundary_slips import MISTAKES
from course_utils.exercises.l22.shared import compare_numbers

Case = tuple[Cells, float]

MAP: Cells = [
    (400, 1.0, 0.08), (150, 0.0, -0.02), (1200, 0.5, 0.03), (400, 0.0, -0.03), (1200, 0.0, -0.06),
    (150, 1.0, 0.06), (400, 0.5, 0.01), (1200, 1.0, 0.09), (150, 0.5, -0.01),
]  # fmt: skip

ORDINARY: list[Case] = [
    ([(400, 0.0, -0.03), (400, 1.0, 0.01)], 400),
    (MAP, 150),
    (MAP, 400),
    (MAP, 1200),
    # Steps of different lengths, and gains that do not rise all the way.
    ([(1, 10, 0.04), (1, 80, -0.01), (1, 20, 0.05), (1, 40, 0.03), (2, 30, -0.5)], 1),
    # Two crossings: down, and up again.
    ([(0.5, 4, 0.02), (0.5, 1, 0.03), (0.5, 2, -0.01), (0.5, 3, -0.02)], 0.5),
    ([(0.5, 3, 0.02), (0.5, 1, -0.03), (0.5, 2, 0.01), (0.5, 4, -0.02), (0.5, 0, -0.01)], 0.5),
    ([(7, -2.0, -1e-4), (7, -1.0, 3e-4), (7, -3.0, -5e-4)], 7.0),
    ([(9, 0.001, -0.01), (9, 0.004, 0.06), (9, 0.002, 0.02)], 9),
    # Small, and neither equal nor 0.
    ([(2e-9, 1, -0.1), (1e-9, 0, -1e-9), (1e-9, 1, 3e-9), (2e-9, 0, 0.2)], 1e-9),
    ([(1, 9, 0.3), (1, 10, -0.1), (1, 100, -0.2)], 1),
]  # fmt: skip

CASES: list[Case] = [
    *ORDINARY,
    # A gain of exactly 0: in the middle, touched, at either end, twice.
    ([(3, 0.2, -0.01), (3, 0.4, 0.0), (3, 0.6, 0.02)], 3),
    ([(3, 0.6, 0.02), (3, 0.4, 0.0), (3, 0.2, 0.01)], 3),
    ([(3, 0.6, 0.02), (3, 0.4, 0.01), (3, 0.2, 0.0)], 3),
    ([(3, 0.6, 0), (3, 0.4, -1), (3, 0.2, -2)], 3),
    ([(3, 0.2, 0.01), (3, 0.4, 0.0), (3, 0.6, 0.0), (3, 0.8, -0.01)], 3),
    ([(3, 0.2, 0.0)], 3),
    # Two zeros begin the line; a zero at an up of 0; nearly 0, and not 0.
    ([(3, 0.2, 0.0), (3, 0.4, 0.0), (3, 0.6, 0.01)], 3),
    ([(3, 0.0, 0.0), (3, 0.5, 0.02)], 3),
    ([(3, 0.0, 1e-13), (3, 1.0, 0.5)], 3),
    # A crossing before a 0, and a 0 before a crossing.
    ([(3, 0.6, 0.0), (3, 0.2, -0.01), (3, 0.4, 0.03)], 3),
    ([(3, 0.6, -0.01), (3, 0.2, 0.0), (3, 0.4, 0.03)], 3),
    # None crosses: all above, all below, one cell, no cell.
    ([(2, 0.1, 0.01), (2, 0.9, 0.05), (2, 0.5, 0.03), (4, 0.5, -0.01)], 2),
    ([(2, 0.1, -0.05), (2, 0.9, -0.01)], 2),
    ([(2, 0.1, 0.05), (3, 0.2, -0.05)], 2),
    (MAP, 800),
    ([], 1),
]


def check_boundary(answer: Any) -> None:
    for cases in (ORDINARY, CASES):  # a slip shows on plain maps before an edge hides it
        compare_numbers(answer, "boundary", ("cells", "across"), cases, right_boundary, MISTAKES)


TASK = Task(
    id="22.6",
    prompt="Return the smallest `up` at which the line through the cells' gains is 0, or nan.",
    check_answer=check_boundary,
    hints=(
        "First one sorted list: the (up, gain) of the cells with this `across`. Then look at "
        "neighbours.",
        "Between (u, g) and (v, h) with gains of different signs the line is 0 at u + (v - u) * g "
        "/ (g - h). A gain that is 0 is a crossing by itself.",
        "Walk along the line. At each (v, h): if the cell before it, (u, g), has g * h < 0, return "
        "u + (v - u) * g / (g - h); if h == 0, return v. At the end return np.nan.",
    ),
    insight="A boundary between cells is a guess by a straight line; outside the cells there is "
    "none.",
)
