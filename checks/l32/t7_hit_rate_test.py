"""32.7: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

from checks.l32.t7_hit_rate import right
from checks.proof import Proof, Wrong


def _library(queries: Any, size: int) -> Any:
    @lru_cache(maxsize=size)
    def known(query: str) -> str:
        return query

    for query in queries:
        known(query)
    return known.cache_info().hits / max(len(queries), 1)


def _list(queries: Any, size: int) -> Any:
    recent: list[str] = []
    hits = 0
    for query in queries:
        if query in recent:
            hits += 1
            recent.remove(query)
        recent = [*recent, query][-size:] if size else []
    return hits / len(queries) if queries else 0


def _distances(queries: Any, size: int) -> Any:
    """A hit has fewer than ``size`` distinct other queries since it was last asked."""
    last: dict[str, int] = {}
    hits = 0
    for at, query in enumerate(queries):
        if query in last:
            hits += len(set(queries[last[query] + 1 : at])) < size
        last[query] = at
    return hits / max(len(queries), 1)


def _minus(queries: Any, size: int) -> Any:
    """recent[-0:] is the whole list."""
    recent: list[str] = []
    hits = 0
    for query in queries:
        hits += query in recent
        recent = [*[one for one in recent if one != query], query][-size:]
    return hits / max(len(queries), 1)


def _by_name(queries: Any, size: int) -> Any:
    """Forgets what comes first in the alphabet: any order but that of the requests."""
    kept: set[str] = set()
    hits = 0
    for query in queries:
        hits += query in kept
        if size and query not in kept:
            if len(kept) >= size:
                kept.remove(min(kept))
            kept.add(query)
    return hits / len(queries) if queries else 0.0


def _ascii(queries: Any, size: int) -> Any:
    """Chinese queries of one length become one."""
    return right([query.encode("ascii", "replace") for query in queries], size)


def _nfkc(queries: Any, size: int) -> Any:
    """The ligature becomes two letters."""
    return right([unicodedata.normalize("NFKC", query) for query in queries], size)


PROOF = Proof(
    task="32.7",
    right=[_library, _list, _distances],
    wrong=[
        Wrong(right.in_place("queries and queries.pop()"), "changes `queries`", silent=True),
        Wrong(_minus, "must be 0", silent=True),
        Wrong(_by_name, "must be 0.3333, got 0.1667", silent=True),
        Wrong(_ascii, "must be 0.3333, got 0.6667", silent=True),
        Wrong(_nfkc, "'fi', 'ﬁ'], 9) must be 0.3333, got 0.6667", silent=True),
        Wrong(right.edit({" if queries else 0.0": ""}), "ZeroDivisionError", status="error"),
        Wrong(right.returning("[]"), "must be one number"),
    ],
)
