"""How well the words of a query and of a product's titles agree, row by row of a log."""

from __future__ import annotations

import numpy as np
import pandas as pd

from course_utils.errors import CourseError
from course_utils.search.rankers import bm25_scores
from course_utils.search.words import words_and_bigrams


def match_scores(log: pd.DataFrame, queries: pd.DataFrame, listings: pd.DataFrame) -> np.ndarray:
    """BM25 of query and titles: a number that a model may read instead of the relevance.

    It counts words, not meanings. A synonym finds none of its words in the title of a product
    that is just right; a need finds the kind that is meant, but not what was needed.

    Args:
        log: rows with ``query_id``, missing outside search, and ``product_id``.
        queries, listings: tables of the same shop; both titles count.

    Returns:
        ``[n]``, 0 or more; 0 outside search.

    Raises:
        CourseError: if a query or a product is not in the tables.
    """
    titles = (listings["title_en"] + " " + listings["title_zh"]).tolist()
    scores = bm25_scores(titles, queries["text"].tolist(), words_and_bigrams, b=0.75)
    searched = log["query_id"].notna().to_numpy()
    rows = log[searched]
    query = pd.Index(queries["query_id"]).get_indexer(rows["query_id"])
    product = pd.Index(listings["product_id"]).get_indexer(rows["product_id"])
    if min(query.min(initial=0), product.min(initial=0)) < 0:
        raise CourseError(
            "The log has queries or products that the tables lack: pass tables of the same shop."
        )
    found = np.zeros(len(log))
    found[searched] = scores[query, product]
    return found
