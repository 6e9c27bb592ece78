"""Task 21.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from answers import Proof, Wrong
from course_utils.exercises.l21.report_slips import (
    against_the_rest,
    all_of_the_known,
    at_half,
    both_or_none,
    decided_first,
    difference,
    exchanged,
    half_if_unknown,
    mean_auc,
    mean_by_rows,
    mean_for_all,
    none_spreads,
    over_all_labels,
    pooled_for_all,
    reversed_auc,
    right_report,
    ties_lost,
    ties_won,
    upside_down,
    zero_calibration,
    zero_if_unknown,
)


def _by_pairs(y: Any, p: Any, s: Any) -> dict[str, list[Any]]:
    """Every positive against every negative, by hand."""
    found: dict[str, list[Any]] = {}
    for name in [*dict.fromkeys(s.tolist()), "all"]:
        rows = [i for i in range(len(y)) if name in ("all", s[i])]
        up = [p[i] for i in rows if y[i]]
        down = [p[i] for i in rows if not y[i]]
        wins = sum((a > b) + 0.5 * (a == b) for a in up for b in down)
        found[name] = [
            wins / (len(up) * len(down)) if up and down else None,
            sum(p[i] for i in rows) / len(up) if up else None,
        ]
    return found


def _with_sklearn(y: Any, p: Any, s: Any) -> dict[str, Any]:
    masks = [("all", s == s)] + [(name, s == name) for name in np.unique(s)]
    return {
        name: (
            roc_auc_score(y[of], p[of]) if len(set(y[of])) > 1 else None,
            np.float32(p[of].mean() / y[of].mean()) if y[of].max() else None,
        )
        for name, of in masks
    }


def _scenarios_alone(y: Any, p: Any, s: Any) -> dict[str, Any]:
    return {name: pair for name, pair in right_report(y, p, s).items() if name != "all"}


def _known_alone(y: Any, p: Any, s: Any) -> dict[str, Any]:
    return {name: pair for name, pair in right_report(y, p, s).items() if None not in pair}


def _nan_mean(y: Any, p: Any, s: Any) -> dict[str, Any]:
    """A mean over scenarios; where no scenario has a number, nan."""
    found = {name: pair for name, pair in right_report(y, p, s).items() if name != "all"}
    told: list[Any] = [[pair[k] for pair in found.values() if pair[k] is not None] for k in (0, 1)]
    return found | {"all": tuple(float(np.mean(one)) if one else np.nan for one in told)}


PROOF = Proof(
    task="21.4",
    right=[_by_pairs, _with_sklearn],
    wrong=[
        Wrong(pooled_for_all, "the pooled numbers stand under every", silent=True),
        Wrong(mean_for_all, "'all' holds the mean over scenarios", silent=True),
        Wrong(mean_by_rows, "weighed by rows", silent=True),
        Wrong(mean_auc, "call auc once on all rows", silent=True),
        Wrong(none_spreads, "because one scenario is", silent=True),
        Wrong(over_all_labels, "take y of its own rows", silent=True),
        Wrong(exchanged, "the other way round: it is (AUC, calibration)", silent=True),
        Wrong(decided_first, "cut at 0.5 before the AUC", silent=True),
        Wrong(against_the_rest, "with the negatives of all scenarios", silent=True),
        Wrong(all_of_the_known, "leaves out the scenarios", silent=True),
        Wrong(both_or_none, "positives alone gets no", silent=True),
        Wrong(upside_down, "upside down", silent=True),
        Wrong(difference, "is a difference", silent=True),
        Wrong(at_half, "predictions of 0.5 and above", silent=True),
        Wrong(reversed_auc, "turned round", silent=True),
        Wrong(half_if_unknown, "is given as 0.5", silent=True),
        Wrong(zero_if_unknown, "is given as 0: it is None", silent=True),
        Wrong(zero_calibration, "without a positive is given as 0", silent=True),
        Wrong(ties_lost, "ties count nothing", silent=True),
        Wrong(ties_won, "ties count as won", silent=True),
        Wrong(_nan_mean, "'all' holds the mean over scenarios: it", silent=True),
        Wrong(_scenarios_alone, "no entry for 'all'"),
        Wrong(_known_alone, "no entry for 'mail'"),
        Wrong(
            lambda y, p, s: {name: pair[0] for name, pair in right_report(y, p, s).items()},
            "must be (AUC, calibration)",
        ),
    ],
)
