"""Clicks, the dense task: how near does a network come to the visible AUC, without ids?

One shop at two sizes. The settings were found on another shop, number 900, by its test rows, so
they are about the best that one can hope for, for networks and regressions alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from shop_contenders import BY_SCENARIO, CROSSES, PRODUCTS, Setting, case, with_crosses

from course_utils.columns import EVERYWHERE
from course_utils.comparison import (
    ALL_ROWS,
    Case,
    Contender,
    crossed_logistic_regression,
    logistic_regression,
    shared_bottom,
)
from course_utils.comparison.judging import judge

TASK, SHOP = "click", 0
TRIPLES = (
    ("scenario", "segment", "category"),
    ("scenario", "segment", "brand"),
    ("scenario", "device", "position"),
)
FREE = {"learning_rate": 1e-3, "batch_size": 256, "epochs": 20, "patience": 2}
LONG = {"learning_rate": 3e-3, "batch_size": 1024, "epochs": 60, "patience": 10}
ON_CROSSES = {
    "learning_rate": 1e-3,
    "batch_size": 1024,
    "epochs": 30,
    "patience": 5,
    "weight_decay": 1.0,
    "embedding_l2": 5e-4,
    "trunk": (32,),
    "tower": (),
    "embedding_dim": 4,
}
PENALTIES: Mapping[int, Mapping[str, float]] = {
    60_000: {"weight_decay": 1.0, "embedding_l2": 5e-4},
    300_000: {"weight_decay": 0.3, "embedding_l2": 5e-4},
}
"""Of the long training; more rows need less."""

VISIBLE, BAYES = "visible AUC", "Bayes AUC"

Lines = dict[str, dict[str, float]]


def measured(n_train: int) -> Lines:
    """Contender -> AUC of the click over all test rows of the home feed, and of all scenarios,
    against the truth."""
    one = only_clicks(case(SHOP, Setting(n_train, False)))
    network = shared_bottom({})
    crossed = (*CROSSES, *TRIPLES, *PRODUCTS, *BY_SCENARIO)
    contenders: list[tuple[str, Contender, Mapping[str, Any]]] = [
        ("logistic regression", logistic_regression(), {"C": 0.1}),
        ("crossed logistic regression", crossed_logistic_regression(crossed), {"C": 0.03}),
        ("network, stopped early", network, FREE),
        ("network, penalties and patience", network, {**LONG, **PENALTIES[n_train]}),
        ("network on crosses", shared_bottom({}, with_crosses), ON_CROSSES),
    ]
    found = {
        name: aucs(contender.fit(one.split, SHOP, trial, [TASK], "test")[TASK], one)
        for name, contender, trial in contenders
    }
    return {**found, VISIBLE: aucs(one.visible[TASK], one), BAYES: aucs(one.truth[TASK], one)}


def only_clicks(one: Case) -> Case:
    """The same rows with the click as their only task."""
    tables = {
        name: replace(table, labels={TASK: table.labels[TASK]}, masks={})
        for name, table in vars(one.split).items()
    }
    return Case(
        type(one.split)(**tables),
        **{name: {TASK: getattr(one, name)[TASK]} for name in ("truth", "visible", "judged")},
    )


def aucs(said: Any, one: Case) -> dict[str, float]:
    """Scenario -> AUC against the truth."""
    lines = judge({TASK: said}, one)
    lines = lines[lines["rows"] == ALL_ROWS].set_index("scenario")["auc"]
    return {scenario: round(float(lines[scenario]), 5) for scenario in ("home", EVERYWHERE)}


MEASURED: Mapping[str, Callable[[], Lines]] = {
    f"{n:,} rows": partial(measured, n) for n in PENALTIES
}


def table(found: Mapping[str, Lines]) -> str:
    """A row for each contender, two columns for each size."""
    heads = [f"{size}, {where}" for size in found for where in ("home", EVERYWHERE)]
    lines = ["| click | " + " | ".join(heads) + " |", "|---" * (1 + len(heads)) + "|"]
    for name in next(iter(found.values())):
        cells = [f"{value:.4f}" for of in found.values() for value in of[name].values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
