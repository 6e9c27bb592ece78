"""Random numbers of the regimes: streams, chances, labels, and tasks that have few of them."""

from __future__ import annotations

import numpy as np

from course_utils.shop.streams import settled

FAMILIES = (
    "shared_bottom",
    "mmoe",
    "ple",
    "scale",
    "direction",
    "capacity",
    "esmm",
    "escm2",
    "aitm",
    "star",
    "pepnet",
    "m2m",
    "hmoe",
    "m3oe",
)
"""Append only: a family's place in this list is part of its seed."""


def stream(seed: int, family: str) -> np.random.Generator:
    """The random numbers of a family, the same on any CPU."""
    key = np.random.SeedSequence(seed, spawn_key=(FAMILIES.index(family),))
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
