"""ESMM: the purchase after a click, learned on clicks, or on all impressions of a log with gaps.

Customer groups u and products p have tastes that add up, like = (like(u) + like(p)) / sqrt(2),
deviation 1, and habits alike. Of impressions,

    click:     l = b_click + a like
    purchase:  l = b_buy + a (rho like + sqrt(1 - rho^2) habit), after a click

chance of label 1 = sigmoid(l). The browser tells of clicks, and a share ``lost`` of them, at
random, never arrives; the server tells of every purchase. The sample space of the purchase is
the recorded clicks, and its verdict is about all rows. Nothing else is hidden.

Where no click is lost. The likelihood of both labels is p(click) p(purchase | click): given x, an
impression without a click says nothing of the purchase. With c = p(click), v = p(purchase |
click), the Fisher information of both labels about logit v in one impression is c v (1 - v), that
of clicked rows, whether c is known or not. The purchase alone tells of v only if c is known, and
then c v (1 - v)^2 / (1 - c v): the share (1 - v) / (1 - c v), since a missing purchase may be a
missing click. Rows with the same x count in both ways as c says: the product does not weigh the
clicked rows back to all impressions. Predicted, as if ESMM knew c: a tie with Shared-Bottom where
purchases are rare, a loss where they are likely, at v = .8 with a fourth of the information or
less.

Where clicks are lost. Who learns on recorded clicks keeps the share 1 - lost of all purchases; ESMM
keeps them all, its pCVR is v / (1 - lost), the same order. Predicted: at lost = .8 and rare
purchases it beats everybody who reads the log as it is. But a purchase implies a click. On the
log so repaired the odds are those of v over (1 - lost), the right model up to its constant, with
no purchase lost either; and p(click and purchase) / p(click) is ESMM's quotient from two models.
Predicted: a tie with both at best, so no win. Where v > 1 - lost, ESMM's pCVR would have to pass
1, and it loses to the repair. Who takes every impression without a click for one that does not buy
orders rows by c v, which is right only as far as the click shows the purchase.

Boundary, predicted as if c were known: (1 - v) / (1 - c v) = 1/2 at v = .55, b_buy near 0.

Found later: ESMM does not know c, it learns c from the same rows. With a free c and v for each x
its loss is least at c = clicks / n and c v = purchases / n, so v = purchases / clicks: the errors
of both cancel, and nothing is lost. Here likes add up, c and v have no parameter for each x, and
the errors cancel in part: the click's loss makes them add up to 0 for each u and p, the product
weighs them by v (1 - v) / (1 - c v). Of the precision of clicked rows (logit v, many rows, no
penalty, by the sandwich variance; tests/test_esmm_information.py) ESMM keeps .98, .74 and .20 at
b_buy = -3, 0 and 2; with c known .95, .52 and .15; with c learned from the click alone .98, .86
and .35. So half is lost near b_buy = .8, v = .65, later than predicted.

Found by measuring: all of these. At b_buy = 2 ESMM loses even to the quotient of two models of the
same body, which has no more to learn from. The boundary is no upright line: v = 1 - lost comes
first where clicks are lost, and at lost = .5 ESMM falls back at b_buy = 0 already. Where v is
mostly below 1 - lost, product, repair and quotient are three ways to one estimate: ESMM loses to
none of them after Holm's correction, and its mean is never the best.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.backend import keras
from course_utils.comparison import (
    Contender,
    logistic_regression,
    network,
)
from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.comparison.ground import Ground
from course_utils.comparison.rivals.logistic_regression import STRENGTHS
from course_utils.comparison.space import training
from course_utils.models import ESMM
from course_utils.models.losses import log_losses, masked_mean
from course_utils.regimes.draws import FAMILIES, centred, chance, happens, stream
from course_utils.regimes.family import Dial, Family, Maker
from course_utils.regimes.views import (
    Reader,
    as_logged,
    as_said,
    divided,
    every_row,
    less_lost,
    less_repaired,
    repaired,
)

ops = keras.ops

NAME = "ESMM"

DIALS = {"lost": (0.0, 0.9), "buy_base": (-4.0, 3.0)}
"""Dial -> its least and greatest sensible value."""


def make(
    seed: int,
    lost: float = 0.0,
    buy_base: float = -3.0,
    rho: float = 0.3,
    groups: int = 30,
    n_train: int = 8_000,
    n_valid: int = 8_000,
    n_test: int = 8_000,
    strength: float = 1.2,
    click_base: float = -1.5,
) -> Case:
    """The case of the equation above; the purchase is judged, on all rows.

    Args:
        lost: share of clicks that the log does not hold.
        buy_base: b_buy; how likely a purchase is after a click.
        rho: how much of the purchase is what the click shows.
        groups: of customers, and of products.
        strength: a.
        click_base: b_click; at -1.5 one impression in five is clicked.
    """
    draw, n = stream(seed, FAMILIES["esmm"]), n_train + n_valid + n_test
    likes, habits = (centred(draw.normal(size=(2, groups))) for _ in range(2))
    customer, product = draw.integers(groups, size=(2, n))
    like, habit = ((of[0][customer] + of[1][product]) / np.sqrt(2.0) for of in (likes, habits))
    wish = rho * like + np.sqrt(1.0 - rho**2) * habit
    clicked = chance(click_base + strength * like)
    bought = chance(buy_base + strength * wish)
    click, buys, arrives = (
        happens(draw, clicked),
        happens(draw, bought),
        happens(draw, np.full(n, 1.0 - lost)),
    )
    recorded = click & arrives
    rows = Rows(
        np.stack([customer, product], 1),
        np.zeros((n, 0)),
        {"click": (1.0 - lost) * clicked, "purchase": bought},
        {"click": recorded, "purchase": click & buys},
        masks={"purchase": recorded},
        judged={"click": np.zeros(n, bool), "purchase": np.ones(n, bool)},
    )
    return rows.cut(columns_of({"customer": groups, "product": groups}), n_train, n_valid)


class OnOrders(ESMM):
    """ESMM on a log in which a purchase may lack its click: the second loss is over purchases.

    The course's ESMM refuses such rows, and would count click * purchase. Where no click is
    lost, both are the same.
    """

    chained = False

    def task_losses(self, predicted: dict[str, Any], labels: Any, counts: Any) -> Any:
        click, conversion = (predicted[task] for task in self.tasks)
        chances = ops.stack([click, click * conversion])
        return masked_mean(log_losses(labels, chances), self.loss_rows(counts))


class OnClicks(OnOrders):
    """The same body, with the plain loss: the purchase on the rows of its sample space."""

    def loss_rows(self, counts: Any) -> Any:
        return counts

    def task_losses(self, predicted: dict[str, Any], labels: Any, counts: Any) -> Any:
        chances = ops.stack([predicted[task] for task in self.tasks])
        return masked_mean(log_losses(labels, chances), counts)


TOWERS = ((), (16,), (32,), (64,))


def esmm(ground: Ground, **_: float) -> Contender:
    """ESMM, which reads the log as it is."""
    space = {**training(ground), "tower": TOWERS}
    return Reader(NAME, network(NAME, OnOrders, space), as_logged, less_lost)


def on_clicks(ground: Ground) -> Contender:
    """ESMM's body with the plain loss."""
    return network("on clicks", OnClicks, {**training(ground), "tower": TOWERS})


def body_on_clicks(ground: Ground, **_: float) -> Contender:
    """The body on recorded clicks."""
    return Reader("same network on clicks", on_clicks(ground), as_logged, as_said)


def body_divided(ground: Ground, **_: float) -> Contender:
    """The body on all rows, its purchase over its click."""
    return Reader("same network, divided", on_clicks(ground), every_row, divided)


def body_repaired(ground: Ground, lost: float = 0.0, **_: float) -> Contender | None:
    """The body on a log in which every purchase has its click back."""
    if not lost:
        return None
    return Reader("same network, repaired log", on_clicks(ground), repaired, less_repaired)


def regression(ground: Ground) -> Contender:
    """Logistic regression with the zoo's strengths."""
    return logistic_regression(STRENGTHS)


def regression_on_all_rows(ground: Ground, **_: float) -> Contender:
    """The purchase without its click, on every row."""
    return Reader("logistic regression on all rows", regression(ground), every_row, as_said)


def regression_divided(ground: Ground, **_: float) -> Contender:
    """Two regressions on all rows, one over the other."""
    return Reader("logistic regression, divided", regression(ground), every_row, divided)


def regression_repaired(ground: Ground, lost: float = 0.0, **_: float) -> Contender | None:
    """On a log in which every purchase has its click back."""
    if not lost:
        return None
    name = "logistic regression, repaired log"
    return Reader(name, regression(ground), repaired, less_repaired)


METHODS: dict[str, Maker] = {
    NAME: esmm,
    "same network on clicks": body_on_clicks,
    "same network, divided": body_divided,
    "same network, repaired log": body_repaired,
    "logistic regression on all rows": regression_on_all_rows,
    "logistic regression, divided": regression_divided,
    "logistic regression, repaired log": regression_repaired,
}


FAMILY = Family(
    method="ESMM",
    make=make,
    methods=METHODS,
    across=Dial("buy_base", (-3.0, 0.0, 2.0), "log odds of a purchase after a click"),
    up=Dial("lost", (0.0, 0.5, 0.8), "share of clicks that the log lost"),
    boundary=((0.0, 0.0), (0.0, 0.8)),
    wins=None,
    loses={"buy_base": 2.0, "lost": 0.0},
    selected=True,
    truth="sums of columns",
    matches="logistic regression",
)
