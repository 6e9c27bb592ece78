"""MMoE: which taste decides depends on the occasion, and each task asks its own way.

R tastes f_r(x), each additive in three columns of a customer and a product, of deviation 1. An
occasion u is market, hour and device. For each task t and taste r it has a score s_tr(u), additive
in these three columns, and the taste of the greatest score decides (softly):

    g_t(u) = softmax over r of s_tr(u) / .1
    l_t = base + a (switch sum_r g_tr(u) f_r(x) + sqrt(1 - switch^2) own_t(x))

own_t is one more additive taste, of task t alone and the same on every occasion. Every task has
a label on every row: view, click and purchase. Nothing is hidden.

Why it should win at switch = 1: this is MMoE's own equation, experts that say a taste and gates
that read the occasion, a softmax of sums. An expert is trained by all rows of all tasks on which
it is chosen, whatever the occasion. Shared-Bottom has to build each product of a taste and a
choice out of hidden units that switch off, anew for every task; a network a task does so from a
third of the labels. Crosses of two columns miss that the choice depends on three more; stacking
hears of the other tasks what they think of another taste.

Why it should lose at switch = 0: each task follows likes of its own, a sum over single columns.
Logistic regression is the true model; gates can only fit noise, and nothing is shared.

Boundary, predicted: the part that switches has the share switch^2 of the logit's variance. With a
quarter of it (switch = .5) the products are worth about what the additive part costs a network,
and the tie is there. Gates have to be learned too: with fewer rows than some 4,000 they are not,
and the boundary rises to switch = 1.

Found by measuring, and the reason for sixty values a column: with twenty MMoE won by .003 and more
over the rivals of that time, but an MMoE for each task alone is as good (-.004 to +.002), and so is
a DCN for each task (-.004 to +.003): sharing was not needed for the 240 effects of the tastes.
There are 720 now. The boundary was predicted with twenty.
"""

from __future__ import annotations

import numpy as np

from course_utils.comparison import (
    Contender,
    network,
    network_per_task,
)
from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.comparison.ground import Ground
from course_utils.comparison.space import training
from course_utils.models import MMoE
from course_utils.regimes.draws import FAMILIES, centred, chance, happens, stream
from course_utils.regimes.family import Dial, Family, Maker

NAME = "MMoE"

TASKS = ("view", "click", "purchase")

COLUMNS, OCCASION = ("customer", "category", "brand"), ("market", "hour", "device")

SOFTNESS = 0.1
"""What scores are divided by: on most occasions one taste has nearly all the weight."""

DIALS = {"switch": (0.0, 1.0), "n_train": (2_000, 30_000)}
"""Dial -> its least and greatest sensible value."""


def make(
    seed: int,
    switch: float = 1.0,
    n_train: int = 10_000,
    tastes: int = 4,
    values: int = 60,
    occasions: int = 8,
    n_valid: int = 2_000,
    n_test: int = 6_000,
    strength: float = 3.0,
    base: float = -0.5,
) -> Case:
    """The case of the equation above.

    Args:
        tastes: R.
        values: of each column of customer and product.
        occasions: values of market, of hour, of device.
        strength: a.
    """
    draw, n = stream(seed, FAMILIES["mmoe"]), n_train + n_valid + n_test
    likes = _effects(draw, tastes + len(TASKS), len(COLUMNS), values)
    scores = _effects(draw, len(TASKS) * tastes, len(OCCASION), occasions)
    codes = draw.integers(values, size=(len(COLUMNS), n))
    occasion = draw.integers(occasions, size=(len(OCCASION), n))
    felt, own = np.split(_sums(likes, codes), [tastes])  # [R, n], [K, n]
    asked = _sums(scores, occasion).reshape(len(TASKS), tastes, n) / SOFTNESS
    gates = np.exp(asked - asked.max(1, keepdims=True))
    gates /= gates.sum(1, keepdims=True)
    wishes = switch * (gates * felt).sum(1) + np.sqrt(1.0 - switch**2) * own
    chances = {task: chance(base + strength * w) for task, w in zip(TASKS, wishes, strict=True)}
    labels = {task: happens(draw, p) for task, p in chances.items()}
    rows = Rows(np.stack([*codes, *occasion], 1), np.zeros((n, 0)), chances, labels, masks={})
    sizes = {**dict.fromkeys(COLUMNS, values), **dict.fromkeys(OCCASION, occasions)}
    return rows.cut(columns_of(sizes), n_train, n_valid)


def _effects(draw: np.random.Generator, rows: int, columns: int, values: int) -> np.ndarray:
    """``[rows, columns, values]``; sums over the columns have mean 0 and deviation 1."""
    drawn = centred(draw.normal(size=(rows * columns, values)))
    return drawn.reshape(rows, columns, values) / np.sqrt(columns)


def _sums(effects: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """``[rows, n]``: the effects of each row's codes, ``[columns, n]``, added up."""
    return np.asarray(sum(effects[:, c, code] for c, code in enumerate(codes)))


STRUCTURE = {
    "experts": (2, 4, 8),
    "expert": ((16,), (32,), (64,), (64, 32)),
    "tower": ((),),
}
"""What is tuned of MMoE beyond its training."""


def mmoe(ground: Ground, **_: float) -> Contender:
    """MMoE."""
    return network(NAME, MMoE, {**training(ground), **STRUCTURE})


def mmoe_per_task(ground: Ground, **_: float) -> Contender:
    """MMoE without a second task to share with: one gate."""
    space = {**training(ground, alone=True), **STRUCTURE}
    return network_per_task(space, name="MMoE per task", build=MMoE)


METHODS: dict[str, Maker] = {NAME: mmoe, "MMoE per task": mmoe_per_task}


FAMILY = Family(
    method="MMoE",
    make=make,
    methods=METHODS,
    across=Dial("n_train", (2_500, 5_000, 10_000), "training rows"),
    up=Dial("switch", (0.0, 0.5, 1.0), "weight of the part that switches"),
    boundary=((2_000, 1.0), (4_000, 0.7), (10_000, 0.5), (30_000, 0.4)),
    wins={"n_train": 10_000, "switch": 1.0},
    loses={"n_train": 10_000, "switch": 0.0},
    beside=("MMoE per task",),
    truth="one of four sums of columns, chosen by a softmax of other sums",
)
