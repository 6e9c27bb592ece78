"""Task 51.5: NDCG of one list, right or with a mistake that is known."""

from __future__ import annotations

import math
from typing import Any


def _gain(places: Any, shift: int = 1) -> float:
    return sum(1 / math.log2(place + shift) for place in places)


def _hits(ranked: list[str], relevant: set[str], k: int) -> list[int]:
    return [place for place, one in enumerate(ranked[: max(k, 0)], start=1) if one in relevant]


def _best(count: int, shift: int = 1) -> float:
    """What a list of this many hits earns; 1.0 for none, to divide by."""
    return _gain(range(1, count + 1), shift) or 1.0


def _harmonic(places: Any) -> float:
    return sum(1 / place for place in places)


def _first_form(places: Any) -> float:
    """The discount of Järvelin and Kekäläinen with base 2: none at positions 1 and 2."""
    return sum(1 / max(math.log2(place), 1.0) for place in places)


def ndcg(ranked: list[str], relevant: set[str], k: int) -> float:
    """The right one."""
    return _gain(_hits(ranked, relevant, k)) / _best(min(k, len(relevant)))


def mistakes(ranked: list[str], relevant: set[str], k: int) -> dict[str, float]:
    """What the mistakes we know would return."""
    hits = _hits(ranked, relevant, k)
    found, possible, earned = len(hits), min(k, len(relevant)), _gain(hits)
    precisions = (at / place for at, place in enumerate(hits, start=1))
    return {
        "You return the sum before it is divided by the best possible sum.": earned,
        "Where nothing is relevant the best sum is 0: return 0.0, not 1.": (
            earned / _best(possible) if relevant else 1.0
        ),
        "The best list has as many hits as there are relevant ids, not k.": earned / _best(k),
        "The best list is cut at k too: it holds at most k hits.": earned / _best(len(relevant)),
        "The best list is made of all relevant ids, not only of those that were found.": (
            earned / _best(found)
        ),
        "The best list holds relevant ids that ranked lacks, too.": (
            earned / _best(min(k, len(relevant & set(ranked))))
        ),
        "The best list is not cut at the length of ranked.": (
            earned / _best(min(possible, len(ranked)))
        ),
        "The best list has one hit for each relevant id, not one for each id of ranked.": (
            earned / _best(min(k, len(ranked)))
        ),
        "Positions after k must not count.": (
            _gain(_hits(ranked, relevant, len(ranked))) / _best(possible)
        ),
        "You look at one position too many, k + 1.": (
            _gain(_hits(ranked, relevant, k + 1)) / _best(possible)
        ),
        "You look at one position too few, k - 1.": (
            _gain(_hits(ranked, relevant, k - 1)) / _best(possible)
        ),
        "A hit at position 1 must count more than one at position k.": found / (possible or 1),
        "Your hits count as if they stood at positions 1, 2, 3 ...; use those in ranked.": (
            _gain(range(1, found + 1)) / _best(possible)
        ),
        "A hit at position 1 counts 1 / log2(2) = 1: the positions of your hits are off by one.": (
            _gain(hits, 2) / _best(possible)
        ),
        "A hit at position 1 counts 1 / log2(2) = 1: in both sums your positions are off by one.": (
            _gain(hits, 2) / _best(possible, 2)
        ),
        "Your positions 1 and 2 count the same: that is the discount of Järvelin and Kekäläinen, "
        "1 / log2(p) from position 2 on. Here it is 1 / log2(p + 1).": (
            _first_form(hits) / (_first_form(range(1, possible + 1)) or 1.0)
        ),
        "Your hits earn 1 / ln(position + 1), the best list 1 / log2: take one for both.": (
            earned / _best(possible) / math.log(2)
        ),
        "The best list earns 1 / ln(position + 1), your hits 1 / log2: take one for both.": (
            earned / _best(possible) * math.log(2)
        ),
        "A hit at position p earns 1 / log2(p + 1); in both your sums it is 1 / p.": (
            _harmonic(hits) / (_harmonic(range(1, possible + 1)) or 1.0)
        ),
        "You divide by the number of hits, not by what the best list earns.": earned / (found or 1),
        "You divide by k, not by what the best list earns.": earned / k,
        "That is 1 / position of the first hit (reciprocal rank); here every hit earns.": (
            1 / min(hits, default=math.inf)
        ),
        "That is average precision: the mean of the precisions at the hits.": (
            sum(precisions) / (possible or 1)
        ),
        "That is the hit rate: 1 for any hit, wherever it stands.": float(found > 0),
        "That is precision, the hits divided by k.": found / k,
        "That is recall, the hits divided by the number of relevant ids.": (
            found / (len(relevant) or 1)
        ),
    }
