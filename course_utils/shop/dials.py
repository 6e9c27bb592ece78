"""The dials of the shop, each with its range."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real

from course_utils.errors import CourseError

RANGES = {
    "relatedness": (-1, 1),
    "similarity": (0, 1),
    "sparsity": (0, 0.95),
    "selection": (0, 2),
    "noise": (0, 1),
    "momentum": (0, 4),
    "content": (0, 3),
    "mentions": (0, 0.2),
    "late": (0, 0.5),
    "views": (0, 2),
}


@dataclass(frozen=True)
class Dials:
    """What can be turned. The first five act on ``Shop.log``, ``relatedness`` on ``home_feed`` too;
    the others act on the year 2024 and on titles, and are off by default.

    Attributes:
        relatedness: -1 to 1, correlation of the score behind purchases with the score behind
            clicks: 1 the same direction, 0 unrelated, -1 opposed.
        similarity: 0 to 1, correlation of the score behind clicks in search, and in the cart
            recommendations, with the one in the home feed: 1 identical, 0 unrelated.
        sparsity: 0 to 0.95. The rates of clicks and of purchases after a click are both
            multiplied by 1 - sparsity. Fewer full carts bring fewer strips: at 0.5 the cart
            scenario has 3.5 % of the rows, at 0.95 almost none.
        selection: 0 to 2, logits that one standard deviation of hidden liking adds to both
            click and purchase. Above 0, those who click are not like those who do not, even
            where every visible column agrees.
        noise: 0 to 1, share of decisions made blindly, at the scenario's mean rate.
        momentum: 0 to 4, logits that a purchase adds to the next one's being of the kind that
            follows in the category; half as many to the rest of the category
            (``momentum.PULL``). At 0 the year's purchases come in an order drawn by lot; above 0
            they are drawn one after the other, so what is liked best tends to come first and
            late purchases are harder to foresee. To see momentum alone compare with 0.01.
        content: 0 to 3, logits that one standard deviation of the match between a customer
            and a product's labels adds to ``Shop.affinity``.
        mentions: 0 to 0.2, chance that a title names a label that the product does not have,
            for each such label and each language: ``Shop.false_mentions``.
        late: 0 to 0.5, share of deliveries that are late: ``Shop.deliveries``. A late one costs
            ``deliveries.LATE_STARS`` stars and, in a review, the praise of the delivery.
        views: 0 to 2, how fast the views of a review fall with its place on the product's
            page, which is sorted by votes: views go by place^-views. ``Shop.review_views``.

    Raises:
        CourseError: if one is out of its range.
    """

    relatedness: float = 0.8
    similarity: float = 0.6
    sparsity: float = 0.0
    selection: float = 0.5
    noise: float = 0.0
    momentum: float = 0.0
    content: float = 0.0
    mentions: float = 0.0
    late: float = 0.0
    views: float = 0.0

    def __post_init__(self) -> None:
        for name, (least, most) in RANGES.items():
            require_within(name, getattr(self, name), least, most)


def require_within(name: str, value: object, least: float, most: float) -> None:
    """Raises:
    CourseError: if the value of a dial is no number from least to most.
    """
    if not isinstance(value, Real) or not least <= float(value) <= most:
        raise CourseError(f"{name} must lie between {least} and {most}, got {value!r}.")
