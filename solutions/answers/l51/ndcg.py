"""Task 51.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from answers import Proof, Wrong


def _ndcg_with_arrays(ranked: Any, relevant: Any, k: int) -> np.floating[Any] | float:
    gains = np.isin(np.array(ranked[:k], dtype=object), list(relevant)).astype(float)
    # Natural logarithms: the base cancels.
    discount = 1 / np.log(np.arange(2, k + 2))
    best = discount[: len(relevant)].sum()
    return (gains * discount[: len(gains)]).sum() / best if best else 0.0


def _ndcg_with_a_loop(ranked: Any, relevant: Any, k: int) -> float:
    got = best = 0.0
    for place in range(k):
        weight = 1 / math.log2(place + 2)
        if place < len(ranked) and ranked[place] in relevant:
            got += weight
        if place < len(relevant):
            best += weight
    return got / best if best else 0.0


def _wrong_not_divided(ranked: Any, relevant: Any, k: int) -> float:
    return sum(1 / np.log2(p + 2) for p, one in enumerate(ranked[:k]) if one in relevant)


def _ndcg_where(
    ideal: Callable[[Any, Any, int], int],
    shift: int = 1,
    ideal_shift: int = 1,
    cut: bool = True,
    log: Callable[[float], float] = math.log2,
    ideal_log: Callable[[float], float] = math.log2,
) -> Callable[[Any, Any, int], float]:
    """NDCG with another number of hits in the best list, or another discount."""

    def ndcg(ranked: Any, relevant: Any, k: int) -> float:
        seen = ranked[:k] if cut else ranked
        got = sum(1 / log(p + 1 + shift) for p, one in enumerate(seen) if one in relevant)
        places = range(ideal(ranked, relevant, k))
        best = sum(1 / ideal_log(p + 1 + ideal_shift) for p in places)
        return float(got / best) if best else 0.0

    return ndcg


def _right_ideal(ranked: Any, relevant: Any, k: int) -> int:
    return min(k, len(relevant))


def _found(ranked: Any, relevant: Any, k: int) -> int:
    return len(set(ranked[:k]) & relevant)


def _wrong_first_hit(ranked: Any, relevant: Any, k: int) -> float:
    for place, one in enumerate(ranked[:k], start=1):
        if one in relevant:
            return 1 / place
    return 0.0


def _wrong_empty_is_perfect(ranked: Any, relevant: Any, k: int) -> float:
    return _ndcg_with_a_loop(ranked, relevant, k) if relevant else 1.0


def _wrong_average_precision(ranked: Any, relevant: Any, k: int) -> float:
    at = [place for place, one in enumerate(ranked[:k], start=1) if one in relevant]
    return sum(hit / place for hit, place in enumerate(at, 1)) / max(min(k, len(relevant)), 1)


def _first_form(place: float) -> float:
    """Järvelin and Kekäläinen: nothing is taken off before position 2, the base."""
    return max(1.0, math.log2(place))


def _cuts(more: int) -> Callable[[Any, Any, int], float]:
    """The list is cut later or earlier than the best one."""

    def ndcg(ranked: Any, relevant: Any, k: int) -> float:
        best = _best_sum(k, relevant)
        return _wrong_not_divided(ranked, relevant, k + more) / best if best else 0.0

    return ndcg


def _best_sum(k: int, relevant: Any) -> float:
    return sum(1 / math.log2(place + 2) for place in range(min(k, len(relevant))))


DISCOUNTS = [1 / math.log2(place + 2) for place in range(10)]


def _wrong_ten_positions(ranked: Any, relevant: Any, k: int) -> float:
    """A table of ten discounts; what stands below earns nothing."""
    got = sum(d for one, d in zip(ranked[:k], DISCOUNTS, strict=False) if one in relevant)
    best = sum(DISCOUNTS[: min(k, len(relevant))])
    return got / best if best else 0.0


def _wrong_plain_ids(ranked: Any, relevant: Any, k: int) -> float:
    return _ndcg_with_a_loop([one.lower() for one in ranked], {*map(str.lower, relevant)}, k)


SEEN: dict[tuple[str, ...], float] = {}


def _wrong_keeps_results(ranked: Any, relevant: Any, k: int) -> float:
    """Each list is judged once, whatever is relevant later."""
    return SEEN.setdefault(tuple(ranked), _ndcg_with_a_loop(ranked, relevant, k))


PROOF = Proof(
    task="51.5",
    right=[_ndcg_with_arrays, _ndcg_with_a_loop],
    wrong=[
        Wrong(_wrong_not_divided, "before it is divided", silent=True),
        Wrong(_ndcg_where(lambda r, relevant, k: k), "ids, not k", silent=True),
        Wrong(_ndcg_where(lambda r, relevant, k: len(relevant)), "cut at k too", silent=True),
        Wrong(_ndcg_where(_found), "not only of those", silent=True),
        Wrong(
            _ndcg_where(lambda ranked, relevant, k: min(len(ranked), k, len(relevant))),
            "not cut at the length",
            silent=True,
        ),
        Wrong(_ndcg_where(_right_ideal, cut=False), "after k must not count", silent=True),
        Wrong(
            lambda r, relevant, k: _found(r, relevant, k) / max(min(k, len(relevant)), 1),
            "must count more",
            silent=True,
        ),
        Wrong(_ndcg_where(_right_ideal, shift=2), "your hits are off by one", silent=True),
        Wrong(
            _ndcg_where(_right_ideal, shift=2, ideal_shift=2),
            "in both sums your positions are off by one",
            silent=True,
        ),
        Wrong(_ndcg_where(_right_ideal, log=math.log), "Your hits earn 1 / ln", silent=True),
        Wrong(
            _ndcg_where(_right_ideal, ideal_log=math.log), "The best list earns 1 / ln", silent=True
        ),
        Wrong(
            _ndcg_where(_right_ideal, 0, 0, log=float, ideal_log=float),
            "in both your sums it is 1 / p",
            silent=True,
        ),
        Wrong(_wrong_ten_positions, "{'k', 'l', 'z'}, 26) must be", silent=True),
        Wrong(_wrong_plain_ids, "ndcg(['A', '07', 'b ', 'é']", silent=True),
        Wrong(
            _wrong_keeps_results,
            "{'b', 'c'}, 1) must be 0, got",
            silent=True,
        ),
        Wrong(
            lambda r, relevant, k: _ndcg_with_a_loop(
                [one for one in r if one in "".join(sorted(relevant))], relevant, k
            ),
            "must be 0.6309, got 1",
            silent=True,
        ),
        Wrong(_wrong_first_hit, "reciprocal rank", silent=True),
        Wrong(lambda r, relevant, k: _found(r, relevant, k) > 0.5, "one number", silent=True),
        Wrong(lambda r, relevant, k: float(_found(r, relevant, k) > 0), "hit rate", silent=True),
        Wrong(lambda r, relevant, k: _found(r, relevant, k) / k, "That is precision", silent=True),
        Wrong(_wrong_average_precision, "average precision", silent=True),
        Wrong(
            lambda r, relevant, k: _wrong_not_divided(r, relevant, k) / k,
            "You divide by k",
            silent=True,
        ),
        Wrong(
            lambda r, relevant, k: (
                _wrong_not_divided(r, relevant, k) / max(_found(r, relevant, k), 1)
            ),
            "You divide by the number of hits",
            silent=True,
        ),
        Wrong(
            _ndcg_where(
                _right_ideal, log=_first_form, ideal_log=_first_form, shift=0, ideal_shift=0
            ),
            "positions 1 and 2 count the same",
            silent=True,
        ),
        Wrong(
            _ndcg_where(lambda r, relevant, k: min(k, len(r))),
            "one for each id of ranked",
            silent=True,
        ),
        Wrong(
            _ndcg_where(lambda r, relevant, k: min(k, len(relevant & set(r)))),
            "that ranked lacks",
            silent=True,
        ),
        Wrong(
            lambda r, relevant, k: _ndcg_with_a_loop(
                [one for one in r[:k] if one in relevant], relevant, k
            ),
            "as if they stood at positions 1, 2, 3",
            silent=True,
        ),
        Wrong(_cuts(1), "one position too many", silent=True),
        Wrong(_cuts(-1), "one position too few", silent=True),
        Wrong(
            lambda r, relevant, k: _found(r, relevant, k) / max(len(relevant), 1),
            "recall",
            silent=True,
        ),
        Wrong(lambda r, relevant, k: 1.0, "the same number for every list", silent=True),
        Wrong(_wrong_empty_is_perfect, "return 0.0, not 1", silent=True),
        Wrong(
            lambda r, relevant, k: round(_ndcg_with_a_loop(r, relevant, k), 4),
            "Do not round",
            silent=True,
        ),
    ],
)
