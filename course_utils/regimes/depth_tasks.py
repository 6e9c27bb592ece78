"""Three frequent tasks and a starved one on the dial of depth: which structure pays when?

(``depth.py`` has the equation and what was predicted.) The purchase is judged. MMoE and PLE are
tried beside the zoo.
"""

from __future__ import annotations

from course_utils.regimes.depth import make_tasks
from course_utils.regimes.depth_scenarios import FAR
from course_utils.regimes.family import Family, Maker
from course_utils.regimes.mmoe import mmoe
from course_utils.regimes.ple import ple

METHODS: dict[str, Maker] = {"MMoE": mmoe, "PLE": ple}

DEPTHS = (0.0, 0.25, 0.5, 0.75, 1.0)

SHORT = (
    "MMoE",
    "PLE",
    "Shared-Bottom",
    "factorisation machine, heads",
    "factorisation machine and MLP, heads",
    "pretrained, then fine-tuned",
    "frozen trunk, logistic regression",
    "stacking",
    "network per task",
)
"""As in ``depth_scenarios.py``."""

ALSO = {
    **{f"depth {d:g}": {"depth": d} for d in DEPTHS},
    **{f"depth {d:g}, 100 labels": {"depth": d, "few": 100} for d in (0.0, 1.0)},
    **{f"depth {d:g}, 2,000 labels": {"depth": d, "few": 2_000} for d in (0.0, 1.0)},
    **{f"depth {d:g}, related": {"depth": d, "related": 1.0} for d in (0.0, 1.0)},
}

FAMILY = Family(
    method="MMoE",
    make=make_tasks,
    methods=METHODS,
    also=ALSO,
    task="purchase",
    beside=("PLE",),
    without=FAR,
    truth="inner products, or a network of them, mixed by each task",
    matches="factorisation machine, heads",
    only={end: SHORT for end in ALSO if end not in ("depth 0", "depth 1")},
)
