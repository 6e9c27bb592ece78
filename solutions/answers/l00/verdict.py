"""Task 00.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from answers import Proof, Wrong

NOTHING = "no difference shown"


def _by_signs(low: float, high: float, higher_is_better: bool) -> str:
    sign = 1 if higher_is_better else -1
    best, worst = max(sign * low, sign * high), min(sign * low, sign * high)
    return "better" if worst > 0 else "worse" if best < 0 else NOTHING


def _by_table(low: float, high: float, higher_is_better: bool) -> str:
    side = (low > 0) - (high < 0)
    return {0: NOTHING, 1: "better", -1: "worse"}[side if higher_is_better else -side]


def _by_middle(low: float, high: float, higher_is_better: bool) -> str:
    if low + high == 0:
        return NOTHING
    return "better" if (low + high > 0) == higher_is_better else "worse"


def _open_ends(low: float, high: float, higher_is_better: bool) -> str:
    if low < 0 < high:
        return NOTHING
    return "better" if (low >= 0) == higher_is_better else "worse"


def _small_is_nothing(low: float, high: float, higher_is_better: bool) -> str:
    if low <= 1e-6 and high >= -1e-6:
        return NOTHING
    return _by_signs(low, high, higher_is_better)


def _by_product(low: float, high: float, higher_is_better: bool) -> str:
    if low * high <= 0:  # 0 too where the product is too small for a float
        return NOTHING
    return _by_signs(low, high, higher_is_better)


PROOF = Proof(
    task="00.4",
    right=[_by_signs, _by_table],
    wrong=[
        Wrong(
            lambda low, high, higher_is_better: _by_signs(low, high, True),
            "word(0.01, 0.02, False) must be 'worse', got 'better'",
            silent=True,
        ),
        Wrong(
            lambda low, high, higher_is_better: _by_signs(low, high, not higher_is_better),
            "word(0.01, 0.02, True) must be 'better', got 'worse'. All of the interval lies above",
            silent=True,
        ),
        Wrong(_by_middle, "wherever its middle is", silent=True),
        Wrong(_open_ends, "begins or ends at 0", silent=True),
        Wrong(_small_is_nothing, "word(1e-09, 3, True) must be 'better'", silent=True),
        Wrong(
            lambda low, high, higher_is_better: (
                NOTHING if high - low > 10 else _by_signs(low, high, higher_is_better)
            ),
            "word(2, 90, True) must be 'better', got 'no difference shown'",
            silent=True,
        ),
        Wrong(
            lambda low, high, higher_is_better: "holds" if low > 0 else NOTHING,
            "must be one of",
            silent=True,
        ),
        Wrong(_by_product, "word(1e-200, 2e-200, True) must be 'better'", silent=True),
        Wrong(lambda low, high, higher_is_better: low > 0, "got bool True"),
        Wrong(lambda low, high, higher_is_better: None, "Did you forget a return?"),
    ],
)
