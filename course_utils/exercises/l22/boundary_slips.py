"""Lesson 22: what goes wrong in task 22.6, as functions that do it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from course_utils.exercises.l22.boundary_line import (
    Between,
    Cells,
    Slip,
    crossings,
    first,
    line_of,
    right_boundary,
    straight,
)


def by(between: Between) -> Slip:
    return lambda cells, across: first(crossings(line_of(cells, across), between))


def unsorted(cells: Cells, across: float) -> float:
    return first(crossings([(up, gain) for at, up, gain in cells if at == across]))


def all_cells(cells: Cells, across: float) -> float:
    return first(crossings(sorted((up, gain) for _, up, gain in cells)))


def last_crossing(cells: Cells, across: float) -> float:
    return first(crossings(line_of(cells, across))[::-1])


def mean_of_crossings(cells: Cells, across: float) -> float:
    found = crossings(line_of(cells, across))
    return float(np.mean(found)) if found else np.nan


def one_way(sign: int) -> Slip:
    """Only where the gain rises, or only where it falls."""

    def slip(cells: Cells, across: float) -> float:
        line = line_of(cells, across)
        found = [straight(u, g, v, h) for (u, g), (v, h) in pairwise(line)
                 if g * h < 0 and sign * (h - g) > 0]  # fmt: skip
        return first(found + [up for up, gain in line if gain == 0])

    return slip


def nearest_zero(cells: Cells, across: float) -> float:
    line = line_of(cells, across)
    return float(min(line, key=lambda one: abs(one[1]))[0]) if line else np.nan


def first_above(cells: Cells, across: float) -> float:
    return first([up for up, gain in line_of(cells, across) if gain > 0])


def whole_line(cells: Cells, across: float) -> float:
    """Only the two ends of the line are joined."""
    line = line_of(cells, across)
    return first(crossings([line[0], line[-1]])) if line else np.nan


def fitted(cells: Cells, across: float) -> float:
    """The zero of the straight line that fits all cells best."""
    line = line_of(cells, across)
    ups, gains = np.array(line).reshape(-1, 2).T
    slope, start = np.polyfit(ups, gains, 1) if len(line) > 1 else (np.nan, np.nan)
    return float(-start / slope)


def extrapolated(cells: Cells, across: float) -> float:
    """Where nothing crosses the first two cells are drawn on."""
    line = line_of(cells, across)
    found = crossings(line)
    if found or len(line) < 2 or line[0][1] == line[1][1]:
        return first(found)
    return straight(*line[0], *line[1])


def interpolated(cells: Cells, across: float) -> float:
    """np.interp(0, gains, ups): it wants gains in rising order, and never gives nan."""
    line = sorted((gain, up) for up, gain in line_of(cells, across))
    return float(np.interp(0, *np.array(line).T)) if line else np.nan


def interpolated_by_up(cells: Cells, across: float) -> float:
    """The same with the gains in the order of up, where they need not rise."""
    line = line_of(cells, across)
    ups, gains = np.array(line).reshape(-1, 2).T
    return float(np.interp(0, gains, ups)) if line else np.nan


def by_index(cells: Cells, across: float) -> float:
    """The place in the list of ups, not the up."""
    line = [(float(at), gain) for at, (_, gain) in enumerate(line_of(cells, across))]
    return first(crossings(line))


def by_logarithm(u: float, g: float, v: float, h: float) -> float:
    if min(u, v) <= 0:
        return np.nan
    return float(np.exp(straight(np.log(u), g, np.log(v), h)))


def no_zeros(cells: Cells, across: float) -> float:
    return first(crossings(line_of(cells, across), zeros=False))


def touching_is_none(cells: Cells, across: float) -> float:
    """A 0 counts only where the gain has another sign behind it."""
    line = [one for one in line_of(cells, across) if one[1] != 0]
    return right_boundary([(across, *one) for one in line], across)


def truth_of_zero(cells: Cells, across: float) -> float:
    """``found or np.nan``."""
    return right_boundary(cells, across) or np.nan


def nearly_zero(cells: Cells, across: float) -> float:
    near = [(at, up, 0.0 if abs(gain) < 1e-12 else gain) for at, up, gain in cells]
    return right_boundary(near, across)


def end_of_zeros(cells: Cells, across: float) -> float:
    """Of several zeros side by side the last."""
    line = line_of(cells, across)
    found = right_boundary(cells, across)
    for (_, g), (v, h) in pairwise(line):
        if g == 0 and h == 0:
            found = v
    return found


def zero_for_nan(cells: Cells, across: float) -> float:
    found = right_boundary(cells, across)
    return 0.0 if np.isnan(found) else found


def end_for_nan(cells: Cells, across: float) -> float:
    line, found = line_of(cells, across), right_boundary(cells, across)
    return line[-1][0] if line and np.isnan(found) else found


MISTAKES: dict[str, Slip] = {
    "the cells are not sorted by up: neighbours in the list need not be neighbours on the dial": (
        unsorted
    ),
    "the cells of other values of across are used as well": all_cells,
    "the last crossing is returned, not the one at the smallest up": last_crossing,
    "the mean of all crossings is returned": mean_of_crossings,
    "only a gain that rises through 0 counts: it may fall through 0 too": one_way(1),
    "only a gain that falls through 0 counts: it may rise through 0 too": one_way(-1),
    "the cell whose gain is nearest to 0 is returned, not the zero between two cells": nearest_zero,
    "the first cell with a gain above 0 is returned, not the zero between two cells": first_above,
    "the middle between the two neighbours is returned: weigh them by their gains": by(
        lambda u, g, v, h: (u + v) / 2
    ),
    "the weights of the two neighbours are exchanged": by(
        lambda u, g, v, h: v + (u - v) * g / (g - h)
    ),
    "the cell before the crossing is returned": by(lambda u, g, v, h: u),
    "the cell behind the crossing is returned": by(lambda u, g, v, h: v),
    "the line is drawn over the logarithm of up": by(by_logarithm),
    "only the first and the last cell are joined": whole_line,
    "one straight line is fitted to all cells: join neighbours": fitted,
    "np.interp over the gains is used: it needs gains that rise, and gives an end where nothing "
    "crosses": interpolated,
    "np.interp is used on gains in the order of up, where they need not rise": interpolated_by_up,
    "the number in the sorted list is returned, not the up": by_index,
    "a line is drawn on beyond the cells: what is not between cells is nan": extrapolated,
    "a gain of exactly 0 is missed": no_zeros,
    "a gain of exactly 0 counts only where the sign changes there: the line is 0 there in any "
    "case": touching_is_none,
    "of several gains of 0 the last is returned": end_of_zeros,
    "a boundary at 0 is taken for none, as `found or np.nan` does: 0 is false": truth_of_zero,
    "a gain that is nearly 0 is taken for 0: only exactly 0 counts": nearly_zero,
    "0 stands in place of nan: it says that the boundary lies at 0": zero_for_nan,
    "where nothing crosses the last up is returned": end_for_nan,
}
