"""The plain rivals that stand in every table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from course_utils.columns import Split
from course_utils.comparison.boosting import gradient_boosting
from course_utils.comparison.contender import Contender
from course_utils.comparison.heads import head_per_scenario
from course_utils.comparison.inputs import standardised_within
from course_utils.comparison.logistic import crossed_logistic_regression, logistic_regression
from course_utils.comparison.networks import (
    WIDTHS,
    dcn_per_task,
    network_per_scenario,
    network_per_task,
    shared_bottom,
    standardised_column_network,
)
from course_utils.comparison.rates import MANY_VALUES, smoothed_rates
from course_utils.comparison.stacking import stacking


def plain_rivals(
    split: Split,
    crosses: Sequence[Sequence[str]] | None = None,
    grid: Mapping[str, Sequence[Any]] = WIDTHS,
) -> list[Contender]:
    """All rivals that mean something for such columns, tasks and scenarios.

    Always both logistic regressions, gradient boosting, the network and the DCN per task. With
    several tasks Shared-Bottom, stacking, and smoothed rates where a column has 100 values or more.
    With several scenarios the logistic regression and the network per scenario, and Shared-Bottom
    with a head for each; and where there are numbers, the column network and gradient boosting on
    numbers standardised within each scenario.

    Args:
        crosses: of the crossed logistic regression; None for all pairs.
        grid: widths and settings of training of all networks among them.
    """
    columns, several = split.train.columns, len(split.train.labels) > 1
    found: list[Contender] = [
        logistic_regression(),
        crossed_logistic_regression(crosses),
        gradient_boosting(),
        network_per_task(grid),
        dcn_per_task(grid),
    ]
    if several:
        found += [shared_bottom(grid), stacking(grid)]
    if several and any(size > MANY_VALUES for size in columns.sizes):
        found.append(smoothed_rates())
    if len(columns.scenarios) > 1:
        scenario = columns.scenario or "scenario"
        own = [
            (scenario, one) for one in (*columns.vocabulary, *columns.numbers) if one != scenario
        ]
        found += [
            crossed_logistic_regression(own, name="logistic regression per scenario"),
            network_per_scenario(grid),
            head_per_scenario(grid),
        ]
        if columns.numbers:
            found.append(standardised_column_network(grid))
            found.append(
                gradient_boosting(None, standardised_within, "standardised gradient boosting")
            )
    return found
