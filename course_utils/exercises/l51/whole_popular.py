"""Task 51.2: what a user gets who is not in the file."""

from __future__ import annotations

from collections import Counter

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.l51.ranking import ranked_by
from course_utils.exercises.l51.shared import Row, count
from course_utils.exercises.l51.whole_shops import Lists, Shop
from course_utils.exercises.l51.whole_training import latest_of_pair


def call_of(shop: Shop) -> str:
    return f"In the file ({shop.name}, {count(len(shop.rows), 'row')}), n = {shop.n}"


def in_order(scores: dict[str, float], products: list[str]) -> bool:
    """Whether the products are the best of these scores, best first."""
    return ranked_by(scores, products, len(products))


def negative(scores: dict[str, float]) -> dict[str, float]:
    return {one: -score for one, score in scores.items()}


def clipped(scores: dict[str, float]) -> dict[str, float]:
    return {one: min(max(score, 1.0), 5.0) for one, score in scores.items()}


def for_unseen(shop: Shop, user: str) -> dict[str, float]:
    return {one: shop.algo.predict(None, one, clip=False).est for one in shop.scores(user)}


def counts_for(shop: Shop, user: str) -> dict[str, float]:
    return {one: float(shop.counts[one]) for one in shop.scores(user)}


def _means(rows: list[Row]) -> dict[str, float]:
    ratings: dict[str, list[float]] = {}
    for _, product, rating, _ in rows:
        ratings.setdefault(product, []).append(rating)
    return {product: float(np.mean(theirs)) for product, theirs in ratings.items()}


def _sums(rows: list[Row]) -> dict[str, float]:
    stars: dict[str, float] = {}
    for _, product, rating, _ in rows:
        stars[product] = stars.get(product, 0.0) + rating
    return stars


def check_popular(shop: Shop, got: Lists) -> None:
    """Reject lists of unknown users that are not the most rated products."""
    for user in shop.unknown:
        if user not in got or in_order(counts_for(shop, user), got[user]):
            continue
        products = got[user]
        want = sorted(shop.counts.values(), reverse=True)[: len(products)]
        at = next(k for k, one in enumerate(products) if shop.counts[one] != want[k])
        said = (
            f"{call_of(shop)}: user {user!r} is not in the file; position {at + 1} must be a "
            f"product that {count(want[at], 'user')} rated, got {products[at]!r} with "
            f"{shop.counts[products[at]]}."
        )
        strange = for_unseen(shop, user)
        if in_order(strange, products) or in_order(clipped(strange), products):
            reject(f"{said} It is what the library says of any unseen user.", "E62")
        rows: Counter[str] = Counter(row[1] for row in shop.rows)
        if in_order({one: float(rows[one]) for one in rows}, products):
            reject(f"{said} A pair that is rated twice is one user: count users, not rows.", "E58")
        if any(in_order(_means(kept), products) for kept in (shop.rows, latest_of_pair(shop.rows))):
            reject(f"{said} You rank by the mean rating.")
        if in_order(_sums(latest_of_pair(shop.rows)), products):
            reject(f"{said} You add up the stars; count who rated.")
        if in_order(negative(counts_for(shop, user)), products):
            reject(f"{said} Your list begins with the least rated.")
        reject(said)
