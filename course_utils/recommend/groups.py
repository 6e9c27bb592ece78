"""Groups of people, to judge a model on each: pairs for an interval where there is one data set."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def groups(people: npt.ArrayLike, n: int = 5, seed: int = 0) -> list[np.ndarray]:
    """People in ``n`` random groups, whose sizes differ by one at most.

    Groups share a trained model, so an interval over them tells about people, not about
    training again, nor about another shop.

    Args:
        people: ids or row numbers, each once.
        n: how many groups, 1 or more.
        seed: of the order.
    """
    return np.array_split(np.random.default_rng(seed).permutation(np.asarray(people)), n)
