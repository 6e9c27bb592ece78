"""PLE: likes that all tasks share, switched by the occasion, beside one of each task alone.

The market of MMoE, where market, hour and device decide which of four likes f_r(x) counts, for
each task by its own gate g_t, and where each task has a like own_t(x) of itself alone:

    l_t = base + a (c sum_r g_tr(u) f_r(x) + sqrt(1 - c^2) own_t(x)),     chance = sigmoid(l_t)

Every task has a label on every row: view, click and purchase. Nothing is hidden.

Why it should win at c = .9: four fifths of a logit's variance are likes of all, for which three
tasks have three times the labels of one, and which gates pick by the occasion; a fifth is of one
task alone. Shared experts hold the first, an own expert the second, and no other task's gradient
reaches it. Shared-Bottom has one body for products of all tasks and for all their own likes; a
network a task learns the shared likes from a third of the labels.

Why it should lose at c = 0: nothing is shared and nothing switches. Each task is a sum of single
columns, logistic regression is the true model, and shared experts can only disturb. At c = 1
nothing is private, and own experts are weights too many.

Boundary, predicted: the network a task has the private part as well as PLE has it, and is behind
only by what sharing gives, which shrinks with c^2. Where half of the logit is private, c = .7,
that is nothing to show for the gates and experts more, and the tie is there. With fewer rows
gates are not learned, as in MMoE's market, and the boundary rises to c = 1 near 4,000.

MMoE is no rival here, since it is no plain one. It stands beside PLE in the table.

The boundary was predicted for a market of twenty values a column; MMoE's file tells why there are
sixty now.
"""

from __future__ import annotations

from course_utils.comparison import Contender, network
from course_utils.comparison.case import Case
from course_utils.comparison.ground import Ground
from course_utils.comparison.space import training
from course_utils.models import PLE
from course_utils.regimes.family import Dial, Family, Maker
from course_utils.regimes.mmoe import STRUCTURE, mmoe
from course_utils.regimes.mmoe import make as market_of_mmoe

NAME = "PLE"

DIALS = {"c": (0.0, 1.0), "n_train": (2_000, 30_000)}
"""Dial -> its least and greatest sensible value."""


def make(seed: int, c: float = 0.9, n_train: int = 10_000) -> Case:
    """The case of the equation above.

    Args:
        c: weight of the likes that all tasks share; MMoE's dial ``switch``.
    """
    return market_of_mmoe(seed, switch=c, n_train=n_train)


def ple(ground: Ground, **_: float) -> Contender:
    """PLE of one level."""
    experts = {"levels": (1,), "own": (1, 2), "shared": (1, 2, 4), **STRUCTURE}
    del experts["experts"]
    return network(NAME, PLE, {**training(ground), **experts})


METHODS: dict[str, Maker] = {NAME: ple, "MMoE": mmoe}


FAMILY = Family(
    method=NAME,
    make=make,
    methods=METHODS,
    across=Dial("n_train", (2_500, 10_000), "training rows"),
    up=Dial("c", (0.0, 0.5, 0.9), "weight of what all tasks share"),
    boundary=((2_000, 1.0), (4_000, 0.85), (10_000, 0.7), (30_000, 0.6)),
    wins={"n_train": 10_000, "c": 0.9},
    loses={"n_train": 10_000, "c": 0.0},
    beside=("MMoE",),
    truth="the market of MMoE, and a sum of each task alone",
)
