"""Lesson 24: what its checks share: calls as text, and AUC."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import rankdata

Case = tuple[Any, ...]


def code_of(value: Any) -> str:
    """A value as the code that makes it."""
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {code_of(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return f"({', '.join(map(code_of, value))})"
    if isinstance(value, list):
        return f"[{', '.join(map(code_of, value))}]"
    return repr(value)


def call_of(name: str, case: Case) -> str:
    return f"{name}({', '.join(map(code_of, case))})"


def with_lines(case: Case, *names: str) -> str:
    """The arguments of a long call, one a line."""
    lines = [f"    {name} = {code_of(one)}" for name, one in zip(names, case, strict=True)]
    return "With\n" + "\n".join(lines) + "\n"


def auc_of(y: np.ndarray, scores: np.ndarray) -> float:
    """How often a random positive stands above a random negative, a tie counting half."""
    y = y == 1
    ranks, n = rankdata(scores), int(y.sum())
    return float((ranks[y].sum() - n * (n + 1) / 2) / (n * (len(y) - n)))
