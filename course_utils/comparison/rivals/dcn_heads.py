"""One DCN for all tasks and scenarios, with a linear head for each task in each scenario.

Matches products of few columns that are the same everywhere and count otherwise in each scenario
or task.

Source: Wang et al., DCN V2, WWW 2021, https://arxiv.org/abs/2008.13535
"""

from __future__ import annotations

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground
from course_utils.comparison.rivals.dcn_per_task import CROSSES
from course_utils.comparison.rivals.shared_bottom_heads import with_heads
from course_utils.comparison.space import network_space
from course_utils.models import DCN

NAME = "DCN, heads"


def contender(ground: Ground) -> Contender | None:
    """Where there is anything to share."""
    return with_heads(NAME, DCN, {**network_space(ground), "crosses": CROSSES}, ground)
