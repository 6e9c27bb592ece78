"""Randomised tests in a shop: who gets what, and what a difference of two rates is worth."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from course_utils.errors import CourseError

ASSIGNMENTS = 512
"""Bits of one SHA-512 hash."""


def random_assignments(ids: Iterable[str], salt: str) -> np.ndarray:
    """The side of a test that each person is on, the same at each visit: a hash of salt and id.

    Column 0 is enough for one test. The others are as many other tests on the same people.

    Args:
        ids: of the people.
        salt: name of the test; another salt gives another assignment.

    Returns:
        ``[people, ASSIGNMENTS]``, True for the new version.
    """
    digests = [hashlib.sha512(f"{salt}:{one}".encode()).digest() for one in ids]
    return np.unpackbits(
        np.frombuffer(b"".join(digests), np.uint8).reshape(len(digests), -1), axis=1
    ).astype(bool)


def ratio(
    rows: npt.ArrayLike, hits: npt.ArrayLike, groups: npt.ArrayLike | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """A rate of rows, and its standard error with people, not rows, as the independent unit.

    With n people, n_u rows and h_u hits of person u, N rows in all and R = sum h_u / N::

        se^2 = n / (n - 1) * sum (h_u - R n_u)^2 / N^2

    Delta method: A. Deng, U. Knoblich, J. Lu: Applying the Delta Method in Metric Analytics,
    KDD 2018.

    Args:
        rows: ``[people]``, rows of each.
        hits: ``[people]``, rows of each that were clicked.
        groups: ``[people, k]``, True for those who belong to group k; None for one group of all.

    Returns:
        The rates and their standard errors, ``[k]`` each.

    Raises:
        CourseError: if the lengths differ, or a group has fewer than two people or no rows.
    """
    n, h = np.asarray(rows, dtype=float), np.asarray(hits, dtype=float)
    inside = np.ones((len(n), 1)) if groups is None else np.asarray(groups, dtype=float)
    if n.shape != h.shape or len(inside) != len(n):
        raise CourseError(
            f"rows, hits and groups need one entry a person, got {len(n)}, {len(h)} and "
            f"{len(inside)}."
        )
    # A person without rows is not in the experiment.
    people = (n > 0) @ inside
    total, hit, hh, hn, nn = np.stack([n, h, h * h, h * n, n * n]) @ inside
    if (people < 2).any():
        raise CourseError("A group needs two people with rows or more, one has fewer.")
    rate = hit / total
    spread = np.maximum(hh - 2 * rate * hn + rate**2 * nn, 0.0)
    return rate, np.sqrt(people / (people - 1) * spread) / total


def ratio_difference(
    rows: npt.ArrayLike,
    hits: npt.ArrayLike,
    treated: npt.ArrayLike,
    hits_if_treated: npt.ArrayLike | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Rate of the treated minus rate of the others, and its standard error, ``[k]`` each.

    Args:
        rows, hits: as ``ratio``.
        treated: ``[people, k]``, one column a test.
        hits_if_treated: what the treated do, where a simulation knows both; ``hits`` if None.
    """
    treated = np.asarray(treated, dtype=bool)
    other = hits if hits_if_treated is None else hits_if_treated
    new, new_error = ratio(rows, other, treated)
    old, old_error = ratio(rows, hits, ~treated)
    return new - old, np.hypot(new_error, old_error)
