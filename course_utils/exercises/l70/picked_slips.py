"""Task 70.4: the right point, and what goes wrong with it."""

from __future__ import annotations

from collections.abc import Callable

Points = list[tuple[float, float]]
Picked = tuple[int, float] | None


def most(points: Points, among: list[int]) -> int:
    return max(among, key=lambda k: (points[k][1], points[k][0], -k))


def _price(points: Points, at: int, top: int) -> float:
    gained = points[at][0] - points[top][0]
    return 0.0 if at == top or gained == 0 else (points[top][1] - points[at][1]) / gained


def _by(
    among: Callable[[Points, float], list[int]],
    choose: Callable[[Points, list[int]], int] = most,
    price: Callable[[Points, int, int], float] = _price,
) -> Callable[[Points, float], Picked]:
    def answer(points: Points, floor: float) -> Picked:
        left = among(points, floor)
        if not left:
            return None
        at = choose(points, left)
        return at, price(points, at, most(points, list(range(len(points)))))

    return answer


def _kept(points: Points, floor: float) -> list[int]:
    return [k for k, one in enumerate(points) if one[0] >= floor]


right_picked = _by(_kept)


def nearest(points: Points, left: list[int]) -> int:
    return min(left, key=lambda k: (points[k][0], k))


def none_kept(points: Points, floor: float) -> Picked:
    if points and not _kept(points, floor):
        return max(range(len(points)), key=lambda k: points[k][0]), 0.0
    return right_picked(points, floor)


def first_of_equal(points: Points, left: list[int]) -> int:
    return max(left, key=lambda k: points[k][1])


def last_of_equal(points: Points, left: list[int]) -> int:
    return max(left, key=lambda k: (points[k][1], points[k][0], k))


def _untied(choose: Callable[[Points, list[int]], int]) -> Callable[[Points, float], Picked]:
    """The price is counted from the first of equal money."""

    def answer(points: Points, floor: float) -> Picked:
        left = _kept(points, floor)
        if not left:
            return None
        at = choose(points, left)
        return at, _price(points, at, first_of_equal(points, list(range(len(points)))))

    return answer


no_tie = _untied(first_of_equal)
most_clicks = _untied(lambda points, left: max(left, key=lambda k: points[k][0]))


def distinct(points: Points, floor: float) -> Picked:
    return right_picked(list(dict.fromkeys(points)), floor)


def among_kept(points: Points, floor: float) -> Picked:
    """The right point, numbered among those that keep the floor."""
    found = right_picked(points, floor)
    return None if found is None else (_kept(points, floor).index(found[0]), found[1])


def always_first(points: Points, floor: float) -> Picked:
    """The right point, numbered in the sorted list of those that keep the floor."""
    found = right_picked(points, floor)
    return None if found is None else (0, found[1])


def best_first(points: Points, floor: float) -> Picked:
    """The right point, numbered in the order of money."""
    found = right_picked(points, floor)
    if found is None:
        return None
    order = sorted(range(len(points)), key=lambda k: (-points[k][1], -points[k][0], k))
    return order.index(found[0]), found[1]


def below(points: Points, floor: float) -> Picked:
    """The price is counted from the best point below the floor; 0 where there is none."""
    found = right_picked(points, floor)
    lost = [k for k, one in enumerate(points) if one[0] < floor]
    return (found[0], _price(points, found[0], most(points, lost))) if found and lost else found


MISTAKES: dict[str, Callable[[Points, float], Picked]] = {
    "a point exactly on the floor is left out": _by(
        lambda points, floor: [k for k, one in enumerate(points) if one[0] > floor]
    ),
    "the floor holds for the money; it is one of clicks": _by(
        lambda points, floor: [k for k, one in enumerate(points) if one[1] >= floor]
    ),
    "the point with the most clicks is taken; it is the one with the most money": _by(
        _kept, lambda points, left: max(left, key=lambda k: (points[k][0], points[k][1], -k))
    ),
    "the point with the most clicks is taken, and the price counts from the first of equal money": (
        most_clicks
    ),
    "the point nearest to the floor is taken; another may have more money": _by(_kept, nearest),
    "of equal money the first is taken; the text asks for more clicks": _by(_kept, first_of_equal),
    "more clicks never count: of equal money the first is taken, for the price too": no_tie,
    "equal points are dropped before they are numbered; the number is that in `points`": distinct,
    "the number is that among the points that keep the floor; wanted is that in `points`": (
        among_kept
    ),
    "the number is that in the order of money; wanted is that in `points`": best_first,
    "the number is 0 whatever the point; it is that in `points`, not in a list sorted by money": (
        always_first
    ),
    "a floor of 0 is taken for none (`floor or ...`, `if floor`)": lambda points, floor: (
        right_picked(points, floor or -1e9)
    ),
    "of equal points the last is taken": _by(_kept, last_of_equal),
    "where no point keeps the floor it names one; there must be None": none_kept,
    "the price is turned: clicks for money": _by(
        _kept,
        price=lambda points, at, top: (
            0.0
            if points[at][1] == points[top][1]
            else (points[at][0] - points[top][0]) / (points[top][1] - points[at][1])
        ),
    ),
    "the price is the money lost in all, not for each click": _by(
        _kept, price=lambda points, at, top: points[top][1] - points[at][1]
    ),
    "the price has the wrong sign: what a click costs is above 0": _by(
        _kept, price=lambda points, at, top: -_price(points, at, top)
    ),
    "of two points with the most money the price is counted from the first; more clicks count": _by(
        _kept,
        price=lambda points, at, top: _price(
            points, at, first_of_equal(points, list(range(len(points))))
        ),
    ),
    "the price is counted from the best point below the floor; it is the best of all": below,
    "the price is counted from the last point, not from the one with the most money": _by(
        _kept, price=lambda points, at, top: _price(points, at, len(points) - 1)
    ),
}
