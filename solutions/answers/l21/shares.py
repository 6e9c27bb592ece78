"""Task 21.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l21.shares import (
    divided,
    drawn_rows,
    empty_too,
    equal_with_empty,
    no_total,
    not_normalised,
    of_the_mean,
    powers,
    right_shares,
    softmax,
    turned_round,
)


def _with_numpy(rows: dict[str, int], temperature: float) -> dict[str, Any]:
    n = np.array(list(rows.values()), float)
    weight = np.where(n > 0, n ** (1 / temperature), 0.0)
    share = weight / weight.sum()
    times = np.divide(share * n.sum(), n, out=np.zeros_like(n), where=n > 0)
    return dict(zip(rows, np.stack([share, times], axis=1), strict=True))


def _with_logarithms(rows: dict[str, int], temperature: float) -> dict[str, Any]:
    known = {name: np.log(n) / temperature for name, n in rows.items() if n}
    largest = max(known.values())
    weight = {name: np.exp(one - largest) for name, one in known.items()}
    total = sum(weight.values())
    found: dict[str, Any] = {name: [0.0, 0] for name in rows}
    for name, one in weight.items():
        found[name] = [one / total, one / total / (rows[name] / sum(rows.values()))]
    return found


def _rounded(rows: dict[str, int], temperature: float) -> dict[str, Any]:
    found = right_shares(rows, temperature)
    return {name: (round(share, 2), round(times, 2)) for name, (share, times) in found.items()}


PROOF = Proof(
    task="21.5",
    right=[_with_numpy, _with_logarithms],
    wrong=[
        Wrong(powers, "to the power of the temperature", silent=True),
        Wrong(divided, "which changes no share", silent=True),
        Wrong(softmax, "a softmax over the counts", silent=True),
        Wrong(empty_too, "0 ** 0 is 1", silent=True),
        Wrong(equal_with_empty, "without rows count at an infinite", silent=True),
        Wrong(not_normalised, "do not sum to 1", silent=True),
        Wrong(drawn_rows, "how many rows are drawn: divide", silent=True),
        Wrong(turned_round, "is turned round", silent=True),
        Wrong(no_total, "forgets how many rows", silent=True),
        Wrong(of_the_mean, "the share once more", silent=True),
        Wrong(_rounded, "the entry 'home' must be (0.75, 0.83333", silent=True),
        Wrong(
            lambda rows, t: {k: v[0] for k, v in right_shares(rows, t).items()},
            "must be (share, times)",
        ),
        Wrong(
            lambda rows, t: {k: v for k, v in right_shares(rows, t).items() if rows[k]},
            "no entry for 'mail'",
        ),
    ],
)
