"""Task 31.3: the temperature that makes a network less sure."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number

right = LessonAnswer("31.3")
edit, first = right.edit, right.first

_GRID = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0]
CASES: list[Case] = [
    ([2.0, 2.0, -2.0, 2.0], [1, 0, 0, 1], _GRID),
    ([0.2, -0.3, 0.4, -0.1], [1, 0, 1, 0], _GRID),
    ([3.0, -1.0, 2.0, -4.0, 1.0], [1, 1, 0, 0, 1], [4.0, 1.0, 2.0]),
    ([900.0, -1200.0, 800.0, 40.0], [1, 0, 0, 1], [1.0, 10.0, 100.0, 1000.0]),
    ([800.0, -900.0, 850.0, -1000.0], [1, 0, 0, 0], [2.0, 0.5, 5.0]),
    ([0.0, 0.0], [1, 0], [3.0, 1.0, 2.0]),
    ([17.0, 1.0, 1.0, 1.0], [0, 1, 1, 1], [0.5, 1.0]),
    ([1.5, -0.5, 2.5, 0.5, -1.5], np.array([1, 0, 0, 1, 1], np.uint8), _GRID),
    ([4.0, -3.0, 1.0], np.array([True, False, False]), [0.5, 2.5, 1.5]),
    ([-2.0, -2.0, -2.0, -2.5, 1.0], [0, 0, 1, 0, 0], _GRID),
    ([2.0, 1.0, -1.0], [1, 1, 1], [1.0, 3.0, 0.3]),
    ([50.0], [1], [1.0, 0.5]),
    ([900.0, 1200.0], [1, 1], [2.0, 1.0]),
    ([3000.0, -3000.0], [0, 1], [1.0, 2.0]),
    ([3000.0] * 4, [0, 1, 1, 1], [455.0, 2730.0]),
    ([0.2, -0.2, 1.2, 0.2], np.array([0, 1, 1, 1], np.uint8), _GRID),
    ([0.0, 0.0], [1, 0], [2.0, 3.0, 1.0]),
    ([2.0, 2.0, -2.0, 2.0], [1, 0, 0, 1], [1.78, 1.82]),
    ([60.0] + [1.0] * 30, [0] + [1] * 30, [1.0, 2.0]),  # wrong for sure costs 60, not 34
]

U = "np.where(np.array(labels) == 1, -1.0, 1.0) * np.array(z, float)"
LOSS, BEST, AT = (
    "np.mean(np.logaddexp(0, u / t))",
    "grid[int(np.argmin(losses))]",
    "np.argmin(losses)",
)
LEAST = "np.argmin(np.nan_to_num(losses, nan=np.inf))"
P = "(0.5 * (1 + np.tanh(np.array(z, float) / t / 2)))"
OWN = "1 / (1 + np.exp(u / t))"


def _log_loss(p: str) -> dict[str, str]:
    """The loss of probabilities: y is the label."""
    return {LOSS: f"np.mean(-y * np.log({p}) - (1 - y) * np.log(1 - {p}))"}


LABELS = {"    losses =": "    y = np.array(labels, float)\n    losses ="}

SLIPS = {
    "the log odds are multiplied by the temperature, not divided": edit({"u / t": "u * t"}),
    "the greatest loss is taken, not the least": edit({"argmin": "argmax"}),
    "squared errors are compared, not log losses": edit(LABELS, {LOSS: f"np.mean(({P} - y) ** 2)"}),
    "only the mean prediction is brought to the mean label": edit(
        LABELS, {LOSS: f"abs(np.mean({P} - y))"}
    ),
    "of equal losses the last of the grid is taken, not the first": edit(
        {AT: "len(grid) - 1 - np.argmin(losses[::-1])"}
    ),
    "the grid is sorted first, so of equal losses the least temperature is taken": first(
        "grid = sorted(grid)"
    ),
    "the grid is sorted first, so of equal losses the greatest temperature is taken": first(
        "grid = sorted(grid, reverse=True)"
    ),
    "losses are rounded before they are compared": edit({AT: "np.argmin(np.round(losses, 3))"}),
    "the loss is returned, not the temperature": edit({BEST: "min(losses)"}),
    "the temperature's number in the grid is returned": edit({BEST: AT}),
    "labels are read the wrong way round": edit({"-1.0, 1.0": "1.0, -1.0"}),
    **{
        f"probabilities are cut {at}: a prediction that is surer than that costs no more": edit(
            LABELS, _log_loss(f"np.clip({P}, {edge}, 1 - {edge})")
        )
        for at, edge in (("at 1e-7", 1e-7), ("close to 0 and 1, such as at 1e-15", 1e-15))
    },
    "a probability of exactly 0 or 1 makes a loss infinite: work with the log odds": edit(
        LABELS, _log_loss(P), {AT: LEAST}
    ),
    "the label's probability is 0 and its logarithm infinite: work with the log odds": edit(
        {LOSS: f"-np.mean(np.log({OWN}))"}
    ),
    "log odds are cut: in the thousands they count in full": first("z = np.clip(z, -500, 500)"),
    "subtracting loses the small loss of a sure and right row: take log(1 + e**u) of its own u": (
        edit(
            {
                "    losses =": "    x, y = np.array(z, float), np.array(labels, float)\n"
                "    losses ="
            },
            {LOSS: "np.mean(np.logaddexp(0, x / t) - y * x / t)"},
        )
    ),
    "2 * labels - 1 runs over in eight bits: -1 becomes 255": edit(
        {U: "-(2 * np.array(labels) - 1) * z"}
    ),
    "label 0 makes -labels * z zero: its loss is log(1 + e**u) of u = z / T": edit(
        {U: "-np.array(labels, float) * np.array(z, float)"}
    ),
}

shown = in_one_line(right)


def _read(got: Any, case: Case) -> float:
    if isinstance(got, float) and np.isnan(got):
        reject(f"{shown(case)} must not be nan: infinite less infinite somewhere.")
    return as_number(got, shown(case))


TASK = checked(
    "31.3",
    "Return the temperature of the grid with the least log loss.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Divide the log odds by T, and take the mean log loss of sigmoid(z / T) for each T.",
        "-log sigmoid(u) = log(1 + e**-u); for label 0 it is log(1 + e**u). np.logaddexp(0, u) is "
        "log(1 + e**u) and never overflows.",
        "u = np.where(y == 1, -z, z); loss = np.mean(np.logaddexp(0, u / t)), with z as floats.",
    ),
    insight="One number changes how sure a model is, and no order; a rare class needs an "
    "intercept too.",
    shown=shown,
    read=_read,
)
