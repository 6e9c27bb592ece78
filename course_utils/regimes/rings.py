"""Likeness of customer and product: what no sum of single columns can say."""

from __future__ import annotations

import numpy as np


def places(draw: np.random.Generator, rings: int, size: int) -> np.ndarray:
    """Where each value of a column stands on each ring, ``[rings, size]`` angles.

    A ring is one taste, say colour or style. Values stand evenly spaced, in random order.
    """
    order = np.stack([draw.permutation(size) for _ in range(rings)])
    return order * (2.0 * np.pi / size)


def likeness(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """sqrt(2) cos(one - other): mean 0 over all places of either, so a column alone says nothing.

    Its deviation over all pairs is 1.
    """
    return np.sqrt(2.0) * np.cos(one - other)
