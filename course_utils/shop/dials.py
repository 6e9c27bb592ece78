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
}


@dataclass(frozen=True)
class Dials:
    """What can be turned. All five act on ``Shop.log``, ``relatedness`` on ``home_feed`` too.

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

    Raises:
        CourseError: if one is out of its range.
    """

    relatedness: float = 0.8
    similarity: float = 0.6
    sparsity: float = 0.0
    selection: float = 0.5
    noise: float = 0.0

    def __post_init__(self) -> None:
        for name, (least, most) in RANGES.items():
            require_within(name, getattr(self, name), least, most)


def require_within(name: str, value: object, least: float, most: float) -> None:
    """Raises:
    CourseError: if the value of a dial is no number from least to most.
    """
    if not isinstance(value, Real) or not least <= float(value) <= most:
        raise CourseError(f"{name} must lie between {least} and {most}, got {value!r}.")
