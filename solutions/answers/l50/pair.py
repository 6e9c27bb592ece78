"""Task 50.11: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l50.pair import MISTAKES, Numbers, pair


def _by_loops(p_segment: Numbers, p_family: Numbers, parent: Numbers) -> Any:
    rows = []
    for s, f in zip(p_segment.tolist(), p_family.tolist(), strict=True):
        best = max(range(len(parent)), key=lambda k: s[parent[k]] * f[k])
        rows.append((int(parent[best]), best))
    return rows


def _by_logs(p_segment: Numbers, p_family: Numbers, parent: Numbers) -> Any:
    joint = np.log(p_segment) @ (np.arange(p_segment.shape[1])[:, None] == parent)
    family = np.argmax((joint + np.log(p_family)).round(12), axis=1)
    return np.stack([parent[family], family], axis=1)


def _one_family_each(p_segment: Numbers, p_family: Numbers, parent: Numbers) -> Any:
    return pair(p_segment, p_family, parent)[:, 1]


PROOF = Proof(
    task="50.11",
    right=[_by_loops, _by_logs],
    wrong=[
        *(Wrong(answer, f"{says}.", silent=True) for says, answer in MISTAKES.items()),
        Wrong(_one_family_each, "must have shape (1, 2)"),
        Wrong(lambda s, f, parent: pair(s, f, parent) + 1, "must be 0, got 1", silent=True),
    ],
)
