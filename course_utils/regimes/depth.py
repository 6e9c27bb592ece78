"""A dial of depth: from a truth that a factorisation machine holds to one that a network holds.

Two markets, with the tastes of ``deep_tastes.py``: taste_r = sqrt(1 - d) plain_r + sqrt(d) deep_r
has variance 1 at every depth d, and so has each mixture of tastes below. Columns are three groups
of the customer and three of the product. Nothing is hidden.

Scenarios: twelve markets, each with its own mixture w_s of R tastes and as many rows.

    l = base + a w_s . taste,    w_s = sqrt(related) (1, ..., 1) / sqrt(R) + sqrt(1 - related) own_s

own_s has length 1 and is at right angles to (1, ..., 1), so |w_s| = 1, and ``related`` is the share
of a market's logit that all markets have in common. At 0 some markets value what others avoid.

Tasks: view, click and save have labels on all rows, the purchase on ``few``.

    l_k = base + a m_k . taste,    m_k = the first three mixtures of ``shared_bottom.py``
    m_purchase = sqrt(1 - related) (the fourth) + sqrt(related) (the sum of the three) / sqrt(3)

At related = 0 the purchase is at right angles to the other three; at 1 it follows their sum.

What matches the truth at d = 0: a factorisation machine, exactly. Each plain taste is an inner
product of two embeddings, each pair of columns serves one taste alone, and a linear head for each
market or task weighs the pairs. What matches at d = 1: Shared-Bottom with a linear head for each
market or task: the embeddings hold P' z, the trunk the two hidden layers, the head V w_s. It has
ReLU where the teacher has tanh, and is exact but for that. So a network planted here is the
network's own form, as inner products were the factorisation machine's. Neither end tells which form
a real market has. Stacking and a frozen trunk have the trunk's form too; at related = 1 the
purchase needs three weights on the others' logits. Nothing in the truth asks for STAR's product of
weights, for a gate or for an expert of one's own.

How much sums explain, of a logit's variance in each market and task: main effects at most .04 at
every d. Main effects with all pairs of columns explain everything at d = 0. At d they explain 1 - d
and a part of d, for plain and deep tastes are uncorrelated: .13 d on average, from .05 d to .26 d
(``explained_scenarios``). So a model of pairs has a limit of its own, whatever its rows. The best
possible AUC lies between .86 and .93 at every d: a greater d is another form, not more noise.

Predicted before any contender was measured here, but with two things in hand. One is a first try
with other tastes, in which main effects explained .43 of a deep taste, other networks and three
seeds: there the factorisation machine led by .015 at d = 0, Shared-Bottom by .005 at d = .5 and by
.094 at d = 1. The other is a small network on one deep taste alone, by which the gain was chosen:
with 12,000 rows it had .84 of the possible .90.

1. Depth. With 12,000 rows of twelve markets, Shared-Bottom with heads overtakes the factorisation
   machine with heads between d = .4 and d = .5. At d = 0 it is .01 to .02 below, at d = 1 more than
   .10 above, since a model of pairs is left with an eighth of the variance and an AUC near .66.
2. Rows. With 36,000 rows the tie lies near d = .2, since the gap at d = 0 closes and the limit of
   the pairs stays. With 3,000 rows no network finds the projection, for main effects no longer
   point at it: both are below .70 at d = 1, and the tie lies above d = .8.
3. Relatedness. It does not move that tie by more than .1, since both have a head for each market
   and both learn tastes from all rows. It moves the network with the market as a column, which is
   .03 or more below heads at related = 0 and within .01 of them at .9.
4. Famous networks. On neither ground and at no depth does STAR, PEPNet, MMoE or PLE beat both a
   shared trunk with heads and one that is trained on all rows and then fine-tuned. STAR and PEPNet
   are .01 to .05 below at related = 0.
5. The plain winner. The factorisation machine with a small MLP on top is within .005 of the best at
   d = 0, within .015 of the best at d = 1, and first at d = .5, where either part alone lacks half.
6. The starved task with 400 labels and related = 0: the tie of Shared-Bottom and factorisation
   machine lies at d = .5 to .6, later than with all labels, since the head of the machine has 15
   weights and that of a trunk 64. With 100 labels it lies above .7. A frozen trunk with a
   regression, and one that is fine-tuned, are within .01 of Shared-Bottom at every d. At
   related = 1 stacking is first or level at every d.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.errors import CourseError
from course_utils.regimes.deep_tastes import SIDE, Teacher, drawn_teacher
from course_utils.regimes.draws import FAMILIES, chance, happens, starved, stream
from course_utils.regimes.explained import explained
from course_utils.regimes.rings import clicks_by_market, in_turn
from course_utils.regimes.shared_bottom import FREQUENT, MIXTURES

TASTES, GROUPS, MARKETS = 4, 8, 12
"""R; values of each column; scenarios."""

EXPLAINED_ROWS = 100_000


@dataclass(frozen=True)
class Truth:
    """What the rows follow.

    Attributes:
        weights: ``[F, R]``, the mixture of tastes of each market or task, of length 1.
    """

    teacher: Teacher
    weights: np.ndarray
    depth: float

    def scores(self, codes: np.ndarray) -> np.ndarray:
        """``[F, n]``: logits before strength and base, each of mean 0 and variance 1."""
        return self.weights @ self.teacher.tastes(codes, self.depth)

    def explained(self, draw: np.random.Generator) -> dict[str, np.ndarray]:
        """Shares ``[F]`` of the scores' variance, as ``explained`` gives them."""
        codes = self.teacher.codes(draw, EXPLAINED_ROWS)
        return explained(codes, self.scores(codes))


def _scenarios(draw: np.random.Generator, depth: float, related: float) -> Truth:
    require_shares(depth=depth, related=related)
    teacher = drawn_teacher(draw, TASTES, GROUPS)
    own = draw.normal(size=(MARKETS, TASTES))
    own -= own.mean(1, keepdims=True)
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    weights = np.sqrt(related / TASTES) + np.sqrt(1.0 - related) * own
    return Truth(teacher, weights, depth)


def _tasks(draw: np.random.Generator, depth: float, related: float) -> Truth:
    require_shares(depth=depth, related=related)
    *frequent, apart = MIXTURES
    along = np.sum(frequent, 0) / np.sqrt(len(frequent))
    purchase = np.sqrt(1.0 - related) * apart + np.sqrt(related) * along
    return Truth(drawn_teacher(draw, TASTES, GROUPS), np.stack([*frequent, purchase]), depth)


def require_shares(**shares: float) -> None:
    """Refuse a dial that is no share, from 0 to 1, by name."""
    for name, share in shares.items():
        if not 0.0 <= share <= 1.0:
            raise CourseError(f"{name} is a share of the variance, from 0 to 1, not {share}.")


def make_scenarios(
    seed: int,
    depth: float = 0.0,
    related: float = 0.0,
    n_train: int = 12_000,
    n_valid: int = 4_800,
    n_test: int = 12_000,
    strength: float = 2.5,
    base: float = -0.5,
) -> Case:
    """The case of the first equation; tastes and mixtures of a seed are the same at every dial.

    Args:
        depth: d, the share of a taste that is a network's, 0 to 1.
        related: the share of a market's logit that all markets have in common, 0 to 1.
        n_train: rows of all markets together.
        strength: a.

    Raises:
        CourseError: if a share lies outside 0 to 1.
    """
    draw, n = stream(seed, FAMILIES["depth_scenarios"]), n_train + n_valid + n_test
    truth = _scenarios(draw, depth, related)
    codes, market = truth.teacher.codes(draw, n), in_turn(MARKETS, n_train, n_valid, n_test)
    logits = base + strength * truth.scores(codes)[market, np.arange(n)]
    return clicks_by_market(draw, logits, GROUPS, codes, market, n_train, n_valid)


def make_tasks(
    seed: int,
    depth: float = 0.0,
    related: float = 0.0,
    few: int = 400,
    n_train: int = 12_000,
    n_valid: int = 4_000,
    n_test: int = 12_000,
    strength: float = 2.5,
    base: float = -1.0,
) -> Case:
    """The case of the second equation; the purchase alone is judged.

    Args:
        depth: d, the share of a taste that is a network's, 0 to 1.
        related: the share of the purchase's logit that is the sum of the frequent ones, 0 to 1.
        few: training rows with a label of the purchase.
        strength: a.

    Raises:
        CourseError: if a share lies outside 0 to 1.
    """
    draw, n = stream(seed, FAMILIES["depth_tasks"]), n_train + n_valid + n_test
    truth = _tasks(draw, depth, related)
    codes = truth.teacher.codes(draw, n)
    scores = dict(zip((*FREQUENT, "purchase"), truth.scores(codes), strict=True))
    chances = {task: chance(base + strength * score) for task, score in scores.items()}
    rows = Rows(
        codes,
        np.zeros((n, 0)),
        chances,
        {task: happens(draw, p) for task, p in chances.items()},
        masks={"purchase": starved(n, n_train, n_valid, few)},
        judged={task: np.full(n, task == "purchase") for task in scores},
    )
    sizes = {f"{side} {c}": GROUPS for side in ("customer", "product") for c in range(SIDE)}
    return rows.cut(columns_of(sizes), n_train, n_valid)


def explained_scenarios(seed: int, depth: float, related: float = 0.0) -> dict[str, np.ndarray]:
    """Of each market of ``make_scenarios``, ``[12]``: what ``Truth.explained`` gives."""
    draw = stream(seed, FAMILIES["depth_scenarios"])
    return _scenarios(draw, depth, related).explained(draw)


def explained_tasks(seed: int, depth: float, related: float = 0.0) -> dict[str, np.ndarray]:
    """Of each task of ``make_tasks``, ``[4]``, the purchase last: as ``Truth.explained``."""
    draw = stream(seed, FAMILIES["depth_tasks"])
    return _tasks(draw, depth, related).explained(draw)
