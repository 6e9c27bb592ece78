"""Task 51.9: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong
from course_utils.exercises.l51.item_cf_cases import ALL, Baskets
from course_utils.exercises.l51.item_cf_mistakes import (
    ITEM_MISTAKES,
    PARTS,
    SIMILARITY,
    Scores,
    Similarity,
    buyers_of,
    cosine_of,
    item_scores,
    mean_of,
    popular,
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


def _by_items(similarity: Similarity, **settings: Any) -> Callable[[Baskets, str, int], Any]:
    return _ranks(lambda baskets, user: item_scores(baskets, user, similarity, **settings))


def _by_users(
    similarity: Similarity, nearest: int | None = None, how: str = ""
) -> Callable[[Baskets, str, int], Any]:
    return _ranks(lambda b, u: user_scores(b, u, similarity, nearest, PARTS[how]))


def _with_zeros(baskets: Baskets, user: str) -> Scores:
    return {one: 0.0 for one in popular(baskets, user)} | item_scores(baskets, user)


def _wrong_users_with_zeros(baskets: Baskets, user: str, n: int) -> list[str]:
    """Similarity of users, and nothing is left out for scoring 0."""
    scores = dict.fromkeys(popular(baskets, user), 0.0)
    scores |= user_scores(baskets, user, SIMILARITY["the share of the other"], None, PARTS[""])
    # Equal scores by name: in the order of a set, other processes would return other lists.
    return sorted(scores, key=lambda one: (-scores[one], one))[:n]


def _all_scores(baskets: Baskets, user: str) -> Scores:
    """Also of what the user bought, each by the whole basket."""
    buyers = buyers_of(baskets)
    scores = {
        new: sum(
            cosine_of(len(buyers[new] & buyers[old]), len(buyers[new]), len(buyers[old]))
            for old in baskets[user]
        )
        for new in buyers
    }
    return {one: score for one, score in scores.items() if score > 0}


def _wrong_cut_first(baskets: Baskets, user: str, n: int) -> list[str]:
    best = _ranks(_all_scores)(baskets, user, n)
    return [one for one in best if one not in baskets[user]]


def _wrong_one_alone(above_zero: bool) -> Callable[[Baskets, str, int], Any]:
    """Of each product the last similarity is kept, or the last above 0."""

    def scores_of(baskets: Baskets, user: str) -> Scores:
        buyers, scores = buyers_of(baskets), dict[str, float]()
        for old in baskets[user]:
            for new in buyers.keys() - baskets[user]:
                both = len(buyers[new] & buyers[old])
                if both or not above_zero:
                    scores[new] = cosine_of(both, len(buyers[new]), len(buyers[old]))
        return {one: score for one, score in scores.items() if score > 0}

    return _ranks(scores_of)


def _wrong_pairs(baskets: Baskets, user: str, n: int) -> list[Any]:
    scores = item_scores(baskets, user)
    return sorted(scores.items(), key=lambda pair: -pair[1])[:n]


def _by_counts_in(kind: type) -> Callable[[Baskets, str, int], Any]:
    """Counts in small integers, and their products."""

    def item_cf(baskets: Baskets, user: str, n: int) -> list[str]:
        products = sorted(set().union(*baskets.values()))
        yes: Any = np.array(
            [[one in basket for one in products] for basket in baskets.values()], kind
        )
        both = yes.T @ yes
        counts = both.diagonal()
        with np.errstate(all="ignore"):
            likes = both / np.sqrt(np.multiply.outer(counts, counts))
        scores = likes @ yes[list(baskets).index(user)]
        best = [at for at in np.argsort(-scores) if products[at] not in baskets[user]]
        return [products[at] for at in best if scores[at] > 0][:n]

    return item_cf


def _wrong_rounded(baskets: Baskets, user: str, n: int) -> list[str]:
    scores = {one: round(score, 3) for one, score in item_scores(baskets, user).items()}
    return sorted(scores, key=lambda one: (-scores[one], one))[:n]


def _joined_ids(baskets: Baskets, user: str, n: int) -> list[str]:
    """Who bought both is counted under one text of two ids."""
    pairs = [(i, j) for basket in baskets.values() for i in basket for j in basket]
    both = Counter(f"{i}_{j}" for i, j in pairs)
    counts = Counter(one for basket in baskets.values() for one in basket)
    scores = {
        new: sum(both[f"{new}_{old}"] / np.sqrt(counts[new] * counts[old]) for old in baskets[user])
        for new in counts.keys() - baskets[user]
    }
    return sorted((one for one in scores if scores[one] > 0), key=lambda one: -scores[one])[:n]


SECOND = cycle([False, True])


def _wrong_at_the_second_call(baskets: Baskets, user: str, n: int) -> list[str]:
    """The first case gives an empty list at every second call."""
    first = len(baskets) == 3 and n == 2 and user == "b"
    return [] if first and next(SECOND) else list(_with_loops(baskets, user, n))


PROOF = Proof(
    task="51.9",
    right=[_with_pandas, _with_loops, _with_arrays],
    wrong=[
        Wrong(_by_users(cosine_of), "gives (by the cosine)", "E50", silent=True),
        Wrong(_by_users(SIMILARITY["Jaccard"]), "gives (by Jaccard)", "E50", silent=True),
        Wrong(
            _by_users(cosine_of, 2), "gives (by the cosine, of the nearest 2", "E50", silent=True
        ),
        Wrong(
            _by_users(SIMILARITY["how much they share"], 1),
            "gives (by how much they share, of the nearest 1",
            "E50",
            silent=True,
        ),
        Wrong(
            _by_users(SIMILARITY["Jaccard"], 3, ", one vote each"),
            "of the nearest 3 only, one vote each",
            "E50",
            silent=True,
        ),
        Wrong(_wrong_users_with_zeros, "gives (by the share of the other)", "E50", silent=True),
        Wrong(_ranks(_all_scores), "bought already", "E54", silent=True),
        Wrong(_wrong_cut_first, "cut afterwards", silent=True),
        *(
            Wrong(_by_items(similarity), why, silent=True)
            for why, similarity in ITEM_MISTAKES.items()
        ),
        Wrong(_by_items(cosine_of, join=max), "the largest similarity", silent=True),
        Wrong(_by_items(cosine_of, join=mean_of), "the mean of the similarities", silent=True),
        Wrong(
            _by_items(cosine_of, join=lambda parts: sum(sorted(parts)[-5:])),
            "a few of the largest similarities",
            silent=True,
        ),
        Wrong(
            _by_items(cosine_of, join=lambda parts: sum(sorted(parts)[-2:])),
            "the two largest similarities",
            silent=True,
        ),
        Wrong(_joined_ids, "take the pair itself", silent=True),
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
        Wrong(lambda b, u, n: _with_loops(b, u, n - 1), "You cut at n - 1", silent=True),
        Wrong(_by_counts_in(np.int8), "<the baskets of 400 users>, '0', 2) must be", silent=True),
        Wrong(
            _by_counts_in(np.uint8), "400 users>, '0', 2) must be ['B', 'C'], got ['C'", silent=True
        ),
        Wrong(_by_counts_in(np.int16), "got []: 'B' is missing", silent=True),
        Wrong(_wrong_at_the_second_call, "called again it gives another", silent=True),
        Wrong(_wrong_rounded, "'m' scores 0.761902, 'b' 0.761889", silent=True),
        Wrong(_wrong_pairs, "without what you sorted by", silent=True),
        Wrong(lambda b, u, n: set(_with_loops(b, u, n)), "must be a list, got set"),
    ],
)
