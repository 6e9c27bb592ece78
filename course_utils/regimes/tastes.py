"""Tastes that add up: each is a sum of one effect a column."""

from __future__ import annotations

import numpy as np

from course_utils.regimes.draws import centred


def added_tastes(
    draw: np.random.Generator, tastes: int, columns: int, groups: int, n: int
) -> tuple[np.ndarray, np.ndarray]:
    """n rows of categorical columns, and what each taste says of them.

    taste_r = sum over columns c of effect_rc[value of c], of deviation 1 over all rows.

    Args:
        groups: values of a column, all as frequent.

    Returns:
        codes ``[n, columns]`` and tastes ``[tastes, n]``.
    """
    effects = centred(draw.normal(size=(tastes * columns, groups))) / np.sqrt(columns)
    codes = draw.integers(groups, size=(n, columns))
    effects = effects.reshape(tastes, columns, groups)
    return codes, effects[:, np.arange(columns), codes].sum(2)
