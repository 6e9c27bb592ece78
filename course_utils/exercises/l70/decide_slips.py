"""Task 70.7: the right rule, and what goes wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Guards = Mapping[str, tuple[float, float, float]]
Found = tuple[str, list[str]]

LAUNCH, NO, LONGER = "launch", "do not launch", "run longer"

Word = Callable[[float, float, float], str | None]


def _over(low: float, high: float, hurdle: float) -> str | None:
    return "ok" if low > hurdle else "no" if high <= hurdle else None


def _within(low: float, high: float, allowed: float) -> str | None:
    return "ok" if low >= -allowed else "no" if high < -allowed else None


def _by(money: Word = _over, guard: Word = _within) -> Callable[..., Found]:
    def answer(effect: Any, guards: Guards, hurdle: float) -> Found:
        said = {"money": money(effect[0], effect[1], hurdle)}
        said |= {name: guard(*of) for name, of in guards.items()}
        no = sorted(name for name, word in said.items() if word == "no")
        open_ = sorted(name for name, word in said.items() if word is None)
        return (NO, no) if no else (LONGER, open_) if open_ else (LAUNCH, [])

    return answer


right_decide = _by()


def _half_known(low: float, high: float, bound: float) -> str | None:
    return "ok" if (low + high) / 2 > bound else "no"


def money_first(effect: Any, guards: Guards, hurdle: float) -> Found:
    """Money that is sure launches, whatever the guardrails say."""
    if effect[0] > hurdle:
        return LAUNCH, []
    return right_decide(effect, guards, hurdle)


def open_first(effect: Any, guards: Guards, hurdle: float) -> Found:
    """An open metric runs longer, also where another has said no."""
    word, names = right_decide(effect, guards, hurdle)
    lenient = _by(
        lambda low, high, h: "ok" if low > h else None,
        lambda low, high, allowed: "ok" if low >= -allowed else None if high >= -allowed else "no",
    )
    other, open_ = lenient(effect, guards, hurdle)
    return (other, open_) if word == NO and other == LONGER else (word, names)


def everything_named(effect: Any, guards: Guards, hurdle: float) -> Found:
    """What is open is named beside what says no."""
    word, names = right_decide(effect, guards, hurdle)
    if word != NO:
        return word, names
    said = [n for n, (low, _, allowed) in guards.items() if low < -allowed]
    return word, sorted({*said, *(["money"] if effect[0] <= hurdle else [])})


def _cut(choose: Callable[[list[str]], list[str]]) -> Callable[..., Found]:
    """The names, changed: guardrails in their order, money behind them."""

    def answer(effect: Any, guards: Guards, hurdle: float) -> Found:
        word, names = right_decide(effect, guards, hurdle)
        return word, choose([name for name in (*guards, "money") if name in names])

    return answer


MISTAKES: dict[str, Callable[..., Found]] = {
    "money is held against 0, not against what the new ranker must bring": _by(
        lambda low, high, hurdle: "ok" if low > 0 else "no" if high <= 0 else None
    ),
    "the middle of the interval decides": _by(
        _half_known, lambda low, high, allowed: "ok" if (low + high) / 2 >= -allowed else "no"
    ),
    "money that ends exactly at the hurdle passes; it must lie above": _by(
        lambda low, high, hurdle: "ok" if low >= hurdle else "no" if high <= hurdle else None
    ),
    "money exactly at the hurdle counts as above it, with either end": _by(
        lambda low, high, hurdle: "ok" if low >= hurdle else "no" if high < hurdle else None
    ),
    "money whose upper end is the hurdle is open; it cannot pass any more": _by(
        lambda low, high, hurdle: "ok" if low > hurdle else "no" if high < hurdle else None
    ),
    "a guardrail passes if no loss is shown: its interval holds 0": _by(
        guard=lambda low, high, allowed: "ok" if high >= 0 else "no" if high < -allowed else None
    ),
    "a guardrail that ends exactly at its bound is open; it keeps it": _by(
        guard=lambda low, high, allowed: (
            "ok" if low > -allowed else "no" if high < -allowed else None
        )
    ),
    "a guardrail says no when it lies below 0; it must lie below minus what it may lose": _by(
        guard=lambda low, high, allowed: "ok" if low >= -allowed else "no" if high < 0 else None
    ),
    "a guardrail whose upper end is exactly at its bound is broken; it is open": _by(
        guard=lambda low, high, allowed: (
            "ok" if low >= -allowed else "no" if high <= -allowed else None
        )
    ),
    "a guardrail that is open is taken as broken": _by(
        guard=lambda low, high, allowed: "ok" if low >= -allowed else "no"
    ),
    "a guardrail allows no loss at all; what is allowed is left out": _by(
        guard=lambda low, high, allowed: "ok" if low >= 0 else "no" if high < 0 else None
    ),
    "a guardrail must be better by what it may lose: the sign is turned": _by(
        guard=lambda low, high, allowed: (
            "ok" if low >= allowed else "no" if high < allowed else None
        )
    ),
    "the names are not sorted": _cut(lambda names: names),
    "only the first name is given; all that say so are wanted": _cut(lambda names: names[:1]),
    "only one guardrail is named; all that say so are wanted": _cut(
        lambda names: sorted({*names[:1], *({"money"} & set(names))})
    ),
    "sure money launches, whatever a guardrail says": money_first,
    "what is open comes before what says no": open_first,
    "with a no, what is only open is named too": everything_named,
}
