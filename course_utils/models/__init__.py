"""Networks of the course, one idea a file: formula, shapes and paper in the docstring.

All are made from ``(columns, tasks, ...)`` and give ``{task: [B]}``, so that one trainer, one set
of invariants (``tests/test_networks.py``) and one table serve them all. Sharing between tasks:
``SingleTask`` (none), ``SharedBottom``, ``DCN`` (it has products of columns below), ``MMoE``,
``PLE``. Tasks that need each other: ``ESMM``, ``ESCM2``, ``AITM``. Sharing between scenarios:
``STAR``, ``PEPNet``, ``HMoE``, ``M2M``. Scenarios and tasks at once: ``M3oE``.
"""

from course_utils.models.aitm import AITM
from course_utils.models.dcn import DCN
from course_utils.models.escm2 import ESCM2
from course_utils.models.esmm import ESMM
from course_utils.models.files import load, save
from course_utils.models.hmoe import HMoE
from course_utils.models.m2m import M2M
from course_utils.models.m3oe import M3oE
from course_utils.models.mmoe import MMoE
from course_utils.models.network import Network
from course_utils.models.pepnet import PEPNet
from course_utils.models.ple import PLE
from course_utils.models.shared_bottom import SharedBottom
from course_utils.models.single_task import SingleTask
from course_utils.models.star import STAR

__all__ = [
    "AITM",
    "DCN",
    "ESCM2",
    "ESMM",
    "M2M",
    "PLE",
    "STAR",
    "HMoE",
    "M3oE",
    "MMoE",
    "Network",
    "PEPNet",
    "SharedBottom",
    "SingleTask",
    "load",
    "save",
]
