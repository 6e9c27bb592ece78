"""Bugs that run: the article's silent ones and those of published libraries, as cards."""

from course_utils.bugs import judging, leaks, networks, shapes
from course_utils.bugs.card import LONGEST, Card, Peer, Run, run
from course_utils.errors import CourseError

CARDS: list[Card] = [*judging.CARDS, *shapes.CARDS, *leaks.CARDS, *networks.CARDS]
"""In the order in which the lesson shows them."""


def card(name: str) -> Card:
    """The card of this name.

    Raises:
        CourseError: if there is none.
    """
    found = {one.name: one for one in CARDS}
    if name not in found:
        raise CourseError(f"There is no card {name!r}: there are {', '.join(found)}.")
    return found[name]


def number(one: Card) -> int:
    """The number of a card, from 1."""
    return CARDS.index(one) + 1


__all__ = ["CARDS", "LONGEST", "Card", "Peer", "Run", "card", "number", "run"]
