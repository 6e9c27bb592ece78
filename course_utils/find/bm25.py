"""BM25F in the standard library: the formula of lesson 11, over texts with several fields.

A field's counts are weighed and added before they level off (Robertson and Zaragoza 2009)::

    pooled(t, d) = sum over fields s of w_s f_s / (1 - b + b L_s / mean L_s)
    score(q, d)  = sum over words t of q of q_t idf(t) pooled / (k1 + pooled)
    idf(t)       = ln(1 + (N - n_t + 0.5) / (n_t + 0.5))

With one field of weight 1 it is BM25 as ``course_utils.search.bm25_scores`` has it, which needs
NumPy and the library bm25s; ``find`` answers before these are there.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Fields = Mapping[str, Sequence[str]]
"""Field -> the words in it; a text may lack a field."""


Postings = Mapping[str, tuple[Sequence[int], Sequence[float]]]
"""Word -> numbers of the texts that hold it, and its pooled count in each."""


@dataclass(frozen=True)
class Index:
    """An inverted index of ``n_texts`` texts; ``k1`` says how soon repetition levels off."""

    postings: Postings
    n_texts: int
    k1: float

    @classmethod
    def of(
        cls, texts: Sequence[Fields], weights: Mapping[str, float], b: float, k1: float
    ) -> Index:
        """Index texts.

        Args:
            weights: of each field that is to count.
            b: 0 to 1, how much a long field is marked down.
        """
        pooled: defaultdict[str, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
        for name, weight in weights.items():
            lengths = [len(text.get(name, ())) for text in texts]
            mean = sum(lengths) / max(1, len(texts))
            for at, text in enumerate(texts):
                for word, count in Counter(text.get(name, ())).items():
                    pooled[word][at] += weight * count / (1 - b + b * lengths[at] / mean)
        postings = {
            word: (list(held), [round(count, 6) for count in held.values()])
            for word, held in pooled.items()
        }
        return cls(postings, len(texts), k1)

    def idf(self, word: str) -> float:
        """How rare a word is; 0 if no text holds it."""
        if word not in self.postings:
            return 0.0
        n_with = len(self.postings[word][0])
        return math.log(1 + (self.n_texts - n_with + 0.5) / (n_with + 0.5))

    def scores(self, query: Mapping[str, float]) -> dict[int, float]:
        """The scores of the texts that hold a word of the query, word -> its weight."""
        found: defaultdict[int, float] = defaultdict(float)
        for word, weight in query.items():
            rarity = weight * self.idf(word)
            for at, count in zip(*self.postings.get(word, ((), ())), strict=True):
                found[at] += rarity * count / (self.k1 + count)
        return dict(found)
