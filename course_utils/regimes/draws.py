"""Random numbers of the regimes: streams, chances, labels, and tasks that have few of them."""

from __future__ import annotations

import numpy as np

from course_utils.shop.streams import settled

FAMILIES = {
    "shared_bottom": 0,
    "mmoe": 1,
    "ple": 2,
    "scale": 3,
    "direction": 4,
    "capacity": 5,
    "esmm": 6,
    "escm2": 7,
    "aitm": 8,
    "star": 9,
    "pepnet": 10,
    "m2m": 11,
    "hmoe": 12,
    "m3oe": 13,
    "depth_scenarios": 14,
    "depth_tasks": 15,
    "depth_inside": 16,
}
"""The number of a family is part of its seed. A new one takes the next."""


def stream(seed: int, family: int) -> np.random.Generator:
    """The random numbers of a family, by its number, the same on any CPU."""
    key = np.random.SeedSequence(seed, spawn_key=(family,))
    return np.random.Generator(np.random.PCG64(key))


def chance(logits: np.ndarray) -> np.ndarray:
    """1 / (1 + e^-l), rounded so that no CPU's last digit flips a label."""
    return settled(1.0 / (1.0 + np.exp(-logits)))


def happens(draw: np.random.Generator, chances: np.ndarray) -> np.ndarray:
    """Labels with these chances, ``[N]`` bool."""
    return draw.random(len(chances)) < chances


def starved(n: int, n_train: int, n_valid: int, few: int) -> np.ndarray:
    """``[n]`` bool, the sample space of a task with labels on ``few`` training rows.

    And on as many of the validation rows: to choose by is no easier than to learn. Rows of
    the test table all count.
    """
    row = np.arange(n)
    train, valid = row < min(few, n_train), (row >= n_train) & (row < n_train + min(few, n_valid))
    return train | valid | (row >= n_train + n_valid)


def centred(values: np.ndarray) -> np.ndarray:
    """Each row of ``[R, n]`` with mean 0 and deviation 1."""
    return (values - values.mean(1, keepdims=True)) / values.std(1, keepdims=True)
