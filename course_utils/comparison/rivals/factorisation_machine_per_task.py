"""A factorisation machine for each task, with the scenario as one more column.

Matches inner products of columns, with each task learned from its own rows.

Source: Rendle, Factorization Machines, ICDM 2010, https://doi.org/10.1109/ICDM.2010.127
"""

from __future__ import annotations

from dataclasses import replace

from course_utils.columns import EVERYWHERE, Split, Table
from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.inputs import scenario_column
from course_utils.comparison.networks import NetworkPerTask
from course_utils.comparison.rivals.factorisation_machine import linear_space
from course_utils.models.factorisation_machine import FactorisationMachine

NAME = "factorisation machine per task"


def scenario_as_column(split: Split) -> Split:
    """``scenario_column``, and no scenario beside it: so there is one head."""
    wider = scenario_column(split)
    columns = replace(wider.train.columns, scenario=None, scenarios=(EVERYWHERE,))

    def of(table: Table) -> Table:
        return replace(table, columns=columns, scenario=table.scenario * 0)

    return Split(of(wider.train), of(wider.valid), of(wider.test))


def contender(ground: Ground) -> Contender:
    """For every ground."""
    space = linear_space(ground, alone=True)
    return NetworkPerTask(NAME, space, scenario_as_column, FactorisationMachine)
