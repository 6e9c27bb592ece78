"""Direction: three markets pull a narrow body one way, one market another.

Products have d numbers x; q_0, q_1, ... are orthonormal. Markets A and C want much of what q_0
measures, s = +1, and market B wants little of it, s = -1.

    market k of the majority (A, B, C):  l_k = s_k a (q_0 + jitter q_k+2) . x / its length
    the minority's market, D:            l   = a ((1 - kin) q_1 + kin q_0) . x / its length

chance of label 1 = sigmoid(l). One body of ``width`` ReLU units serves all four, because serving
has no room for more. Judged by the worst of the four markets. Nothing is hidden.

The rivals are what else may be done with one body of this width: the sum of the losses, fixed
weights of the minority, other aggregators, one score for all markets. So the verdict is among
the models that this limit of serving allows. Where it does not bind, a wide body, a network per
task and a logistic regression a market are all better.

Why an aggregator should win at width 1: the sum of losses is least where the body serves the
majority alone; a fixed weight moves it, but the loss has two separate valleys, one for each
side, and no weight has its minimum between them (for linear bodies: Hu et al., Revisiting
Scalarization in Multi-Task Learning, NeurIPS 2023, https://arxiv.org/abs/2308.13985). MGDA and
UPGrad step only where no task gets worse, and stay between.

Why it should lose: with width >= 2, both directions fit and the sum has nothing to give up (Wu,
Zhang and Re, ICLR 2020); and as kin goes to 1 there is no conflict. The mean over markets is
lower at any width. And no method beats what needs no body: a logistic regression a market.

Boundary, predicted: width 1 against width 2, the rank of the tasks together.

Found by measuring, on seeds that served to search: as long as all three markets of the majority
want *much* of q_0, no aggregator is needed. One score for all markets, in which the minority counts
three times, is the compromise (worst market .76, MGDA .50 to .72). So market B was turned round:
one score cannot serve A and B. Kinship ends the gain early: at kin = .5 the two valleys are one,
and a fixed weight of 2.5 or 3 has its minimum between the directions. UPGrad keeps the length of
the gradients; with unit gradients it gains .021 to .040 and still stays on one side.

Found by a reader: who is judged by the worst market may put the worst loss into the objective, as
a smooth maximum does; MGDA was below it.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from course_utils.balancing.aggregator import Aggregator
from course_utils.balancing.imtl_g import IMTLG
from course_utils.balancing.mgda import MGDA
from course_utils.balancing.pcgrad import PCGrad
from course_utils.balancing.upgrad import UPGrad
from course_utils.comparison import WORST, Contender, network
from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.comparison.ground import Ground
from course_utils.comparison.inputs import as_given
from course_utils.comparison.rivals import zoo
from course_utils.comparison.rivals.smooth_maximum import NAME as SMOOTH
from course_utils.comparison.rivals.smooth_maximum import SmoothMaxima
from course_utils.comparison.space import Space
from course_utils.models import SharedBottom
from course_utils.regimes.draws import FAMILIES, chance, happens, stream
from course_utils.regimes.family import Dial, Family, Maker

NAME = "Direction"

MAJORITY, MINORITY = ("market A", "market B", "market C"), "market D"

SIGNS = (1.0, -1.0, 1.0)
"""Of q_0 in the majority's markets."""

DIALS = {"kin": (0.0, 1.0)}
"""Dial -> its least and greatest sensible value; the other dial is the network's width."""


def make(
    seed: int,
    kin: float = 0.0,
    jitter: float = 0.2,
    n_train: int = 3_000,
    n_valid: int = 2_000,
    n_test: int = 8_000,
    numbers: int = 8,
    strength: float = 2.5,
) -> Case:
    """The case of the equation above.

    Args:
        kin: how much of the minority's taste is the majority's.
        jitter: how much the markets of the majority differ.
        numbers: d, 5 or more.
        strength: a.
    """
    draw, n = stream(seed, FAMILIES["direction"]), n_train + n_valid + n_test
    x = np.round(draw.normal(size=(n, numbers)), 3)
    q = np.linalg.qr(draw.normal(size=(numbers, numbers)))[0].T
    ways = {
        task: sign * (q[0] + jitter * q[2 + k])
        for k, (task, sign) in enumerate(zip(MAJORITY, SIGNS, strict=True))
    }
    ways[MINORITY] = (1.0 - kin) * q[1] + kin * q[0]
    chances = {
        task: chance(strength * (x @ way) / np.linalg.norm(way)) for task, way in ways.items()
    }
    labels = {task: happens(draw, p) for task, p in chances.items()}
    rows = Rows(np.zeros((n, 0), int), x, chances, labels, masks={})
    return rows.cut(columns_of({}, [f"x{k}" for k in range(numbers)]), n_train, n_valid)


def make_for_any_width(seed: int, kin: float, width: float) -> Case:
    """``make``: the width is the contenders' alone."""
    return make(seed, kin)


class OneScore(SharedBottom):
    """Shared-Bottom with one tower for all tasks: what is said of one market is said of all."""

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        said = super().call(inputs, training)
        return dict.fromkeys(said, next(iter(said.values())))


WEIGHTS = (1.0, 2.0, 2.5, 3.0)
"""Of the minority's loss, beside 1 for each of the three others."""


def training_of(width: float) -> Space:
    """One body of this width, with large batches and enough steps to come to rest.

    All tasks are served by the weights of one epoch.
    """
    return {
        "trunk": ((int(width),),),
        "tower": ((),),
        "learning_rate": (1e-2, 3e-2, 1e-1),
        "batch_size": (1_000,),
        "epochs": (100, 300),
        "patience": (300,),
        "keep": ("sum",),
        "dropout": (0.0,),
        "weight_decay": (0.0,),
        "embedding_l2": (0.0,),
        "task_weights": (0.0,),
    }


def aggregated(method: type[Aggregator], ground: Ground, width: float, **_: float) -> Contender:
    """The body, its tasks' gradients aggregated."""
    return network(method.__name__, SharedBottom, training_of(width), balance=method)


def weighed(ground: Ground, width: float, **_: float) -> Contender:
    """The body, the minority's loss counting more."""
    weights = tuple((1.0, 1.0, 1.0, w) for w in WEIGHTS)
    space = {**training_of(width), "task_weights": weights}
    return network("tuned fixed weight", SharedBottom, space)


def one_score(ground: Ground, width: float, **_: float) -> Contender:
    """One tower for all, the minority's loss counting more."""
    weights = tuple((1.0, 1.0, 1.0, w) for w in WEIGHTS)
    return network("one score", OneScore, {**training_of(width), "task_weights": weights})


def smooth_maximum(ground: Ground, width: float, **_: float) -> Contender:
    """The body, the worst loss deciding."""
    return SmoothMaxima(SMOOTH, training_of(width), as_given)


METHODS: dict[str, Maker] = {
    "MGDA": partial(aggregated, MGDA),
    "UPGrad": partial(aggregated, UPGrad),
    "PCGrad": partial(aggregated, PCGrad),
    "IMTLG": partial(aggregated, IMTLG),
    "tuned fixed weight": weighed,
    "one score": one_score,
    SMOOTH: smooth_maximum,
}

FREE = ("logistic regression", "network per task")
"""Free of the limit: each market has a model of its own."""


FAMILY = Family(
    method="MGDA",
    make=make_for_any_width,
    methods=METHODS,
    across=Dial("width", (1, 2, 8), "units of the shared bottom"),
    up=Dial("kin", (0.0, 0.5, 1.0), "kinship of the minority's taste"),
    boundary=((1.5, 0.0), (1.5, 1.0)),
    wins={"width": 1, "kin": 0.0},
    loses={"width": 1, "kin": 0.5},
    task=WORST,
    beside=FREE,
    without=tuple(one for one in zoo() if one not in FREE),
    truth="one weighted sum of numbers for each market",
    matches="logistic regression",
)
