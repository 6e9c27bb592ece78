"""Factorisation machine: l = w_s . [e(x), <v_i, v_j> for i < j], a linear head a task and scenario.

Matches inner products of columns that are the same everywhere and count otherwise in each scenario
or task: what a value is like is learned from all rows, how much that counts from a scenario's own.

Source: Rendle, Factorization Machines, ICDM 2010, https://doi.org/10.1109/ICDM.2010.127
"""

from __future__ import annotations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.networks import network
from course_utils.comparison.space import Space, training
from course_utils.models.factorisation_machine import FactorisationMachine

NAME = "factorisation machine, heads"


def linear_space(ground: Ground, alone: bool = False) -> Space:
    """``training`` of a machine without an MLP: nothing to drop, and smaller embeddings."""
    return {**training(ground, alone), "dropout": (0.0,), "embedding_dim": (1, 2, 3, 5, 8, 16)}


def contender(ground: Ground) -> Contender | None:
    """Where there is anything to share."""
    return network(NAME, FactorisationMachine, linear_space(ground)) if ground.joint else None
