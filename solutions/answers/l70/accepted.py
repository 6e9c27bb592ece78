"""Task 70.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from answers import Proof, Wrong, silent
from course_utils.exercises.l70.accepted_slips import MISTAKES, right_accepted
from course_utils.metrics import paired_interval


def _by_hand(gaps: Any, margin: Any, money: Any) -> Any:
    def ends(of: Any) -> Any:
        half = stats.t.ppf(0.975, len(of) - 1) * np.std(of, ddof=1) / len(of) ** 0.5
        return np.mean(of) - half, np.mean(of) + half

    tiny = 1e-12  # the same number in every shop may miss the margin by a rounding
    cells = {}
    for key, of in gaps.items():
        low, high = ends(of)
        cells[key] = "open"
        if low >= -margin - tiny:
            cells[key] = "holds"
        elif high < -margin - tiny:
            cells[key] = "fails"
    low, high = ends(money)
    if high < 0 or "fails" in cells.values():
        return cells, "reject"
    return cells, "accept" if low > 0 and all(v == "holds" for v in cells.values()) else "open"


def _with_select(gaps: Any, margin: Any, money: Any) -> Any:
    found = {}
    for key, of in gaps.items():
        low, high = paired_interval(of)
        found[key] = str(np.select([low >= -margin, high < -margin], ["holds", "fails"], "open"))
    words, (low, high) = list(found.values()), paired_interval(money)
    word = "accept" if words.count("holds") == len(words) and low > 0 else "open"
    return [found, "reject" if words.count("fails") or high < 0 else word]


def _two_out_of_three(gaps: Any, margin: Any, money: Any) -> Any:
    cells, word = right_accepted(gaps, margin, money)
    if list(cells.values()).count("fails") <= 1 and word == "reject":
        return cells, "open"
    return cells, word


def _money_within(gaps: Any, margin: Any, money: Any) -> Any:
    """A loss of money smaller than the margin is open."""
    cells, word = right_accepted(gaps, margin, money)
    small = -margin <= paired_interval(money)[1] < 0
    return cells, "open" if small and "fails" not in cells.values() else word


def _with_slack(gaps: Any, margin: Any, money: Any) -> Any:
    """A hundredth more than the margin holds, too."""
    return right_accepted(gaps, margin + 1e-4, money)


def _in_place(gaps: Any, margin: Any, money: Any) -> Any:
    return right_accepted({key: sorted(of)[1:-1] for key, of in gaps.items()}, margin, money)


PROOF = Proof(
    task="70.5",
    right=[_by_hand, _with_select],
    wrong=[
        *silent(MISTAKES),
        Wrong(_two_out_of_three, "18.0]\nthe decision must be 'reject', got 'open'.", silent=True),
        Wrong(_in_place, "the cell ('cart', 'click') must be 'open', got 'holds'.", silent=True),
        Wrong(_with_slack, "[-0.01005, -0.01005, -0.01005, -0.01005]", silent=True),
        Wrong(_money_within, "0.006]\nthe decision must be 'reject', got 'open'.", silent=True),
        Wrong(lambda *case: right_accepted(*case)[1], "must be (cells, decision)"),
        Wrong(lambda *case: ({}, "accept"), "must be a dictionary with the keys of gaps"),
        Wrong(
            lambda *case: ({k: v == "holds" for k, v in right_accepted(*case)[0].items()}, "open"),
            "a cell must be 'holds', 'fails' or 'open'",
        ),
    ],
)
