"""Which setting a contender gets: the same number of trials for all, and a search that may go on.

The first trial is the middle of the grid. Three eighths are spread over it, each value of each
setting about equally often; the others go on from the best so far, one step up or down in one
setting. So a grid may be wide, and a best setting at its edge is rare; where it happens,
``at_edge`` tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from sklearn.model_selection import ParameterGrid

from course_utils.comparison.contender import DRAW, Trial

Grid = Mapping[str, Sequence[Any]]


def search(grid: Grid, n: int, loss_of: Callable[[Trial], float]) -> list[tuple[float, Trial]]:
    """Up to ``n`` settings and their losses, the best one first.

    Args:
        grid: setting -> its values, from the least to the greatest.
        loss_of: what a setting costs, by validation rows; infinite where it diverged.
    """
    whole = prod(map(len, grid.values())) <= n
    apart = [one for one in spread(grid, 3 * n // 8) if one != middle(grid)]
    first = list(ParameterGrid(dict(grid))) if whole else [middle(grid), *apart]
    tried = [(loss_of(one), one) for one in first]
    draw = np.random.Generator(np.random.PCG64(DRAW))
    while not whole and len(tried) < n:
        tried.sort(key=lambda each: each[0])
        # From the best, or where all its neighbours are known, from the next one.
        known = {str(one) for _, one in tried}
        around = ([one for one in steps(grid, of) if str(one) not in known] for _, of in tried)
        new = next(one for one in around if one)
        trial = new[int(draw.integers(len(new)))]
        tried.append((loss_of(trial), trial))
    return sorted(tried, key=lambda each: each[0])


def middle(grid: Grid) -> Trial:
    """Each setting at the middle of its values, the lower one of two."""
    return {name: values[(len(values) - 1) // 2] for name, values in grid.items()}


def spread(grid: Grid, n: int) -> list[Trial]:
    """``n`` settings or fewer; each value of a setting comes n / (number of values) times."""
    draw = np.random.Generator(np.random.PCG64(DRAW))
    places = {
        name: draw.permutation(np.arange(n) * len(values) // n) for name, values in grid.items()
    }
    trials = [{name: grid[name][places[name][k]] for name in grid} for k in range(n)]
    return list({str(one): one for one in trials}.values())


def steps(grid: Grid, trial: Trial) -> list[Trial]:
    """All settings that differ in one value, by one place of the grid."""
    found: list[Trial] = []
    for name, values in grid.items():
        place = list(values).index(trial[name])
        for other in (place - 1, place + 1):
            if 0 <= other < len(values):
                found.append({**trial, name: values[other]})
    return found


def at_edge(grid: Grid, trial: Trial) -> list[str]:
    """The settings whose value is the least or greatest of three or more, but a least of 0."""
    found = []
    for name, values in grid.items():
        value = trial[name]
        ends = [values[-1]] if values[0] == 0 else [values[0], values[-1]]
        if len(values) > 2 and value in ends:
            found.append(name)
    return found
