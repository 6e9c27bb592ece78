"""Shared-Bottom with a head for each task in each scenario.

Matches scenarios that are mixtures of the same hidden features.

Source: as ``shared_bottom``, with scenarios as tasks
"""

from __future__ import annotations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.heads import HeadPerScenario
from course_utils.comparison.inputs import as_given
from course_utils.comparison.networks import network
from course_utils.comparison.space import Space, network_space
from course_utils.comparison.trainers import Build
from course_utils.models import SharedBottom

NAME = "Shared-Bottom, head per scenario"


class Heads(HeadPerScenario):
    """``HeadPerScenario`` on any network that has a tower a task.

    Where there is one task, its towers stop at the epoch that is best for their sum, and so at the
    task's own best.
    """

    def __init__(self, name: str, build: Build, grid: Space) -> None:
        alike: Space = {**grid, "keep": ("sum",), "task_weights": (0.0,)}
        self.inner = network(name, build, alike, as_given)
        Contender.__init__(self, name, self.inner.grid)


def with_heads(name: str, build: Build, grid: Space, ground: Ground) -> Contender | None:
    """One body; a head a task, and where there are scenarios one for each of them too."""
    if not ground.joint:
        return None
    return Heads(name, build, grid) if ground.scenarios > 1 else network(name, build, grid)


def contender(ground: Ground) -> Contender | None:
    """Where there are several scenarios."""
    if ground.scenarios < 2:
        return None
    return with_heads(NAME, SharedBottom, network_space(ground), ground)
