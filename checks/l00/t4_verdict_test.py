"""00.4: right answers in other words, and wrong ones."""

from __future__ import annotations

from checks.l00.t4_verdict import right
from checks.proof import Proof, Wrong

NOTHING = "no difference shown"


def _by_signs(low: float, high: float, higher_is_better: bool) -> str:
    sign = 1 if higher_is_better else -1
    best, worst = max(sign * low, sign * high), min(sign * low, sign * high)
    return "better" if worst > 0 else "worse" if best < 0 else NOTHING


def _by_table(low: float, high: float, higher_is_better: bool) -> str:
    side = (low > 0) - (high < 0)
    return {0: NOTHING, 1: "better", -1: "worse"}[side if higher_is_better else -side]


INSIDE, HIGHER = "low <= 0 <= high", "a_is_higher = low > 0"

PROOF = Proof(
    task="00.4",
    right=[_by_signs, _by_table],
    wrong=[
        Wrong(
            right.first("higher_is_better = True"),
            "word(0.01, 0.02, False) must be 'worse', got 'better'",
            silent=True,
        ),
        Wrong(
            right.first("higher_is_better = not higher_is_better"),
            "word(0.01, 0.02, True) must be 'better', got 'worse'. All of the interval lies above",
            silent=True,
        ),
        Wrong(
            right.edit({INSIDE: "low + high == 0", HIGHER: "a_is_higher = low + high > 0"}),
            "wherever its middle is",
            silent=True,
        ),
        Wrong(
            right.edit({INSIDE: "low < 0 < high", HIGHER: "a_is_higher = low >= 0"}),
            "begins or ends at 0",
            silent=True,
        ),
        Wrong(
            right.edit({INSIDE: "low <= 1e-6 and high >= -1e-6"}),
            "word(1e-09, 3, True) must be 'better'",
            silent=True,
        ),
        Wrong(
            right.edit({INSIDE: "low <= 0 <= high or high - low > 10"}),
            "word(2, 90, True) must be 'better', got 'no difference shown'",
            silent=True,
        ),
        Wrong(  # 0 too where the product is too small for a float
            right.edit({INSIDE: "low * high <= 0"}),
            "word(1e-200, 2e-200, True) must be 'better'",
            silent=True,
        ),
        Wrong(
            right.returning(f"'holds' if low > 0 else {NOTHING!r}"), "must be one of", silent=True
        ),
        Wrong(right.returning("low > 0"), "got bool True"),
    ],
)
