"""Product search: texts into pieces, rankers, fusion, judging, and what a log of clicks tells."""

from course_utils.search.catalogue import Catalogue
from course_utils.search.clicks import Searches, attention_by_place
from course_utils.search.lists import NOTHING, best, fuse, ndcg_by_query
from course_utils.search.rankers import bm25_scores, lsa_scores, lsa_vectors
from course_utils.search.words import words, words_and_pairs

__all__ = [
    "NOTHING",
    "Catalogue",
    "Searches",
    "attention_by_place",
    "best",
    "bm25_scores",
    "fuse",
    "lsa_scores",
    "lsa_vectors",
    "ndcg_by_query",
    "words",
    "words_and_pairs",
]
