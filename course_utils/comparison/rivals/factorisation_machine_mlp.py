"""A factorisation machine with an MLP on top of its products, a linear head a task and scenario.

Matches inner products, and functions of them that bend. The usual ranker of the field: PNN, and
DeepFM, which adds machine and MLP in place of stacking them.

Source: Qu et al., Product-based Neural Networks, ICDM 2016, https://arxiv.org/abs/1611.00144
"""

from __future__ import annotations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.inputs import as_given
from course_utils.comparison.networks import NetworkPerTask, network
from course_utils.comparison.space import TRUNKS, training
from course_utils.models.factorisation_machine import FactorisationMachine

NAME = "factorisation machine and MLP, heads"


def contender(ground: Ground) -> Contender:
    """For every ground; with one task and one scenario it has one head."""
    if not ground.joint:
        space = {**training(ground, alone=True), "trunk": TRUNKS}
        return NetworkPerTask(NAME, space, as_given, FactorisationMachine)
    return network(NAME, FactorisationMachine, {**training(ground), "trunk": TRUNKS})
