"""Task 70.5: acceptance against the twins: nowhere worse by more than a margin, better in all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten
from course_utils.metrics import paired_interval

Key = tuple[str, str]
Found = tuple[dict[Key, str], str]
Interval = Callable[[list[float]], tuple[float, float]]


def _shops(mean: float, spread: float, n: int = 5) -> list[float]:
    steps = np.linspace(-1, 1, n) * spread
    return [round(float(mean + one), 6) for one in steps]


def _table(**gaps: list[float]) -> dict[Key, list[float]]:
    return {(name.split("_")[0], name.split("_")[1]): of for name, of in gaps.items()}


CASES: list[Case] = [
    (_table(home_click=_shops(0.002, 0.004), cart_buy=_shops(0.03, 0.02)), 0.01, _shops(12, 6)),
    (_table(home_click=_shops(-0.004, 0.004), cart_buy=_shops(0.03, 0.02)), 0.01, _shops(12, 6)),
    # Worse for sure in one: the mean gain is large, and the answer is no.
    (_table(home_click=_shops(-0.03, 0.005), cart_buy=_shops(0.3, 0.02)), 0.01, _shops(12, 6)),
    # Worse, but within the margin.
    (_table(home_click=_shops(-0.004, 0.001)), 0.01, _shops(3, 1)),
    # Not known: the interval reaches below the margin and above it.
    (_table(home_click=_shops(0.001, 0.03), cart_buy=_shops(0.02, 0.01)), 0.01, _shops(12, 6)),
    # No cell fails, and money is not shown to be better; then it is worse for sure.
    (_table(home_click=_shops(0.002, 0.001)), 0.01, _shops(1, 8)),
    (_table(home_click=_shops(0.002, 0.001)), 0.01, _shops(-6, 2)),
    # A cell is open and money is worse for sure; a cell is worse and another open.
    (_table(home_click=_shops(0.001, 0.03)), 0.01, _shops(-6, 2)),
    (_table(a_click=_shops(-0.05, 0.01), b_click=_shops(0.0, 0.05)), 0.01, _shops(1, 8)),
    # Three shops: the interval is wide, with t and not with 1.96.
    (_table(home_click=_shops(0.0, 0.005, 3)), 0.01, _shops(2, 1, 3)),
    (_table(home_click=_shops(0.0, 0.003, 3)), 0.01, _shops(2, 0.5, 3)),
    # No margin at all; and no cells.
    (_table(home_click=_shops(0.002, 0.001), cart_buy=_shops(-0.001, 0.003)), 0.0, _shops(4, 1)),
    ({}, 0.01, _shops(4, 1)),
    # Every shop the same, exactly at the margin: it lies within.
    (_table(home_click=[-0.01] * 4), 0.01, [1.0] * 4),
    (_table(home_click=[-0.01] * 4), 0.01, [0.0] * 4),
]


def normal(of: list[float]) -> tuple[float, float]:
    half = 1.96 * np.std(of, ddof=1) / np.sqrt(len(of))
    return float(np.mean(of) - half), float(np.mean(of) + half)


def t_interval(of: list[float]) -> tuple[float, float]:
    low, high = paired_interval(of)
    return float(low), float(high)


def mean_alone(of: list[float]) -> tuple[float, float]:
    return float(np.mean(of)), float(np.mean(of))


def _cell(low: float, high: float, margin: float) -> str:
    return "holds" if low >= -margin else "fails" if high < -margin else "open"


def _word(cells: Mapping[Key, str], low: float, high: float) -> str:
    if "fails" in cells.values() or high < 0:
        return "reject"
    return "accept" if "open" not in cells.values() and low > 0 else "open"


def _by(
    cell: Callable[..., str] = _cell,
    word: Callable[..., str] = _word,
    interval: Interval = t_interval,
) -> Callable[..., Found]:
    def answer(gaps: Any, margin: float, money: Any) -> Found:
        cells = {key: cell(*interval(list(of)), margin) for key, of in gaps.items()}
        return cells, word(cells, *interval(list(money)))

    return answer


right_accepted = _by()


def pooled(gaps: Any, margin: float, money: Any) -> Found:
    """The word looks at the mean of all cells."""
    cells, word = right_accepted(gaps, margin, money)
    if not gaps:
        return cells, word
    every = t_interval(list(np.mean(list(gaps.values()), axis=0)))
    return cells, _word({("all", "all"): _cell(*every, margin)}, *t_interval(list(money)))


MISTAKES: dict[str, Callable[..., Found]] = {
    "not significant counts as not worse: a cell holds if its interval holds 0": _by(
        lambda low, high, margin: (
            "holds" if low <= 0 <= high or low >= -margin else _cell(low, high, margin)
        )
    ),
    "a cell must be better than its twin; it need only be not worse by more than the margin": _by(
        lambda low, high, margin: "holds" if low > 0 else "fails" if high < -margin else "open"
    ),
    "the mean decides, without its interval": _by(interval=mean_alone),
    "the interval has 1.96 in the place of t; with few shops it is too short": _by(interval=normal),
    "a cell fails as soon as its interval reaches below the margin; that is open": _by(
        lambda low, high, margin: "holds" if low >= -margin else "fails"
    ),
    "a cell fails where it is worse at all, although the margin allows it": _by(
        lambda low, high, margin: "fails" if high < 0 else _cell(low, high, margin)
    ),
    "an interval that ends exactly at the margin does not hold": _by(
        lambda low, high, margin: (
            "holds" if low > -margin else "fails" if high < -margin else "open"
        )
    ),
    "the word looks at the mean over all cells, which hides who pays": pooled,
    "the money is not asked": _by(
        word=lambda cells, low, high: (
            "reject"
            if "fails" in cells.values()
            else "open"
            if "open" in cells.values()
            else "accept"
        )
    ),
    "money need not be shown to be better: no loss shown is enough": _by(
        word=lambda cells, low, high: (
            "reject"
            if "fails" in cells.values() or high < 0
            else "open"
            if "open" in cells.values()
            else "accept"
        )
    ),
    "a certain loss of money is open; it is a reason to reject": _by(
        word=lambda cells, low, high: (
            "reject"
            if "fails" in cells.values()
            else "accept"
            if "open" not in cells.values() and low > 0
            else "open"
        )
    ),
    "one cell that is open rejects": _by(
        word=lambda cells, low, high: (
            "reject"
            if set(cells.values()) & {"fails", "open"} or high < 0
            else "accept"
            if low > 0
            else "open"
        )
    ),
}


def _told(case: Case) -> str:
    gaps, margin, money = case
    return with_lines(gaps=gaps, margin=margin, money=money) + "the result"


def _flat(found: Found) -> dict[str, Any]:
    return {**{f"cell {key}": word for key, word in found[0].items()}, "decision": found[1]}


def _read(got: Any, case: Case) -> dict[str, Any]:
    told = _told(case)
    refuse_none(got, told, "a pair")
    if not isinstance(got, tuple | list) or len(got) != 2:
        reject(f"{told} must be (cells, word), got {shorten(got)}.")
    cells, word = got
    if not isinstance(cells, dict) or set(cells) != set(case[0]):
        reject(
            f"{told}: the cells must be a dictionary with the keys of gaps, got {shorten(cells)}."
        )
    for one in cells.values():
        if one not in ("holds", "fails", "open"):
            reject(f"{told}: a cell must be 'holds', 'fails' or 'open', got {shorten(one)}.")
    if word not in ("accept", "reject", "open"):
        reject(f"{told}: the word must be 'accept', 'reject' or 'open', got {shorten(word)}.")
    return _flat((cells, word))


def _wrapped(gives: Callable[..., Found]) -> Callable[..., dict[str, Any]]:
    return lambda *case: _flat(gives(*case))


def check_accepted(answer: Any) -> None:
    compare(
        answer,
        CASES,
        lambda *case: _flat(right_accepted(*case)),
        _read,
        _told,
        {name: _wrapped(gives) for name, gives in MISTAKES.items()},
        lambda case, at: f"{_told(case)[: -len('the result')]}the {at[0]}",
    )


TASK = Task(
    id="70.5",
    prompt="Fill the acceptance table of a model against its twins, and name the decision.",
    check_answer=check_accepted,
    hints=(
        "Each cell has its own interval; compare its two ends with minus the margin.",
        "low >= -margin holds, high < -margin fails, else open. Any cell that fails rejects.",
        "low, high = paired_interval(of); then 'reject' if a cell fails or money's high < 0, "
        "'accept' if none is open and money's low > 0, else 'open'",
    ),
    insight="Not worse must be shown, with a margin written before; no difference shown is not it.",
)
