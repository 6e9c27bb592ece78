"""Lesson 25: what its checks share: places, and AUC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.reading import as_list, is_whole
from course_utils.exercises.theirs import shorten


@dataclass(frozen=True)
class Places:
    """Numbers of rows, compared and shown as a whole."""

    at: tuple[int, ...]

    def __repr__(self) -> str:
        return str(list(self.at))


def places(got: Any, told: str) -> Places:
    """Whole numbers from a list or an array, else reject."""
    found = as_list(got, told)
    if not all(map(is_whole, found)):
        reject(f"{told} must be a list of whole numbers, got {shorten(found)}.")
    return Places(tuple(int(one) for one in found))


def auc_of(label: Sequence[float], score: Sequence[float], tie: float = 0.5) -> float:
    """How often a random positive stands above a random negative."""
    y, s = np.asarray(label), np.asarray(score, dtype=float)
    apart = s[y == 1][:, None] - s[y == 0][None, :]
    return float(((apart > 0) + tie * (apart == 0)).mean())
