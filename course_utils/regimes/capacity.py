"""Capacity: tasks that ask for more of the body than it has.

Products have d = 8 numbers x; q_1 ... q_8 are orthonormal, and |q_j . x| says how far a product
lies from the usual along one of eight ways. Each of six markets weighs all eight,

    l_k = a sum_j w_kj |q_j . x| / deviation,    w_1 ... w_6 orthonormal

chance of label 1 = sigmoid(l_k). A way needs two units, |z| = relu(z) + relu(-z): sixteen serve
all six markets. Nothing is hidden.

Why width should win: with fewer than 16 units something must be given up, and a balancing method
only chooses whose. A wider body gives up nothing, and learns the ways from six times as many
labels as a network a market does. Single numbers say nothing (l is even), squares and products
say much but not all, and trees cut along the numbers, not along q.

Why it should lose: what a unit learns costs rows. With ``n_train`` of a few hundred a body of 64
units fits noise, and squares and products in a logistic regression, 44 weights, are the better
prior.

Boundary, predicted: the gain of width over a narrow body with any balancing ends at 16 units; that
over the logistic regression with squares begins where six labels a row outnumber the weights of
16 units, (d + 1 + 6) 16 = 240, by ten times: at 400 rows.

Found by measuring, on seeds that served to search: with 300 rows the wide body is still ahead of
the logistic regression with squares, by .014 to .021. It has to be 80 rows for a loss. There the
wide body is above the narrow ones, so it is not width that fits noise; nor are steps lacking:
batches of 4 and 10 rows, in place of one of all, change the sign of nothing.

With every rival tuned alike (``results/matrix``) the wide body is .11 to .13 above every narrow one
with a balancing method, .002 below stacking, and at 80 rows nobody is shown to be above it.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from course_utils.balancing.aggregator import Aggregator
from course_utils.balancing.famo import FAMO
from course_utils.balancing.mgda import MGDA
from course_utils.balancing.pcgrad import PCGrad
from course_utils.balancing.weighting import Weighting
from course_utils.comparison import (
    Contender,
    network,
    stacking,
)
from course_utils.comparison.case import Case
from course_utils.comparison.ground import Ground
from course_utils.comparison.rivals.stacking import STRENGTHS
from course_utils.comparison.space import Space, network_space
from course_utils.models import SharedBottom
from course_utils.regimes.draws import FAMILIES, stream
from course_utils.regimes.family import Dial, Family, Maker
from course_utils.regimes.ways import TASKS, WAYS, six_markets

NAME = "Capacity"

DIALS = {"n_train": (50, 10_000)}
"""Dial -> its least and greatest sensible value; the other dial is the network's width."""


def make(
    seed: int,
    n_train: int = 2_000,
    n_valid: int = 2_000,
    n_test: int = 8_000,
    strength: float = 2.5,
) -> Case:
    """The case of the equation above.

    Args:
        n_train: with fewer rows, width costs more than it gives.
        strength: a.
    """
    draw, even = stream(seed, FAMILIES["capacity"]), np.zeros(len(TASKS))
    return six_markets(draw, even, n_train, n_valid, n_test, WAYS, strength)


def make_for_any_width(seed: int, n_train: float, width: float) -> Case:
    """``make``: the width is that of the narrow contenders."""
    return make(seed, int(n_train))


EQUAL = (1.0,) * len(TASKS)

WEIGHTS = [
    EQUAL,
    *(
        tuple(map(float, w))
        for w in np.round(10 ** np.random.default_rng(7).uniform(-1, 0, (2, 6)), 3)
    ),
]
"""Of the losses in a narrow body: equal, and drawn from .1 to 1."""


METHOD = "wide shared bottom"

WIDE = ((64,), (128,), (256,))


def wide(ground: Ground, **_: float) -> Contender:
    """Equal weights, and room."""
    space = {**network_space(ground), "trunk": WIDE, "task_weights": (0.0,)}
    return network(METHOD, SharedBottom, space)


def narrow_space(ground: Ground, width: float) -> Space:
    """Of all that must do with ``width`` units."""
    return {**network_space(ground), "trunk": ((int(width),),)}


def narrow(
    method: type[Weighting] | type[Aggregator], ground: Ground, width: float, **_: float
) -> Contender:
    """The narrow body, balanced."""
    name = f"narrow, {method.__name__}"
    return network(name, SharedBottom, narrow_space(ground, width), balance=method)


def narrow_weights(ground: Ground, width: float, **_: float) -> Contender:
    """The narrow body, equal weights or others, drawn from .1 to 1."""
    drawn = np.round(10 ** np.random.default_rng(7).uniform(-1, 0, (3, len(TASKS))), 3)
    weights = ((1.0,) * len(TASKS), *(tuple(map(float, w)) for w in drawn))
    space = {**narrow_space(ground, width), "task_weights": weights}
    return network("narrow, tuned weights", SharedBottom, space)


def narrow_stacking(ground: Ground, width: float, **_: float) -> Contender:
    """The narrow body, and a regression for each market on its logits."""
    return stacking(narrow_space(ground, width), STRENGTHS, name="narrow, stacking")


METHODS: dict[str, Maker] = {
    METHOD: wide,
    "narrow, tuned weights": narrow_weights,
    "narrow, MGDA": partial(narrow, MGDA),
    "narrow, PCGrad": partial(narrow, PCGrad),
    "narrow, FAMO": partial(narrow, FAMO),
    "narrow, stacking": narrow_stacking,
}


FAMILY = Family(
    method=METHOD,
    make=make_for_any_width,
    methods=METHODS,
    across=Dial("width", (4, 8, 16), "units of the narrow shared bottom"),
    up=Dial("n_train", (80, 400, 2_000), "training rows"),
    boundary=((4.0, 400.0), (16.0, 400.0), (16.0, 4_000.0)),
    wins={"width": 8, "n_train": 2_000},
    loses={"width": 8, "n_train": 80},
    without=("Shared-Bottom",),
    truth="the absolute values of eight sums of numbers, mixed by each market",
)
