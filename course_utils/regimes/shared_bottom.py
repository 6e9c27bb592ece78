"""Shared-Bottom: what many clicks teach, few purchases can use.

A market of customer groups u and product groups p. On each of R rings (tastes) both have a
place, and like_r = sqrt(2) cos(place_r(u) - place_r(p)) says how well they fit.

    frequent task k:  l_k = base + a w_k . like,           w_1 ... w_K orthonormal
    purchase:         l   = base + a (rho w . like + sqrt(1 - rho^2) habit),   |w| = 1,
    habit = (habit(u) + habit(p)) / sqrt(2),  chance of label 1 = sigmoid(l).

Frequent tasks have labels on all rows, the purchase on ``few``. Nothing is hidden.

Why it should win at rho = 1: a likeness belongs to pairs, so single columns have an AUC of .5,
and ``few`` purchases over 900 pairs teach no pair. The frequent tasks have a dozen rows a pair:
they teach a body the places, and R weights on top are all that the purchase must learn.

Why it should lose at rho = 0: the purchase follows habits, which are main effects and of no
frequent task. A logistic regression is the true model, and the shared body brings noise.

Boundary, predicted: if the regression could say all of the habit and none of the likeness, and
Shared-Bottom the reverse, they would tie at rho = .7, where both parts weigh the same. But a
network learns main effects too, if less well: the tie lies below .7, near .5. More purchases
help the regression more, so the boundary moves up with ``few``.

Found by measuring: the pair itself can be a column. A logistic regression on smoothed rates of the
frequent tasks within each pair (``smoothed_rates`` of customer and product) has .779 at rho = 1,
``few`` = 400, Shared-Bottom .756. So this setting is no win; it needs pairs too rare for rates.
"""

from __future__ import annotations

import numpy as np

from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.regimes.draws import centred, chance, happens, starved, stream
from course_utils.regimes.rings import likeness, places

NAME = "Shared-Bottom"

FREQUENT = ("view", "click", "save")

DIALS = {"rho": (0.0, 1.0), "few": (100, 3_000)}
"""Dial -> its least and greatest sensible value."""


def make(
    seed: int,
    rho: float = 1.0,
    few: int = 400,
    groups: int = 30,
    n_train: int = 10_000,
    n_valid: int = 4_000,
    n_test: int = 8_000,
    strength: float = 1.5,
    base: float = -1.0,
) -> Case:
    """The case of the equation above; the purchase alone is judged.

    Args:
        rho: how much of the purchase is what the frequent tasks show.
        few: training rows with a label of the purchase.
        groups: of customers, and of products.
        strength: a.
    """
    draw, n, rings = stream(seed, "shared_bottom"), n_train + n_valid + n_test, len(FREQUENT)
    of_customer, of_product = (places(draw, rings, groups) for _ in range(2))
    turn = np.linalg.qr(draw.normal(size=(rings, rings)))[0]
    own = draw.normal(size=rings)
    habits = centred(draw.normal(size=(2, groups)))
    customer, product = draw.integers(groups, size=(2, n))
    like = likeness(of_customer[:, customer], of_product[:, product])
    habit = (habits[0][customer] + habits[1][product]) / np.sqrt(2.0)
    wish = rho * own @ like / np.linalg.norm(own) + np.sqrt(1.0 - rho**2) * habit
    scores = dict(zip((*FREQUENT, "purchase"), (*(turn @ like), wish), strict=True))
    chances = {task: chance(base + strength * score) for task, score in scores.items()}
    labels = {task: happens(draw, p) for task, p in chances.items()}
    rows = Rows(
        np.stack([customer, product], 1),
        np.zeros((n, 0)),
        chances,
        labels,
        masks={"purchase": starved(n, n_train, n_valid, few)},
        judged={task: np.full(n, task == "purchase") for task in scores},
    )
    return rows.cut(columns_of({"customer": groups, "product": groups}), n_train, n_valid)
