"""Product search: words and n-grams, rankers, fusion, judging, and what a log of clicks tells."""

from course_utils.search.catalogue import Catalogue
from course_utils.search.clicks import (
    Searches,
    examination_by_position,
    examination_from_swaps,
)
from course_utils.search.interleaving import team_draft
from course_utils.search.lists import NOTHING, best, fuse, ndcg_by_query
from course_utils.search.match import match_scores
from course_utils.search.rankers import bm25_scores, lambda_gradients, lsa_scores, lsa_vectors
from course_utils.search.words import words, words_and_bigrams

__all__ = [
    "NOTHING",
    "Catalogue",
    "Searches",
    "best",
    "bm25_scores",
    "examination_by_position",
    "examination_from_swaps",
    "fuse",
    "lambda_gradients",
    "lsa_scores",
    "lsa_vectors",
    "match_scores",
    "ndcg_by_query",
    "team_draft",
    "words",
    "words_and_bigrams",
]
