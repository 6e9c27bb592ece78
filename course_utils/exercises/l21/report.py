"""Task 21.4: AUC and calibration of every scenario, and of all together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l21.shared import dictionary, shown_by
from course_utils.exercises.reading import as_number_or_none
from course_utils.exercises.theirs import shorten
from course_utils.metrics import auc, calibration_ratio

Pair = tuple[float | None, float | None]
Report = Callable[..., dict[str, Pair]]

_DRAW = np.random.default_rng(214)


def _case(sizes: dict[str, int], rates: dict[str, float]) -> Case:
    """Rows in a random order; the probabilities are those of the scenario, and some noise."""
    s = _DRAW.permutation(np.repeat(list(sizes), list(sizes.values())))
    rate = np.array([rates[one] for one in s])
    y = (_DRAW.random(len(s)) < rate).astype(int)
    y[0] = 1 - y[1]  # both labels
    p = np.clip(0.8 * rate + 0.3 * _DRAW.random(len(s)), 0.01, 0.99).round(2)
    return y, p, s


EXAMPLE: Case = (
    np.array([1, 0, 1, 0, 0, 0]),
    np.array([0.6, 0.2, 0.6, 0.6, 0.1, 0.2]),
    np.array(["home", "home", "cart", "cart", "mail", "mail"]),
)

CASES: list[Case] = [
    EXAMPLE,
    _case({"search": 9, "home": 14, "cart": 6}, {"search": 0.4, "home": 0.2, "cart": 0.7}),
    _case({"home": 12}, {"home": 0.4}),
    (np.array([1, 1, 0, 0]), np.array([0.9, 0.5, 0.5, 0.2]), np.array(["b", "b", "a", "a"])),
    (  # a scenario of positives alone; one row alone
        np.array([1, 1, 0, 1, 0]),
        np.array([0.5, 0.25, 0.25, 0.75, 0.5]),
        np.array(["a", "a", "c", "b", "b"]),
    ),
    _case({"M02": 20, "M10": 8, "M01": 15}, {"M02": 0.1, "M10": 0.6, "M01": 0.3}),
    (  # names that begin alike, or differ in capitals alone
        np.array([1, 0, 1, 0, 0, 1]),
        np.array([0.5, 0.25, 0.25, 0.5, 0.75, 1.0]),
        np.array(["cart", "cart", "cart page", "cart page", "Cart", "Cart"]),
    ),
    # A calibration far below 0.1.
    (np.array([1, 1, 1, 0]), np.array([0.03, 0.02, 0.01, 0.03]), np.array(["a", "a", "b", "b"])),
]


def pair_of(y: Any, p: Any) -> Pair:
    both = len(np.unique(y)) == 2
    return (auc(y, p) if both else None), (calibration_ratio(y, p) if y.any() else None)


def right_report(y: Any, p: Any, s: Any) -> dict[str, Pair]:
    return {"all": pair_of(y, p)} | {str(one): pair_of(y[s == one], p[s == one]) for one in set(s)}


def _each(change: Callable[[Pair, Any, Any], Any]) -> Report:
    """Every pair of the right report, changed with its rows in view."""

    def report(y: Any, p: Any, s: Any) -> dict[str, Any]:
        masks = {"all": np.full(len(y), True)} | {str(one): s == one for one in set(s)}
        return {key: change(pair_of(y[of], p[of]), y[of], p[of]) for key, of in masks.items()}

    return report


def _number(change: Callable[[float], float], place: int) -> Report:
    def changed(pair: Pair, y: Any, p: Any) -> Any:
        value = pair[place]
        new = None if value is None else change(value)
        return (new, pair[1]) if place == 0 else (pair[0], new)

    return _each(changed)


upside_down = _number(lambda value: 1.0 / value, 1)
reversed_auc = _number(lambda value: 1.0 - value, 0)
half_if_unknown = _each(lambda pair, y, p: (0.5 if pair[0] is None else pair[0], pair[1]))
both_or_none = _each(lambda pair, y, p: (None, None) if pair[0] is None else pair)
zero_if_unknown = _each(lambda pair, y, p: tuple(one or 0.0 for one in pair))
difference = _each(
    lambda pair, y, p: (pair[0], None if pair[1] is None else float(p.mean() - y.mean()))
)
at_half = _each(
    lambda pair, y, p: (pair[0], None if pair[1] is None else float((p >= 0.5).sum() / y.sum()))
)


def _ties_lost(pair: Pair, y: Any, p: Any) -> Any:
    if pair[0] is None:
        return pair
    gaps = np.subtract.outer(p[y == 1], p[y == 0])
    return float((gaps > 0).mean()), pair[1]


ties_lost = _each(_ties_lost)
exchanged = _each(lambda pair, y, p: pair[::-1])
decided_first = _each(
    lambda pair, y, p: (None if pair[0] is None else auc(y, (p >= 0.5).astype(float)), pair[1])
)


def pooled_for_all(y: Any, p: Any, s: Any) -> dict[str, Pair]:
    return dict.fromkeys(right_report(y, p, s), pair_of(y, p))


def _averaged(by_rows: bool, places: tuple[int, ...]) -> Report:
    """Under ``all`` a mean over scenarios, plain or by rows, in these places of the pair."""

    def report(y: Any, p: Any, s: Any) -> dict[str, Any]:
        found = right_report(y, p, s)
        pooled = list(found["all"])
        for place in places:
            told = {str(one): found[str(one)][place] for one in set(s)}
            known = {one: value for one, value in told.items() if value is not None}
            weights = [(s == one).sum() if by_rows else 1 for one in known]
            pooled[place] = float(np.average([*known.values()], weights=weights)) if known else None
        return found | {"all": tuple(pooled)}

    return report


mean_for_all = _averaged(False, (0, 1))
mean_by_rows = _averaged(True, (0, 1))
mean_auc = _averaged(False, (0,))


def over_all_labels(y: Any, p: Any, s: Any) -> dict[str, Any]:
    """The scenario's mean of p over the mean of y in all rows."""
    found = right_report(y, p, s)
    for one in set(s.tolist()):
        if found[one][1] is not None:
            found[one] = found[one][0], float(p[s == one].mean() / y.mean())
    return found


def none_spreads(y: Any, p: Any, s: Any) -> dict[str, Any]:
    """Where a scenario has None, ``all`` has None, too."""
    found = right_report(y, p, s)
    lost = [any(pair[k] is None for pair in found.values()) for k in (0, 1)]
    return found | {"all": tuple(None if lost[k] else found["all"][k] for k in (0, 1))}


def against_the_rest(y: Any, p: Any, s: Any) -> dict[str, Any]:
    """Positives of a scenario against negatives of all."""
    found = right_report(y, p, s)
    for name in set(s.tolist()):
        of = (s == name) & (y == 1) | (y == 0)
        if found[name][0] is not None:
            found[name] = auc(y[of], p[of]), found[name][1]
    return found


def all_of_the_known(y: Any, p: Any, s: Any) -> dict[str, Any]:
    """Under ``all`` the rows of those scenarios that have an AUC."""
    found = right_report(y, p, s)
    rows = np.array([found[str(one)][0] is not None for one in s])
    return found | {"all": pair_of(y[rows], p[rows])} if rows.any() else found


MISTAKES: dict[str, Report] = {
    "the pooled numbers stand under every scenario": pooled_for_all,
    "'all' holds the mean over scenarios: it is one AUC and one ratio over all rows": mean_for_all,
    "'all' holds the mean over scenarios, weighed by rows: it is one AUC and one ratio over all "
    "rows": mean_by_rows,
    "the AUC under 'all' is the mean of the scenarios' AUCs: call auc once on all rows": mean_auc,
    "'all' is None because one scenario is: all rows together hold both labels": none_spreads,
    "a scenario's mean of p is divided by the mean of y over all rows: take y of its own rows": (
        over_all_labels
    ),
    "the pair stands the other way round: it is (AUC, calibration)": exchanged,
    "p is cut at 0.5 before the AUC, which makes ties: give auc the probabilities": decided_first,
    "a scenario's positives are compared with the negatives of all scenarios: take its own rows "
    "first": against_the_rest,
    "'all' leaves out the scenarios that have no AUC: it has all rows": all_of_the_known,
    "a scenario of positives alone gets no calibration: that needs no negative": both_or_none,
    "the calibration ratio is upside down: predicted over observed": upside_down,
    "the calibration is a difference: it is a ratio of means": difference,
    "predictions of 0.5 and above are counted: take the mean of p": at_half,
    "the AUC is turned round: it counts negatives above positives": reversed_auc,
    "an AUC that nobody can tell is given as 0.5: it is None": half_if_unknown,
    "what nobody can tell is given as 0: it is None": zero_if_unknown,
    "ties count nothing in the AUC: they count half": ties_lost,
}

_shown = shown_by("report", "y", "p", "s")


def _read(value: Any, case: Case) -> dict[str, Any]:
    call, want = _shown(case), right_report(*case)
    names = ["all", *sorted(set(case[2].tolist()))]
    found = {}
    for name, pair in dictionary(value, names, call).items():
        if not isinstance(pair, tuple | list | np.ndarray) or len(pair) != 2:
            reject(f"{call}\nthe entry {name!r} must be (AUC, calibration), got {shorten(pair)}.")
        parts = zip(("the AUC", "the calibration"), pair, want[name], strict=True)
        found[str(name)] = tuple(
            as_number_or_none(one, f"{call}\n{what} of {name!r}", true is None)
            for what, one, true in parts
        )
    return found


def check_report(answer: Any) -> None:
    compare(
        answer,
        CASES,
        right_report,
        _read,
        _shown,
        MISTAKES,
        lambda case, at: f"{_shown(case)}\nthe entry {at[0]!r}",
    )


TASK = Task(
    id="21.4",
    prompt="AUC and calibration ratio of every scenario, and of all rows together.",
    check_answer=check_report,
    hints=(
        'The pair of all rows stands under "all"; then take s == name for each name in set(s).',
        "An AUC needs both labels: 0 < y.sum() < len(y). The ratio p.mean() / y.mean() needs a "
        "positive.",
        "def pair(y, p): return (auc(y, p) if 0 < y.sum() < len(y) else None, p.mean() / y.mean() "
        "if y.any() else None)",
    ),
    insight="The pooled AUC also pays for knowing which scenario clicks more; a feed has only one.",
)
