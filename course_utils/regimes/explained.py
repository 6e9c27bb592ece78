"""How much of a truth a sum over columns says, and a sum over pairs of columns."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from course_utils.errors import CourseError


def explained(codes: np.ndarray, scores: np.ndarray) -> dict[str, np.ndarray]:
    """The shares of each score's variance that main effects have, and with all pairs of columns.

    Where columns are drawn independently, the least squares fit of a free effect for each value
    of each column is the sum of conditional means, and its variance the sum of theirs; likewise
    with a free effect for each pair of values (Hoeffding's decomposition). The variance of
    conditional means is estimated without the part that the finite sample adds, so a share near
    0 may come out a little below it.

    Args:
        codes: ``[n, C]`` whole numbers from 0, columns drawn independently of each other.
        scores: ``[F, n]``, for instance the logits of F markets without noise.

    Returns:
        ``main`` and ``pairs``, each ``[F]``; ``pairs`` holds the main effects too.

    Raises:
        CourseError: if there are fewer than ten rows for each pair of values.
    """
    sizes = codes.max(0) + 1
    most = int(np.prod(np.sort(sizes)[-2:]))
    if len(codes) < 10 * most:
        raise CourseError(
            f"Two columns have {most} pairs of values, and {len(codes)} rows are too few to tell "
            f"what pairs explain: give {10 * most} rows or more."
        )
    main, pairs = [], []
    for score in scores:
        alone = [_between(codes[:, c], score) for c in range(len(sizes))]
        joint = [
            _between(codes[:, i] * sizes[j] + codes[:, j], score) - alone[i] - alone[j]
            for i, j in combinations(range(len(sizes)), 2)
        ]
        main.append(sum(alone) / score.var())
        pairs.append((sum(alone) + sum(joint)) / score.var())
    return {"main": np.array(main), "pairs": np.array(pairs)}


def _between(cell: np.ndarray, score: np.ndarray) -> float:
    """The variance of the cells' true means, by analysis of variance."""
    n, count = len(cell), np.bincount(cell)
    sums, count = np.bincount(cell, score)[count > 0], count[count > 0]
    between = (sums**2 / count).sum() - n * score.mean() ** 2
    within = (n * score.var() - between) / (n - len(count))
    return float((between - (len(count) - 1) * within) / n)
