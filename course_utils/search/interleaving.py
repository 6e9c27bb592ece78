"""Two rankings in one list: which of them do clicks prefer?"""

from __future__ import annotations

import numpy as np

from course_utils.errors import CourseError


def team_draft(
    first: np.ndarray, second: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Team-draft interleaving (Radlinski, Kurup and Joachims 2008), all searches at once.

    As two captains choose their teams: who has fewer players chooses next, chance decides where
    both have as many; each takes the best that is left on the own list. A click counts for the
    team that chose the product.

    Args:
        first, second: best first, ``[searches, k]``: in each row the same k products, numbered
            0 to k - 1, in two orders.
        rng: decides where both have as many.

    Returns:
        What is shown, ``[searches, k]``, and who chose it, 0 for ``first`` and 1 for ``second``.

    Raises:
        CourseError: if a row is not an order of 0 to k - 1.
    """
    n, k = first.shape
    for order in (first, second):
        if order.shape != (n, k) or (np.sort(order, axis=1) != np.arange(k)).any():
            raise CourseError(f"Each row must hold the numbers 0 to {k - 1} once, in some order.")
    row = np.arange(n)
    shown, team = np.empty((n, k), dtype=int), np.empty((n, k), dtype=int)
    taken = np.zeros((n, k), dtype=bool)
    lead = np.zeros(n, dtype=int)  # players of the first team minus those of the second
    for at in range(k):
        turn = np.where(lead == 0, rng.random(n) < 0.5, lead > 0).astype(int)
        orders = np.where(turn[:, None] == 0, first, second)
        chosen = orders[row, np.argmin(np.take_along_axis(taken, orders, axis=1), axis=1)]
        shown[:, at], team[:, at] = chosen, turn
        taken[row, chosen] = True
        lead += 1 - 2 * turn
    return shown, team
