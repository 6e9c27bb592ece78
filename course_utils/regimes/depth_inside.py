"""A market that acts inside the network: some hidden units count there, others do not.

The dials of ``depth.py`` leave what a market does to the last step: its own weights of tastes that
all markets share. A linear head for each market has just this form, so nothing there asks for more.
Here twelve markets have one teacher of two hidden layers, and each multiplies the units of the
first one by gates of its own before the second reads them:

    f_s = (V' tanh(g (W2' (m_s * tanh(g (W1' P' z + b1))) + b2)) - mean_s) / deviation_s
    l = base + a f_s,     chance of a click = sigmoid(l)
    m_s = 1 + inside (gate_s - 1),     gate_s 2 for half of the units, drawn for each market, else 0

z, P, W1, b1, W2, b2 are those of ``deep_tastes.py``. V is drawn and then turned: in no market is
f_s correlated with the projection P' z. At ``inside`` = 0 all markets follow one function; at 1 two
markets have a quarter of the units in common, and their functions a correlation of .2 on average.
Columns, rows and markets are those of ``depth.py``; nothing is hidden. Main effects explain less
than .1 of a market's logit, pairs of columns .2 to .5 on average (``explained_inside``).

What matches the truth: PEPNet's tower, whose gates of 0 to 2 are this equation, and STAR, whose
product of a shared and a market's own matrix has a row of zeros where a gate is 0. It is their own
form, as inner products are the factorisation machine's: the question is whether 1,000 rows a market
are enough to learn it, and whether what is simpler comes as far. A trunk with a head for each
market must hold the units of all markets side by side: second-layer units for each gate.

Predicted before any contender was measured here:

1. At inside = 0 the network that cannot see the market is first, heads are within .01 of it, STAR
   and PEPNet .01 to .03 below.
2. At inside = 1 with 12,000 rows nobody is near the best possible; Shared-Bottom with heads, the
   fine-tuned trunk, STAR and PEPNet lie within .02 of each other, a network a market below them.
3. At inside = 1 with 36,000 rows PEPNet is above Shared-Bottom with heads, by .01 to .03, and above
   the fine-tuned trunk by less. STAR, which has more weights to learn, is between them.
4. At inside = .5 no difference between PEPNet and heads is shown with 12,000 rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.comparison import MEAN, Case
from course_utils.regimes.deep_tastes import GAIN, OWN_ROWS, WIDTH, Teacher, drawn_teacher
from course_utils.regimes.depth import EXPLAINED_ROWS, GROUPS, MARKETS, TASTES, require_shares
from course_utils.regimes.depth_scenarios import FAR, METHODS, SHORT
from course_utils.regimes.draws import FAMILIES, stream
from course_utils.regimes.explained import explained
from course_utils.regimes.family import Family
from course_utils.regimes.rings import clicks_by_market, in_turn
from course_utils.shop.streams import settled

SAME = 1e-6
"""Singular values below this share of the largest are of directions that repeat others."""


@dataclass(frozen=True)
class Gated:
    """What the rows follow.

    Attributes:
        gates: m, ``[markets, width]``.
        readout: V of each market over its deviation, ``[markets, width]``; offset: ``[markets]``.
    """

    teacher: Teacher
    gates: np.ndarray
    readout: np.ndarray
    offset: np.ndarray

    def scores(self, codes: np.ndarray) -> np.ndarray:
        """``[markets, n]``: f of each market, mean 0 and variance 1."""
        hidden = _hidden(self.teacher, self.gates, codes)
        return np.einsum("mnw,mw->mn", hidden, self.readout) + self.offset[:, None]


def _hidden(teacher: Teacher, gates: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """``[markets, n, width]``: the second layer, as each market's gates leave it."""
    (first, bias), (second, then) = teacher.layers
    units = np.tanh(GAIN * (teacher.projected(codes) @ first + bias))
    return np.stack([np.tanh(GAIN * (units * gate @ second + then)) for gate in gates])


def drawn_gates(draw: np.random.Generator, inside: float) -> Gated:
    """A teacher and its markets; whatever is drawn next comes after it.

    Args:
        inside: from 0, all markets alike, to 1, half of the units off in each.
    """
    require_shares(inside=inside)
    teacher = drawn_teacher(draw, TASTES, GROUPS)
    on = draw.random((MARKETS, WIDTH)).argsort(1) < WIDTH // 2
    gates = 1.0 + inside * (2.0 * on - 1.0)
    readout, codes = draw.normal(size=WIDTH), teacher.codes(draw, OWN_ROWS)
    hidden = _hidden(teacher, gates, codes)
    apart = hidden - hidden.mean(1, keepdims=True)
    shared = np.concatenate([one.T @ teacher.projected(codes) for one in apart], 1)
    along, sizes, _ = np.linalg.svd(shared, full_matrices=False)
    along = along[:, sizes > SAME * sizes[0]]
    readout = readout - along @ (along.T @ readout)
    own = readout / (apart @ readout).std(1)[:, None]
    offset = -np.einsum("mw,mw->m", hidden.mean(1), own)
    return Gated(teacher, gates, settled(own), settled(offset))


def make(
    seed: int,
    inside: float = 1.0,
    n_train: int = 12_000,
    n_valid: int = 4_800,
    n_test: int = 12_000,
    strength: float = 2.5,
    base: float = -0.5,
) -> Case:
    """The case of the equation above; every market has as many rows.

    Args:
        inside: how far a market's gates are from all open, 0 to 1.
        n_train: rows of all markets together.
        strength: a.

    Raises:
        CourseError: if ``inside`` lies outside 0 to 1.
    """
    draw, n = stream(seed, FAMILIES["depth_inside"]), n_train + n_valid + n_test
    truth = drawn_gates(draw, inside)
    codes, market = truth.teacher.codes(draw, n), in_turn(MARKETS, n_train, n_valid, n_test)
    logits = base + strength * truth.scores(codes)[market, np.arange(n)]
    return clicks_by_market(draw, logits, GROUPS, codes, market, n_train, n_valid)


def explained_inside(seed: int, inside: float) -> dict[str, np.ndarray]:
    """Of each market, ``[12]``: what main effects and pairs of columns explain (``explained``)."""
    draw = stream(seed, FAMILIES["depth_inside"])
    truth = drawn_gates(draw, inside)
    codes = truth.teacher.codes(draw, EXPLAINED_ROWS)
    return explained(codes, truth.scores(codes))


ALSO = {
    **{f"inside {one:g}": {"inside": one} for one in (0.0, 0.5, 1.0)},
    "inside 1, many rows": {"inside": 1.0, "n_train": 36_000},
}

HERE = (*SHORT, "network per scenario", "network without the scenario")

FAMILY = Family(
    method="PEPNet",
    make=make,
    methods={"PEPNet": METHODS["PEPNet"], **METHODS},
    also=ALSO,
    scenario=MEAN,
    beside=tuple(name for name in METHODS if name != "PEPNet"),
    truth="a network whose hidden units each market switches on or off",
    without=FAR,
    only={end: HERE for end in ALSO if end != "inside 1"},
)
