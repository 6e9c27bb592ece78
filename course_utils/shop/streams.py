"""Random streams: each table has its own, so that a new table never changes an old one."""

from __future__ import annotations

import numpy as np

TABLES = (
    "users",
    "products",
    "leniency",
    "purchases",
    "ratings",
    "funnel",
    "impressions",
    "facts",
    "listings",
    "queries",
    "engine",
    "scenarios",
    "people",
    "weather",
    "log",
    "reviews",
    "returns",
    "momentum",
    "content",
    "mentions",
    "delivery",
    "views",
    "visible",
    "markets",
    "market_rows",
)
"""Append only: a table's place in this list is part of its seed."""


def stream(seed: int, table: str, block: int = 0) -> np.random.Generator:
    """The generator of one table, or of one block of rows of it.

    The same arguments give the same numbers on any CPU: PCG64 works on integers, and
    ``SeedSequence`` keeps children apart by their key.
    """
    key = (TABLES.index(table), block)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


def settled(values: np.ndarray) -> np.ndarray:
    """Values rounded to 6 decimals.

    ``exp`` and matrix products may differ in the last digit between CPUs. Whatever decides
    a draw is rounded first, so that the last digit cannot flip a label.
    """
    return np.round(values, 6)
