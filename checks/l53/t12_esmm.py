"""Task 53.12: ESMM's loss from logits and an impression log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer

right = LessonAnswer("53.12")
edit, first, returning = right.edit, right.first, right.returning


def _rows(click: list[float], buy: list[float], z_click: list[float], z_buy: list[float]) -> Case:
    return tuple(np.array(one, float) for one in (click, buy, z_click, z_buy))


def _case(seed: int, n: int, rate: float) -> Case:
    draw = np.random.default_rng(seed)
    click = (draw.random(n) < rate).astype(float)
    buy = np.where(click == 1, draw.integers(2, size=n), np.nan)
    return click, buy, draw.normal(0, 2, n).round(1), draw.normal(0, 2, n).round(1)


NAN = float("nan")
CASES: list[Case] = [
    _rows([1, 0], [1, NAN], [0, 0], [0, 0]),
    _case(1, 6, 0.5),
    _case(2, 9, 0.3),
    _rows([0, 0], [NAN, NAN], [0.5, -1.0], [2.0, 0.0]),
    _rows([1, 1], [0, 1], [1.0, -0.5], [0.3, 2.0]),
    _rows([1], [1], [0.2], [-0.7]),
    # Sure and right: small losses; sure and wrong: large ones.
    _rows([1], [1], [30.0], [20.0]),
    _rows([0], [NAN], [-12.0], [3.0]),
    _rows([1, 0, 1], [0, NAN, 1], [40.0, 45.0, -900.0], [50.0, 41.0, -800.0]),
    # Both sure, and not bought: log p + log q rounds to 0.
    _rows([1, 0], [0, NAN], [900.0, 900.0], [800.0, 900.0]),
    # The last row alone: 1 - p q without a digit left.
    _rows([1], [0], [38.0], [39.0]),
]

FIRST = "np.where(click == 1, p, not_p)"
SECOND, BOUGHT = "np.where(bought, p + q, not_both)", "(click == 1) & (buy == 1)"
NOT_BOTH = "np.logaddexp(not_p, p + not_q)"
ON_CLICKED = {
    "(first + second).mean()": "(first.mean() + (second[click == 1].mean() if click.any() else 0))"
}
OF_BUY_ALONE = {SECOND: "np.where(bought, q, not_q)"}


def _clipped(least: float, both: str) -> Callable[..., Any]:
    """Probabilities within ``least`` and 1 less that: ``both`` is the second one."""
    return edit(
        {
            f"not_both = {NOT_BOTH}": f"kept = lambda p: np.clip(p, {least}, 1 - {least})\n"
            f"    p, q = np.exp(p), np.exp(q)\n    both = {both}",
            FIRST: "np.log(np.where(click == 1, kept(p), 1 - kept(p)))",
            SECOND: "np.log(np.where(bought, both, 1 - both))",
        }
    )


SLIPS = {
    "the purchase is learnt on clicked rows alone, which ESMM was made to avoid": edit(
        ON_CLICKED, OF_BUY_ALONE
    ),
    "the second loss is averaged over clicked rows; it runs over all impressions": edit(ON_CLICKED),
    "the second loss judges p(buy | click) on all rows, not the product": edit(OF_BUY_ALONE),
    "the second label is the click": edit({BOUGHT: "click == 1"}),
    "the losses are added, not averaged over rows": edit({".mean()": ".sum()"}),
    "the loss of the click is left out": edit({"(first + second)": "second"}),
    "the loss of the purchase is left out": edit({"(first + second)": "first"}),
    "the two losses are averaged; ESMM adds them": returning("result / 2"),
    "1 - p q is computed as it stands, and cut off: of two sure logits no digit is left": edit(
        {NOT_BOTH: "np.log(np.maximum(1 - np.exp(p + q), 1e-12))"}
    ),
    "the logarithm of 1 - p q is taken for the sum of those of 1 - p and 1 - q": edit(
        {NOT_BOTH: "not_p + not_q"}
    ),
    **{
        f"logits are clipped at {size}; nothing is": first(
            f"z_click, z_buy = np.clip([z_click, z_buy], -{size}, {size})"
        )
        for size in (30, 500)
    },
    **{
        f"{what} are clipped at {least:g}; nothing is": _clipped(least, both)
        for what, both in (("p and q", "kept(p) * kept(q)"), ("p and p q", "kept(p * q)"))
        for least in (1e-7, 1e-15)
    },
}

TASK = checked(
    "53.12",
    "Return ESMM's loss over all impressions, from logits, for any size of logit.",
    right,
    CASES,
    SLIPS,
    hints=(
        "log sigmoid(z) is -np.logaddexp(0, -z), and log(1 - sigmoid(z)) is -np.logaddexp(0, z): "
        "both hold at any z.",
        "Not both: no click, or a click and no purchase. 1 - p q = (1 - p) + p (1 - q), a sum of "
        "positive numbers: np.logaddexp of two logarithms.",
        "no = np.logaddexp(-np.logaddexp(0, z_click), -np.logaddexp(0, -z_click) - np.logaddexp(0, "
        "z_buy)); both = (click == 1) & (buy == 1), which is False for nan.",
    ),
    insight="1 - p q loses its digits where p q is near 1; the sum of two positive parts does not.",
    not_finite="0 times nan is nan: replace an unknown purchase before you multiply. And where p q "
    "rounds to 1 the logarithm of 1 - p q is infinite: 1 - p q = (1 - p) + p (1 - q).",
)
