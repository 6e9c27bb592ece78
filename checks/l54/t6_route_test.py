"""54.6: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np

from checks.l54.t6_route import right
from checks.proof import Proof, Wrong

GUARD = "len(scenario) and not (scenario.min() >= 0 and scenario.max() < len(towers))"
unchecked = right.edit({GUARD: "False", "np.empty": "np.zeros"})


def _written_back(x: Any, scenario: Any, towers: Any) -> Any:
    """All rows at once."""
    if not set(scenario.tolist()) <= set(range(len(towers))):
        raise ValueError(scenario)
    return np.einsum("nd,nd->n", x, towers[scenario])


def _sorted_back(x: Any, scenario: Any, towers: Any) -> Any:
    if any(not 0 <= int(one) < len(towers) for one in scenario):
        raise ValueError("scenario")
    order = np.argsort(scenario, kind="stable")
    found = np.concatenate([x[scenario == i] @ tower for i, tower in enumerate(towers)])
    return found[np.argsort(order)].tolist()


def _indexed(x: Any, scenario: Any, towers: Any) -> Any:
    """-1 is the last tower."""
    if len(scenario) and max(scenario) >= len(towers):
        raise ValueError
    return (x * towers[scenario]).sum(axis=1)


PROOF = Proof(
    task="54.6",
    right=[_written_back, _sorted_back],
    wrong=[
        Wrong(unchecked, "and it returns: there is no tower", silent=True),
        Wrong(_indexed, "np.array([-1, 0])", silent=True),
        Wrong(right.returning("result.astype(x.dtype)"), "np.uint8", silent=True),
        # Knows of -1, not of -2.
        Wrong(
            right.edit({GUARD: "(scenario >= len(towers)).any() or -1 in scenario"}),
            "np.array([1, -2, 0])",
            silent=True,
        ),
        # Looks at the first and the last row.
        Wrong(
            right.edit(
                {GUARD: "len(x) and not all(0 <= k < len(towers) for k in scenario[[0, -1]])"}
            ),
            "np.array([0, 7, 1])",
            silent=True,
        ),
        Wrong(right.in_place("x *= 0"), "changes `x`", silent=True),
        Wrong(right.returning("result[:, None]"), "must have shape (3,)"),
    ],
)
