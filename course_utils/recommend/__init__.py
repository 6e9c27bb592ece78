"""Recommend: lists from scores, histories split by time, item neighbours, implicit feedback,
products without a history."""

from course_utils.recommend.attributes import cold_scores, guess_from_attributes
from course_utils.recommend.groups import groups
from course_utils.recommend.history import hide_last, judge, latest
from course_utils.recommend.implicit import ImplicitALS
from course_utils.recommend.interactions import all_pairs, interaction_table
from course_utils.recommend.lists import (
    Recommendation,
    lists_of,
    popularity,
    rank,
    score_matrix,
    seen_mask,
    top_n,
    top_n_for_all,
)
from course_utils.recommend.neighbours import item_neighbours
from course_utils.recommend.pairwise import ImplicitBPR
from course_utils.recommend.similarity import item_similarity

__all__ = [
    "ImplicitALS",
    "ImplicitBPR",
    "Recommendation",
    "all_pairs",
    "cold_scores",
    "groups",
    "guess_from_attributes",
    "hide_last",
    "interaction_table",
    "item_neighbours",
    "item_similarity",
    "judge",
    "latest",
    "lists_of",
    "popularity",
    "rank",
    "score_matrix",
    "seen_mask",
    "top_n",
    "top_n_for_all",
]
