"""Task 71.3: forecasts, scored by Brier."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number_or_none, refuse_none
from course_utils.exercises.theirs import shorten

_CASES: list[Case] = [
    ({"a": 0.8, "b": 0.4, "c": 0.9}, {"a": True, "b": False, "c": None}, 0.5),
    ({"x": 0.2, "y": 0.7}, {"y": False, "x": False}, 0.3),
    ({"p": 0.6}, {}, 0.5),
    ({"p": 0.6, "q": 0.1}, {"p": None, "q": None, "r": True}, 0.2),
    ({"certain": 1.0, "never": 0.0}, {"certain": True, "never": False}, 0.1),
    ({"certain": 1.0, "never": 0.0}, {"certain": False, "never": True}, 0.9),
    ({"z": 0.55, "y": 0.35, "x": 0.9, "w": 0.1}, {"w": True, "x": True, "z": False}, 0.25),
    ({"n": 0.3, "m": 0.3}, {"n": 1, "m": 0}, 0.5),
    # Names that nobody forecast, decided and open, beside decided forecasts; a base of 0; one
    # missing before one that is None; the same forecast twice; small squares, to see rounding.
    (
        {"a": 0.0123, "c": 0.0345, "b": 0.0345, "m": 0.6, "n": 0.7},
        {"r": True, "n": None, "a": 0, "s": None, "b": False, "c": False, "t": 1},
        0.0,
    ),
    ({name: 0.3 for name in "hgfdecab"}, {"d": True, "r": False, "e": None}, 0.0),
    ({"b": 0.5, "a": 0.4, "d": 0.25, "c": 0.75}, {"c": True}, 0.75),
]

Result = tuple[float | None, float | None, list[str]]


def _by(
    loss: Callable[[float, bool], float],
    given: Callable[[Any], bool] = lambda outcome: outcome is not None,
    over: str = "decided",
) -> Callable[..., Result]:
    def run(forecasts: Any, outcomes: Any, base: float) -> Result:
        decided = [name for name in forecasts if given(outcomes.get(name))]
        still = [name for name in forecasts if outcomes.get(name) is None]
        if not decided:
            return None, None, still
        n = {"decided": len(decided), "all": len(forecasts), "sum": 1}[over]
        mine = sum(loss(forecasts[name], bool(outcomes.get(name))) for name in decided)
        theirs = sum(loss(base, bool(outcomes.get(name))) for name in decided)
        return mine / n, theirs / n, still

    return run


def _square(p: float, happened: bool) -> float:
    return (p - happened) ** 2


right_scored = _by(_square)


def _swapped(forecasts: Any, outcomes: Any, base: float) -> Result:
    mine, rival, still = right_scored(forecasts, outcomes, base)
    return rival, mine, still


def _no_names(forecasts: Any, outcomes: Any, base: float) -> Result:
    return *right_scored(forecasts, outcomes, base)[:2], [
        name for name in outcomes if outcomes[name] is None
    ]


def _sorted_names(forecasts: Any, outcomes: Any, base: float) -> Result:
    mine, rival, still = right_scored(forecasts, outcomes, base)
    return mine, rival, sorted(still)


def _rival_on_all(forecasts: Any, outcomes: Any, base: float) -> Result:
    mine, _, still = right_scored(forecasts, outcomes, base)
    known = [bool(one) for one in outcomes.values() if one is not None]
    if mine is None:
        return None, None, still
    return mine, sum(_square(base, one) for one in known) / len(known), still


def _foreign_open(forecasts: Any, outcomes: Any, base: float) -> Result:
    mine, rival, _ = right_scored(forecasts, outcomes, base)
    names = dict.fromkeys([*forecasts, *outcomes])
    return mine, rival, [name for name in names if outcomes.get(name) is None]


def _coin(forecasts: Any, outcomes: Any, base: float) -> Result:
    return right_scored(forecasts, outcomes, 0.5)


def _none_is_closed(forecasts: Any, outcomes: Any, base: float) -> Result:
    mine, rival, _ = right_scored(forecasts, outcomes, base)
    return mine, rival, [name for name in forecasts if name not in outcomes]


def _expected(forecasts: Any, outcomes: Any, base: float) -> Result:
    mine, _, still = right_scored(forecasts, outcomes, base)
    return mine, None if mine is None else base * (1 - base), still


def _zero(forecasts: Any, outcomes: Any, base: float) -> Result:
    mine, rival, still = right_scored(forecasts, outcomes, base)
    return mine or 0.0, rival or 0.0, still


def _false_is_open(forecasts: Any, outcomes: Any, base: float) -> Result:
    return right_scored(forecasts, {name: y or None for name, y in outcomes.items()}, base)


MISTAKES: dict[str, Callable[..., Any]] = {
    "False is taken for not decided; only None and a missing name are": _false_is_open,
    "what is not decided yet counts as not happened; leave it out of the mean": _by(
        _square, given=lambda outcome: True
    ),
    "the sum is divided by all forecasts; divide by those that are decided": _by(
        _square, over="all"
    ),
    "the squares are added and not divided: a longer list would be a worse one": _by(
        _square, over="sum"
    ),
    "the distance is not squared; then the best forecast is always 0 or 1, never an honest .7": _by(
        lambda p, happened: abs(p - happened)
    ),
    "a forecast above .5 counts as right or wrong; how sure it was is lost": _by(
        lambda p, happened: float((p > 0.5) != happened)
    ),
    "the distance is taken from what did not happen: 1 is best in your score": _by(
        lambda p, happened: (p - (not happened)) ** 2
    ),
    "the rival says .5, not the base rate": _coin,
    "score and rival are exchanged": _swapped,
    "only outcomes that are None are open; a forecast without any outcome is open, too": _no_names,
    "the rival is scored on outcomes that nobody forecast, too; ignore them": _rival_on_all,
    "names that nobody forecast are open, too; ignore them": _foreign_open,
    "the open names are sorted; keep the order of the forecasts": _sorted_names,
    "an outcome that is None is missing among the open names": _none_is_closed,
    "the rival is base times 1 - base; score it on what happened": _expected,
    "nothing is decided and the score is 0, the best there is; say None": _zero,
}


def check_forecasts(answer: Any) -> None:
    compare(
        leaving(answer, ("forecasts", "outcomes", "base"), _told),
        _CASES,
        right_scored,
        _read,
        lambda case: f"{_told(case)}the result",
        MISTAKES,
    )


def _told(case: Any) -> str:
    forecasts, outcomes, base = case
    return with_lines(forecasts=forecasts, outcomes=outcomes, base=base)


def _read(got: Any, case: Case) -> Result:
    told = _told(case)
    refuse_none(got, f"{told}the result", "a tuple of three")
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        reject(f"{told}the result must be (score, rival, still_open), got {shorten(got)}.")
    still = got[2]
    if not isinstance(still, (list, tuple)) or not all(isinstance(one, str) for one in still):
        reject(f"{told}the last entry must be a list of names, got {shorten(still)}.")
    none = right_scored(*case)[0] is None
    what = f"{told}{'nothing is decided: ' if none else ''}a score"
    score, rival = (as_number_or_none(one, what, none) for one in got[:2])
    return score, rival, list(still)


TASK = Task(
    id="71.3",
    prompt="Return the Brier score of decided forecasts, that of a base rate, and what is open.",
    check_answer=check_forecasts,
    hints=(
        "Take the forecasts in their order; outcomes.get(name) is None where nothing is decided.",
        "Over the decided ones: the mean of (p - y)², with y 1 for True and 0 for False; for the "
        "rival the same with base in p's place. Nothing decided: None twice.",
        "done = [n for n in forecasts if outcomes.get(n) is not None]; score = sum((forecasts[n] "
        "- outcomes[n]) ** 2 for n in done) / len(done).",
    ),
    insight="Score forecasts beside a base rate; what is open has no score yet.",
)
