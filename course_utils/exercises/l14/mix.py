"""Task 14.3: mix and rate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case, Mistakes, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array

Counts = Mapping[str, tuple[int, int]]
Part = tuple[float, float, float, float]
"""Shares and CTRs of a scenario: share before, after, CTR before, after."""


_CHANGES: list[tuple[Counts, Counts]] = [
    ({"home": (900, 90), "search": (100, 20)}, {"home": (500, 55), "search": (500, 110)}),
    (
        {"home": (700, 71), "search": (250, 35), "cart": (50, 6)},
        {"cart": (80, 9), "search": (520, 60), "home": (600, 66)},
    ),
    ({"home": (400, 40), "search": (200, 30)}, {"home": (900, 81), "cart": (300, 45)}),
    ({"home": (400, 40), "search": (0, 0)}, {"home": (300, 24), "search": (100, 25)}),
    ({"home": (400, 40), "cart": (0, 0)}, {"home": (300, 24), "cart": (0, 0)}),
    # Nobody clicked, which is a CTR of 0 and no missing one.
    ({"home": (300, 31), "cart": (100, 0)}, {"home": (200, 0), "cart": (200, 7)}),
    ({"home": (700, 71)}, {"search": (300, 41)}),
    # Three scenarios whose names are alike.
    ({"Home": (10, 1), "home": (10, 5)}, {"Home": (10, 2), "home": (30, 5), "home ": (20, 3)}),
    (
        {"home": (100_003, 9001), "search": (40_000, 3000)},
        {"home": (3_000_000, 210_007), "s": (900_001, 80_123)},
    ),
]


def parts_of(before: Counts, after: Counts) -> list[Part]:
    """Shares and CTRs of each scenario, before and after."""
    n0, n1 = (sum(n for n, _ in side.values()) for side in (before, after))
    parts = []
    for name in dict.fromkeys([*before, *after]):
        (a, x), (b, y) = before.get(name, (0, 0)), after.get(name, (0, 0))
        if a or b:
            parts.append((a / n0, b / n1, x / a if a else y / b, y / b if b else x / a))
    return parts


def _effects(parts: list[Part]) -> tuple[float, float]:
    mix = sum((s1 - s0) * (r0 + r1) / 2 for s0, s1, r0, r1 in parts)
    return mix, sum((r1 - r0) * (s0 + s1) / 2 for s0, s1, r0, r1 in parts)


def mix_and_rate(before: Counts, after: Counts) -> tuple[float, float]:
    return _effects(parts_of(before, after))


def check_mix(answer: Any) -> None:
    compare(
        answer,
        _CHANGES,
        mix_and_rate,
        lambda value, case: as_array(value, f"{_shown(case)}: (mix, rate)", (2,)),
        _shown,
        MIX_MISTAKES,
        lambda case, at: f"{_shown(case)}: {('mix', 'rate')[at[0]]}",
    )


def _shown(case: Case) -> str:
    return f"mix_and_rate({case[0]}, {case[1]})"


def _mix_of(
    mix: Callable[[float, float, float, float], float],
    rate: Callable[[float, float, float, float], float],
) -> Callable[..., tuple[float, float]]:
    """Both effects as sums over the scenarios of a function of their shares and CTRs."""

    def run(before: Counts, after: Counts) -> tuple[float, float]:
        parts = parts_of(before, after)
        return sum(mix(*one) for one in parts), sum(rate(*one) for one in parts)

    return run


def _both_only(before: Counts, after: Counts) -> Any:
    parts = [one for one in parts_of(before, after) if one[0] and one[1]]
    return _effects(parts)


def _zero_rate(before: Counts, after: Counts) -> Any:
    parts = [(a, b, r0 * (a > 0), r1 * (b > 0)) for a, b, r0, r1 in parts_of(before, after)]
    return _effects(parts)


def _zero_is_missing(before: Counts, after: Counts) -> Any:
    return _effects([(a, b, x or y, y or x) for a, b, x, y in parts_of(before, after)])


def _scaled(factor: float, before: Counts, after: Counts) -> Any:
    mix, rate = mix_and_rate(before, after)
    return factor * mix, factor * rate


def _click_shares(before: Counts, after: Counts) -> Any:
    clicks = [(s0 * r0, s1 * r1, r0, r1) for s0, s1, r0, r1 in parts_of(before, after)]
    all0, all1 = (sum(one[side] for one in clicks) for side in (0, 1))
    parts = [(c0 / all0, c1 / all1, r0, r1) for c0, c1, r0, r1 in clicks]
    return _effects(parts)


MIX_MISTAKES: Mistakes = {
    "mix and rate are exchanged": lambda *sides: mix_and_rate(*sides)[::-1],
    "the sign is that of before minus after": lambda *sides: _scaled(-1, *sides),
    "the rate effect takes the shares of after and the mix effect the CTRs of before": _mix_of(
        lambda s0, s1, r0, r1: (s1 - s0) * r0, lambda s0, s1, r0, r1: (r1 - r0) * s1
    ),
    "the rate effect takes the shares of before and the mix effect the CTRs of after": _mix_of(
        lambda s0, s1, r0, r1: (s1 - s0) * r1, lambda s0, s1, r0, r1: (r1 - r0) * s0
    ),
    "both effects take the values of before, so a part of the change belongs to neither": _mix_of(
        lambda s0, s1, r0, r1: (s1 - s0) * r0, lambda s0, s1, r0, r1: (r1 - r0) * s0
    ),
    "scenarios that are missing on one side are left out": _both_only,
    "a missing scenario gets the CTR 0, so its arrival counts as a better rate": _zero_rate,
    "a CTR of 0 is taken for a missing one": _zero_is_missing,
    "the shares are shares of clicks, not of impressions": _click_shares,
    "the result is in percent": lambda *sides: _scaled(100, *sides),
    "the result is rounded: do not round": lambda *sides: np.round(
        mix_and_rate(*sides), 3
    ),
}  # fmt: skip


TASK = Task(
    id="14.3",
    prompt="Split the change of a total CTR into mix and rate.",
    check_answer=check_mix,
    hints=(
        "For each scenario you need four numbers: share and CTR, before and after. Shares are "
        "of impressions, within one side.",
        "Go over all names that stand on either side. With no impressions on a side the "
        "share there is 0 and the CTR is the other side's; with none on both, skip it.",
        "rate += (ctr1 - ctr0) * (share0 + share1) / 2; mix += (share1 - share0) * "
        "(ctr0 + ctr1) / 2. Their sum is the change of the total: test that.",
    ),
    insight="A total moves when rates move and when shares move. Report both.",
)
