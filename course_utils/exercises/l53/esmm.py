"""Task 53.12: ESMM's loss from logits and an impression log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l53.shared import hold

Array = np.ndarray


def _rows(click: list[float], buy: list[float], z_click: list[float], z_buy: list[float]) -> Case:
    return tuple(np.array(one, float) for one in (click, buy, z_click, z_buy))


def _case(seed: int, n: int, rate: float) -> Case:
    draw = np.random.default_rng(seed)
    click = (draw.random(n) < rate).astype(float)
    buy = np.where(click == 1, draw.integers(2, size=n), np.nan)
    return click, buy, draw.normal(0, 2, n).round(1), draw.normal(0, 2, n).round(1)


NAN = float("nan")
EXAMPLE: Case = _rows([1, 0], [1, NAN], [0, 0], [0, 0])
CASES: list[Case] = [
    EXAMPLE,
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


def log_sigmoid(z: Any) -> Any:
    return -np.logaddexp(0, -np.asarray(z, float))


def by(
    rows: str = "all",
    spaces: tuple[float, float] = (1.0, 1.0),
    label: Callable[[Array, Array], Array] = lambda click, buy: click * buy,
    product: bool = True,
    mean: Callable[[Array], float] = lambda terms: float(terms.mean()),
    rest: Callable[[Any, Any], Any] = lambda a, b: np.logaddexp(
        log_sigmoid(-a), log_sigmoid(a) + log_sigmoid(-b)
    ),
) -> Callable[..., float]:
    """The loss; ``rest`` is the logarithm of 1 - p q."""

    def value(click: Array, buy: Array, z_click: Array, z_buy: Array) -> float:
        buy = np.where(click == 1, buy, 0.0)
        first = -np.where(click == 1, log_sigmoid(z_click), log_sigmoid(-z_click))
        both = label(click, buy)
        if product:
            yes, no = log_sigmoid(z_click) + log_sigmoid(z_buy), rest(z_click, z_buy)
        else:
            yes, no = log_sigmoid(z_buy), log_sigmoid(-z_buy)
        second = -np.where(both == 1, yes, no)
        at = click == 1 if rows == "clicked" else np.ones(len(click), bool)
        part = mean(second[at]) if at.any() else 0.0
        return spaces[0] * mean(first) + spaces[1] * part

    return value


def _one_less_product(a: Any, b: Any) -> Any:
    p = np.exp(log_sigmoid(a) + log_sigmoid(b))
    return np.log(np.maximum(1 - p, 1e-12))


def _logits_clipped(size: float) -> Callable[..., float]:
    def value(click: Array, buy: Array, z_click: Array, z_buy: Array) -> float:
        return right_esmm(click, buy, np.clip(z_click, -size, size), np.clip(z_buy, -size, size))

    return value


def _clipped(least: float, each: bool) -> Callable[..., float]:
    """Kept within ``least`` and 1 less that: p and q before they are multiplied, or p and p q."""

    def kept(p: Any) -> Any:
        return np.clip(p, least, 1 - least)

    def value(click: Array, buy: Array, z_click: Array, z_buy: Array) -> float:
        p, q = np.exp(log_sigmoid(z_click)), np.exp(log_sigmoid(z_buy))
        both = kept(p) * kept(q) if each else kept(p * q)
        first = np.where(click == 1, np.log(kept(p)), np.log(1 - kept(p)))
        second = np.where((click == 1) & (buy == 1), np.log(both), np.log(1 - both))
        return -float((first + second).mean())

    return value


right_esmm = by()

MISTAKES: dict[str, Callable[..., float]] = {
    "the purchase is learnt on clicked rows alone, which ESMM was made to avoid": by(
        "clicked", product=False
    ),
    "the second loss is averaged over clicked rows; it runs over all impressions": by("clicked"),
    "the second loss judges p(buy | click) on all rows, not the product": by(product=False),
    "the second label is the click": by(label=lambda click, buy: click),
    "the losses are added, not averaged over rows": by(mean=lambda terms: float(terms.sum())),
    "the loss of the click is left out": by(spaces=(0.0, 1.0)),
    "the loss of the purchase is left out": by(spaces=(1.0, 0.0)),
    "the two losses are averaged; ESMM adds them": by(spaces=(0.5, 0.5)),
    "1 - p q is computed as it stands, and cut off: of two sure logits no digit is left": by(
        rest=_one_less_product
    ),
    "the logarithm of 1 - p q is taken for the sum of those of 1 - p and 1 - q": by(
        rest=lambda a, b: log_sigmoid(-a) + log_sigmoid(-b)
    ),
    **{
        f"logits are clipped at {size}; nothing is": _logits_clipped(size)
        for size in (10, 15, 16, 20, 30, 35, 50, 100, 500)
    },
    **{
        f"{what} are clipped at {least:g}; nothing is": _clipped(least, each)
        for what, each in (("p and q", True), ("p and p q", False))
        for least in (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)
    },
}


def check_esmm(answer: Any) -> None:
    why = (
        "0 times nan is nan: replace an unknown purchase before you multiply. And where p q rounds "
        "to 1 the logarithm of 1 - p q is infinite: 1 - p q = (1 - p) + p (1 - q)."
    )
    names = ("click", "buy", "z_click", "z_buy")
    hold(answer, names, CASES, right_esmm, MISTAKES, not_finite=why)


TASK = Task(
    id="53.12",
    prompt="Return ESMM's loss over all impressions, from logits, for any size of logit.",
    check_answer=check_esmm,
    hints=(
        "log sigmoid(z) is -np.logaddexp(0, -z), and log(1 - sigmoid(z)) is -np.logaddexp(0, z): "
        "both "
        "hold at any z.",
        "Not both: no click, or a click and no purchase. 1 - p q = (1 - p) + p (1 - q), a sum of "
        "positive numbers: np.logaddexp of two logarithms.",
        "no = np.logaddexp(-np.logaddexp(0, z_click), -np.logaddexp(0, -z_click) "
        "- np.logaddexp(0, z_buy)); both = (click == 1) & (buy == 1), which is False for nan.",
    ),
    insight="1 - p q loses its digits where p q is near 1; the sum of two positive parts does not.",
)
