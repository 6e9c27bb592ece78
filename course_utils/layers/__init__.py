"""Parts that the networks share: embeddings, layers side by side, towers, gates, star layers."""

from course_utils.layers.container import Container
from course_utils.layers.dropout import Dropout
from course_utils.layers.embed import Embed
from course_utils.layers.gate import GateNU
from course_utils.layers.meta import MetaUnit
from course_utils.layers.parallel import ParallelDense, ParallelMLP, mix
from course_utils.layers.scenarios import own
from course_utils.layers.star import PartitionedNorm, StarDense
from course_utils.layers.towers import Towers

__all__ = [
    "Container",
    "Dropout",
    "Embed",
    "GateNU",
    "MetaUnit",
    "ParallelDense",
    "ParallelMLP",
    "PartitionedNorm",
    "StarDense",
    "Towers",
    "mix",
    "own",
]
