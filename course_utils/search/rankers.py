"""Scores of every text for every query: shared words (BM25) and co-occurrence (LSA)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import bm25s
import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

Cut = Callable[[str], list[str]]


def bm25_scores(
    texts: Sequence[str], queries: Sequence[str], cut: Cut, b: float, k1: float = 1.5
) -> np.ndarray:
    """BM25 (Robertson and Zaragoza 2009) in the form that Lucene and the library bm25s use.

    score(q, d) = sum over the words t of q of idf(t) tf / (tf + k1 (1 - b + b |d| / mean |d|)),
    idf(t) = ln(1 + (N - n_t + 0.5) / (n_t + 0.5))

    Args:
        texts: N of them; queries: any number.
        cut: text to words.
        b: 0 to 1, how much a long text is marked down; k1: how soon a repeated word stops counting.

    Returns:
        Shape (queries, texts), four decimals, so that equal sums tie on every CPU.
    """
    model = bm25s.BM25(k1=k1, b=b)
    model.index([cut(text) for text in texts], show_progress=False)
    scores = np.zeros((len(queries), len(texts)), dtype=np.float32)
    for row, query in enumerate(queries):
        known = [word for word in cut(query) if word in model.vocab_dict]
        if known:
            scores[row] = model.get_scores(known)
    return np.round(scores, 4)


def lsa_vectors(
    texts: Sequence[str], queries: Sequence[str], cut: Cut, size: int, unit: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Latent semantic analysis: the SVD of TF-IDF (Deerwester et al. 1990).

    Args:
        texts, queries, cut: as ``bm25_scores``.
        size: numbers kept of each text; fewer make words that co-occur more alike.
        unit: texts have unit length, so that a long one is marked down; else the length of their
            words' weights. Queries always have unit length.

    Returns:
        Of the texts, shape (texts, size), and of the queries, shape (queries, size). A query
        without a known word is all zeros.
    """
    norm = "l2" if unit else None
    # In double precision: in single, other CPUs order some products otherwise.
    weigh = TfidfVectorizer(analyzer=cut, sublinear_tf=True, norm=norm)
    table = weigh.fit_transform(texts)
    # Two rounds of the randomised SVD: more change the order of products hardly at all.
    svd = TruncatedSVD(size, n_iter=2, random_state=0)
    of_texts = svd.fit_transform(table)
    of_queries = normalize(svd.transform(weigh.transform(queries)))
    return normalize(of_texts) if unit else of_texts, of_queries


def lsa_scores(
    texts: Sequence[str], queries: Sequence[str], cut: Cut, size: int, unit: bool = True
) -> np.ndarray:
    """Cosine of query and text, shape (queries, texts), four decimals; see ``lsa_vectors``.

    Without ``unit``: the cosine times the length of the text's vector.
    """
    of_texts, of_queries = lsa_vectors(texts, queries, cut, size, unit)
    return np.round(of_queries @ of_texts.T, 4)


def lambda_gradients(scores: np.ndarray, grades: np.ndarray, k: int) -> np.ndarray:
    """LambdaRank's push on each score (Burges et al. 2006; section 4 of Burges 2010, sigma 1).

    For a pair i, j with grade_i > grade_j: |change of NDCG@k if the two swapped places| times
    1 / (1 + exp(score_i - score_j)), up for i and down for j. Without the first factor it is the
    gradient of RankNet's loss, the sum of ln(1 + exp(score_j - score_i)), downhill.

    Args:
        scores, grades: ``[queries, products]``; equal scores stand in the order of the columns.
        k: the length that NDCG looks at.

    Returns:
        ``[queries, products]``; positive means up. Zeros where no product has a grade above 0.
    """
    n = scores.shape[1]
    place = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1)
    worth = np.where(np.arange(n) < k, 1 / np.log2(np.arange(n) + 2), 0.0)
    gain = 2.0**grades - 1
    ideal = np.sort(gain, axis=1)[:, ::-1] @ worth
    at = worth[place]
    change = (gain[:, :, None] - gain[:, None, :]) * (at[:, :, None] - at[:, None, :])
    change = np.abs(change) / np.where(ideal > 0, ideal, 1.0)[:, None, None]
    # The logistic function as tanh, which overflows nowhere.
    slope = (1 - np.tanh((scores[:, :, None] - scores[:, None, :]) / 2)) / 2
    pair = slope * change * (grades[:, :, None] > grades[:, None, :])
    return pair.sum(axis=2) - pair.sum(axis=1)
