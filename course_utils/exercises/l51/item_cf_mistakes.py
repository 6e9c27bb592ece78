"""Task 51.9: scores of products, right or with a mistake that is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from itertools import permutations

from course_utils.exercises.l51.item_cf_cases import Baskets, Case

Scores = dict[str, float]
Scorer = Callable[[Baskets, str], Scores]
Similarity = Callable[[int, int, int], float]
"""From three counts: both, of what is there (a product bought, the user), of what is compared."""


def buyers_of(baskets: Baskets) -> dict[str, set[str]]:
    buyers: dict[str, set[str]] = {}
    for user, basket in baskets.items():
        for product in basket:
            buyers.setdefault(product, set()).add(user)
    return buyers


def cosine_of(both: int, one: int, other: int) -> float:
    return both / math.sqrt(one * other)


def item_scores(
    baskets: Baskets,
    user: str,
    similarity: Similarity = cosine_of,
    join: Callable[[list[float]], float] = sum,
) -> Scores:
    """What scores above 0, of all that the user has not bought."""
    buyers, scores = buyers_of(baskets), {}
    for new in buyers.keys() - baskets[user]:
        shared = [(len(buyers[new] & buyers[old]), len(buyers[old])) for old in baskets[user]]
        parts = [similarity(both, old, len(buyers[new])) for both, old in shared if both]
        if parts:
            scores[new] = join(parts)
    return scores


def user_scores(
    baskets: Baskets, user: str, similarity: Similarity, nearest: int | None, part: Part
) -> Scores:
    """User-based: what users bought who are like this one."""
    mine = baskets[user]
    alike = {
        one: similarity(len(mine & basket), len(mine), len(basket))
        for one, basket in baskets.items()
        if one != user and mine & basket
    }
    buyers, scores = buyers_of(baskets), dict[str, float]()
    for one in sorted(alike, key=lambda one: alike[one], reverse=True)[:nearest]:
        for product in baskets[one] - mine:
            earned = part(alike[one], len(buyers[product]))
            scores[product] = scores.get(product, 0) + earned
    return scores


def popular(baskets: Baskets, user: str) -> Scores:
    buyers = buyers_of(baskets)
    return {product: len(buyers[product]) for product in buyers.keys() - baskets[user]}


Part = Callable[[float, int], float]

PARTS: dict[str, Part] = {
    "": lambda alike, buyers: alike,
    ", their mean": lambda alike, buyers: alike / buyers,
    ", one vote each": lambda alike, buyers: 1.0,
}
"""What one user adds to the score of a product, from their similarity and all its buyers."""


SIMILARITY: dict[str, Similarity] = {
    "the cosine": cosine_of,
    "how much they share": lambda both, one, other: both,
    "Jaccard": lambda both, one, other: both / (one + other - both),
    "Dice": lambda both, one, other: 2 * both / (one + other),
    "the share of the smaller": lambda both, one, other: both / min(one, other),
    "the share of the other": lambda both, one, other: both / other,
}

ITEM_MISTAKES: dict[str, Similarity] = {
    "You count how often two products were bought together. Divide each count by the root, else "
    "what sells best wins.": SIMILARITY["how much they share"],
    "That is similarity by Jaccard, both / either; asked for is the cosine.": SIMILARITY["Jaccard"],
    "That is similarity by Dice; divide by the root of both counts' product.": SIMILARITY["Dice"],
    "You divide by the smaller of the two counts; both count.": (
        SIMILARITY["the share of the smaller"]
    ),
    "The square root is missing: you divide by the product of the two counts.": (
        lambda both, old, new: both / (old * new)
    ),
    "You divide by the users of the product bought alone (a confidence); the users of the new one "
    "count too.": lambda both, old, new: both / old,
    "You divide by the users of the new product alone; the users of the one bought count too.": (
        SIMILARITY["the share of the other"]
    ),
    "Under your root stand the users of the product bought alone.": (
        lambda both, old, new: both / math.sqrt(old)
    ),
    "Under your root stand the users of the new product alone.": (
        lambda both, old, new: both / math.sqrt(new)
    ),
    "Under your root stands the sum of the two counts; it is their product.": (
        lambda both, old, new: both / math.sqrt(old + new)
    ),
    "You divide by the sum of the two roots; it is the root of the product.": (
        lambda both, old, new: both / (math.sqrt(old) + math.sqrt(new))
    ),
    "You divide by the larger of the two counts; both count.": (
        lambda both, old, new: both / max(old, new)
    ),
    "You multiply by the root; divide by it.": (lambda both, old, new: both * math.sqrt(old * new)),
    "Every similarity above 0 counts as 1 with you.": lambda both, old, new: 1.0,
    "Your counts leave out the user who is asked for; all users count.": (
        lambda both, old, new: both / math.sqrt((old - 1) * new)
    ),
}


def own_scores(baskets: Baskets, user: str) -> Scores:
    """Of what the user has, each product with the whole basket, itself too."""
    buyers, mine = buyers_of(baskets), baskets[user]
    return {
        one: sum(
            cosine_of(len(buyers[one] & buyers[old]), len(buyers[one]), len(buyers[old]))
            for old in mine
        )
        for one in mine
    }


def mean_of(parts: list[float]) -> float:
    return sum(parts) / len(parts)


BY_USERS = "Your lists are those that the similarity of users gives (by "


def _mistakes() -> Iterator[tuple[str, Scorer]]:
    for why, similarity in ITEM_MISTAKES.items():
        yield why, partial(item_scores, similarity=similarity)
    yield "You take the largest similarity; the score is their sum.", partial(item_scores, join=max)
    yield (
        "You take the mean of the similarities above 0; the score is their sum.",
        partial(item_scores, join=mean_of),
    )
    yield (
        "You add up the two largest similarities only; the score is the sum of all.",
        partial(item_scores, join=lambda parts: sum(sorted(parts)[-2:])),
    )
    # No case tells three from ten.
    yield (
        "You add up a few of the largest similarities only; the score is the sum of all.",
        partial(item_scores, join=lambda parts: sum(sorted(parts)[-5:])),
    )
    yield "That is what most users bought, the same for everybody.", popular
    yield (
        "You take the lowest scores.",
        lambda b, u: {one: -score for one, score in item_scores(b, u).items()},
    )
    # Added up over all users, how much they share gives the counts of products above: there
    # nobody can tell the two methods apart, and the counts come first.
    for name, similarity in SIMILARITY.items():
        for nearest in (None, 1, 2, 3):
            for how, part in PARTS.items():
                who = "" if nearest is None else f", of the nearest {nearest} only"
                yield (
                    f"{BY_USERS}{name}{who}{how}). Here products are compared: by the users who "
                    "have both.",
                    partial(user_scores, similarity=similarity, nearest=nearest, part=part),
                )


MISTAKES: dict[str, Scorer] = dict(_mistakes())


def of_one(case: Case) -> Iterator[Scores]:
    """Scores that are one similarity each, the last in some order of what the user bought.

    A set has any order. The last counts, or the last above 0.
    """
    baskets, user, _ = case
    buyers = buyers_of(baskets)
    similarities = []
    for old in baskets[user]:
        both = {new: len(buyers[new] & buyers[old]) for new in buyers.keys() - baskets[user]}
        similarities.append(
            {new: cosine_of(k, len(buyers[new]), len(buyers[old])) for new, k in both.items() if k}
        )
    for order in permutations(similarities):
        yield order[-1] if order else {}
        yield {new: score for similarity in order for new, score in similarity.items()}
