"""Task 51.9: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong
from course_utils.exercises.l51.item_cf import (
    ALL,
    ITEM_MISTAKES,
    LIKENESS,
    PARTS,
    Baskets,
    Likeness,
    Scores,
    cosine_of,
    item_scores,
    mean_of,
    popular,
    takers_of,
    user_scores,
)


def _with_pandas(baskets: Baskets, user: str, n: int) -> list[str]:
    rows = [(one, product, 1) for one, basket in baskets.items() for product in basket]
    table = pd.DataFrame(rows, columns=["user", "product", "yes"])
    wide = table.pivot_table(index="user", columns="product", values="yes", fill_value=0)
    if user not in wide.index:
        return []
    unit = wide / np.sqrt((wide**2).sum())
    scores = (unit.T @ unit) @ wide.loc[user]
    scores = scores[(wide.loc[user] == 0) & (scores > 1e-12)]
    return list(scores.sort_values(ascending=False).index[:n])


def _with_loops(baskets: Baskets, user: str, n: int) -> tuple[str, ...]:
    count = Counter(product for basket in baskets.values() for product in basket)
    scores: dict[str, float] = {}
    for basket in baskets.values():
        for old in basket & baskets[user]:
            for new in basket - baskets[user]:
                scores[new] = scores.get(new, 0) + (count[old] * count[new]) ** -0.5
    return tuple(sorted(scores, key=lambda one: (-scores[one], one))[:n])


def _with_arrays(baskets: Baskets, user: str, n: int) -> Any:
    products = np.array(sorted(set().union(*baskets.values())))
    yes = np.array([[one in basket for one in products] for basket in baskets.values()], float)
    mine = yes[list(baskets).index(user)]
    both = yes.T @ yes
    scores = both / np.sqrt(np.outer(both.diagonal(), both.diagonal())) @ mine
    scores[mine > 0] = 0
    order = np.argsort(-scores)
    return products[order[scores[order] > 0][:n]]


def _ranks(scores_of: Callable[[Baskets, str], Scores]) -> Callable[[Baskets, str, int], Any]:
    """The best n by another score."""

    def item_cf(baskets: Baskets, user: str, n: int) -> list[str]:
        scores = scores_of(baskets, user)
        return sorted(scores, key=lambda one: scores[one], reverse=True)[:n]

    return item_cf


def _by_items(likeness: Likeness, **settings: Any) -> Callable[[Baskets, str, int], Any]:
    return _ranks(lambda baskets, user: item_scores(baskets, user, likeness, **settings))


def _by_users(
    likeness: Likeness, nearest: int | None = None, how: str = ""
) -> Callable[[Baskets, str, int], Any]:
    return _ranks(lambda b, u: user_scores(b, u, likeness, nearest, PARTS[how]))


def _with_zeros(baskets: Baskets, user: str) -> Scores:
    return {one: 0.0 for one in popular(baskets, user)} | item_scores(baskets, user)


def _wrong_users_with_zeros(baskets: Baskets, user: str, n: int) -> list[str]:
    """Likeness of users, and nothing is left out for scoring 0."""
    scores = dict.fromkeys(popular(baskets, user), 0.0)
    scores |= user_scores(baskets, user, LIKENESS["the share of the other"], None, PARTS[""])
    return sorted(scores, key=lambda one: -scores[one])[:n]


def _all_scores(baskets: Baskets, user: str) -> Scores:
    """Also of what the user took, each by the whole basket."""
    takers = takers_of(baskets)
    scores = {
        new: sum(
            cosine_of(len(takers[new] & takers[old]), len(takers[new]), len(takers[old]))
            for old in baskets[user]
        )
        for new in takers
    }
    return {one: score for one, score in scores.items() if score > 0}


def _wrong_cut_first(baskets: Baskets, user: str, n: int) -> list[str]:
    best = _ranks(_all_scores)(baskets, user, n)
    return [one for one in best if one not in baskets[user]]


def _wrong_one_alone(above_zero: bool) -> Callable[[Baskets, str, int], Any]:
    """Of each product the last likeness is kept, or the last above 0."""

    def scores_of(baskets: Baskets, user: str) -> Scores:
        takers, scores = takers_of(baskets), dict[str, float]()
        for old in baskets[user]:
            for new in takers.keys() - baskets[user]:
                both = len(takers[new] & takers[old])
                if both or not above_zero:
                    scores[new] = cosine_of(both, len(takers[new]), len(takers[old]))
        return {one: score for one, score in scores.items() if score > 0}

    return _ranks(scores_of)


def _wrong_pairs(baskets: Baskets, user: str, n: int) -> list[Any]:
    scores = item_scores(baskets, user)
    return sorted(scores.items(), key=lambda pair: -pair[1])[:n]


PROOF = Proof(
    task="51.9",
    right=[_with_pandas, _with_loops, _with_arrays],
    wrong=[
        Wrong(_by_users(cosine_of), "gives (by the cosine)", "E50", silent=True),
        Wrong(_by_users(LIKENESS["Jaccard"]), "gives (by Jaccard)", "E50", silent=True),
        Wrong(
            _by_users(cosine_of, 2), "gives (by the cosine, of the nearest 2", "E50", silent=True
        ),
        Wrong(
            _by_users(LIKENESS["how much they share"], 1),
            "gives (by how much they share, of the nearest 1",
            "E50",
            silent=True,
        ),
        Wrong(
            _by_users(LIKENESS["Jaccard"], 3, ", one vote each"),
            "of the nearest 3 only, one vote each",
            "E50",
            silent=True,
        ),
        Wrong(_wrong_users_with_zeros, "gives (by the share of the other)", "E50", silent=True),
        Wrong(_ranks(_all_scores), "took already", "E54", silent=True),
        Wrong(_wrong_cut_first, "then cut at n", silent=True),
        *(Wrong(_by_items(likeness), why, silent=True) for why, likeness in ITEM_MISTAKES.items()),
        Wrong(_by_items(cosine_of, join=max), "the largest likeness", silent=True),
        Wrong(_by_items(cosine_of, join=mean_of), "the mean of the likenesses", silent=True),
        Wrong(_wrong_one_alone(True), "do not put it there (=)", silent=True),
        Wrong(_wrong_one_alone(False), "one alone counts with you", silent=True),
        Wrong(_ranks(popular), "the same for everybody", silent=True),
        Wrong(
            lambda b, u, n: sorted(s := item_scores(b, u), key=lambda one: s[one])[:n],
            "You take the lowest scores",
            silent=True,
        ),
        Wrong(
            lambda b, u, n: _with_loops(b, u, n)[::-1], "the worst of them comes first", silent=True
        ),
        Wrong(_ranks(_with_zeros), "'pot' scores 0 and is left out", silent=True),
        Wrong(lambda b, u, n: _with_loops(b, u, ALL), "at most 1", silent=True),
        Wrong(lambda b, u, n: _with_loops(b, u, n) * 2, "stands twice", silent=True),
        Wrong(_wrong_pairs, "without what you sorted by", silent=True),
        Wrong(lambda b, u, n: set(_with_loops(b, u, n)), "must be a list, got set"),
    ],
)
