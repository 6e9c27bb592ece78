"""Lesson 21: what goes wrong in task 21.4, as functions that do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.metrics import auc, calibration_ratio

Pair = tuple[float | None, float | None]
Report = Callable[..., dict[str, Pair]]


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
zero_calibration = _each(lambda pair, y, p: (pair[0], pair[1] or 0.0))
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


def _ties_won(pair: Pair, y: Any, p: Any) -> Any:
    if pair[0] is None:
        return pair
    gaps = np.subtract.outer(p[y == 1], p[y == 0])
    return float((gaps >= 0).mean()), pair[1]


ties_won = _each(_ties_won)
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
    "a calibration without a positive is given as 0: it is None": zero_calibration,
    "ties count nothing in the AUC: they count half": ties_lost,
    "ties count as won in the AUC: they count half": ties_won,
}
