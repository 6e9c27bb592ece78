"""Lesson 25: what its checks share: calls as text, and AUC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Case = tuple[Any, ...]


def code_of(value: Any) -> str:
    """A value as the code that makes it."""
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()})"
    return repr(value)


def call_of(name: str, case: Case) -> str:
    return f"{name}({', '.join(map(code_of, case))})"


def with_lines(case: Case, *names: str) -> str:
    """The arguments of a long call, one a line."""
    lines = [f"    {name} = {code_of(one)}" for name, one in zip(names, case, strict=True)]
    return "With\n" + "\n".join(lines) + "\n"


def auc_of(label: Sequence[float], score: Sequence[float], tie: float = 0.5) -> float:
    """How often a random positive stands above a random negative."""
    y, s = np.asarray(label), np.asarray(score, dtype=float)
    apart = s[y == 1][:, None] - s[y == 0][None, :]
    return float(((apart > 0) + tie * (apart == 0)).mean())
