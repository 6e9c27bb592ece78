"""What the checks of ranked lists share: 51.1 and 51.2."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from surprise import SVD

from course_utils.exercises.asking import reject
from course_utils.exercises.tolerance import same


class Ranking(NamedTuple):
    """One list, and what is right.

    Attributes:
        got: the products that the answer gives.
        scores: product -> score, of all that may stand in the list.
        n: how many were asked for.
        also: scores of what may not stand there, the user's own products.
    """

    got: list[str]
    scores: Mapping[str, float]
    n: int
    also: Mapping[str, float]

    @property
    def length(self) -> int:
        return min(self.n, len(self.scores))

    @property
    def best(self) -> list[str]:
        return sorted(self.scores, key=lambda one: -self.scores[one])[: self.n]


def refuse_element(said: str, one: Any) -> None:
    """Reject what stands in a list and is no raw id."""
    if isinstance(one, (tuple, list)) and len(one) == 2:
        reject(f"{said} Return the ids alone, without what you sorted by.")
    if isinstance(one, (int, np.integer)):
        reject(f"{said} Is it an inner id? trainset.to_raw_iid turns it back.")
    reject(said)


def ranked_by(scores: Mapping[str, float], got: Sequence[str], n: int) -> bool:
    """Whether got holds n of the best, best first; equal scores in any order."""
    if len(set(got)) != len(got) or not set(got) <= scores.keys():
        return False
    return same([scores[one] for one in got], sorted(scores.values(), reverse=True)[:n])


def why_short(rankings: Collection[Ranking]) -> str:
    """The known mistake behind lists that are too short, with a space before it, or nothing."""
    if not all(ranked_by(one.scores, one.got, len(one.got)) for one in rankings):
        return ""
    if all(len(one.got) == min(one.n - 1, len(one.scores)) for one in rankings):
        return " You cut at n - 1."
    if all(_cut_first(one) for one in rankings):
        return " Leave out the user's own products first, cut afterwards."
    if _low_ones_lack(rankings):
        return (
            " You leave out products with a low score; they stand at the end, where no better "
            "ones are left."
        )
    return ""


def _cut_first(one: Ranking) -> bool:
    """Whether so many are left of the best n of all; equal scores may stand in any order."""
    best = sorted([*one.scores.values(), *one.also.values()], reverse=True)[: one.n]
    above = [score for score in one.scores.values() if best and score > best[-1]]
    equal = [score for score in one.scores.values() if best and same(score, best[-1])]
    for_sure = len([score for score in above if not same(score, best[-1])])
    return for_sure <= len(one.got) <= for_sure + len(equal)


def _low_ones_lack(rankings: Collection[Ranking]) -> bool:
    """Whether all that is held scores above all that lacks in the lists that are too short."""
    held = [one.scores[product] for one in rankings for product in one.got]
    lacking = [
        score
        for one in rankings
        if len(one.got) < one.length
        for product, score in one.scores.items()
        if product not in one.got
    ]
    return bool(held) and max(lacking) < min(held)


def all_scored(algo: SVD, user: str, clip: bool = False) -> list[tuple[float, str]]:
    products = [algo.trainset.to_raw_iid(i) for i in algo.trainset.all_items()]
    return [(algo.predict(user, p, clip=clip).est, p) for p in products]


def rated_by(algo: SVD, user: str) -> set[str]:
    rated = algo.trainset.ur[algo.trainset.to_inner_uid(user)]
    return {algo.trainset.to_raw_iid(i) for i, _ in rated}


def unrated(algo: SVD, user: str, clip: bool = False) -> list[tuple[float, str]]:
    rated = rated_by(algo, user)
    return [one for one in all_scored(algo, user, clip) if one[1] not in rated]
