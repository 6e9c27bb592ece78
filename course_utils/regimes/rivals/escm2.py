"""ESCM2: what do the weights do that its body does not?

ESCM2's body is an MMoE, which no rival of the family's file has. So the table could not tell the
weights from the body. Here the same body learns clicked rows as they are, and is tuned like all.
"""

from __future__ import annotations

from dataclasses import replace

from course_utils.columns import Split
from course_utils.comparison import Contender, network
from course_utils.models import MMoE
from course_utils.regimes import escm2
from course_utils.regimes.escm2 import contenders as first_contenders

NAME = escm2.NAME

BODY = "MMoE, no weights"

OF_THE_WEIGHTS = ("cvr", "ctcvr", "clip")


def contenders(split: Split, **dials: float) -> list[Contender]:
    """Those of the family, and ESCM2's body without its weights."""
    known = first_contenders(split, **dials)
    grid = {name: values for name, values in known[0].grid.items() if name not in OF_THE_WEIGHTS}
    return [*known, network(BODY, MMoE, grid)]


DIAGRAM = replace(escm2.DIAGRAM, contenders=contenders)
