"""Bugs that run: the article's silent ones and those of published libraries, as cards."""

from course_utils.bugs import judging, leaks, networks, shapes
from course_utils.bugs.card import LONGEST, Card, Look, Peer, Run, run
from course_utils.errors import CourseError

CARDS: list[Card] = [*judging.CARDS, *shapes.CARDS, *leaks.CARDS, *networks.CARDS]
"""In the order in which the lesson shows them."""


def card(number: int) -> Card:
    """The card of this number, from 1.

    Raises:
        CourseError: if there is none.
    """
    if not 1 <= number <= len(CARDS):
        raise CourseError(f"There is no card {number}: they go from 1 to {len(CARDS)}.")
    return CARDS[number - 1]


__all__ = ["CARDS", "LONGEST", "Card", "Look", "Peer", "Run", "card", "run"]
