"""Lesson 11: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l11 import bm25, fusion, ndcg, ngrams, rates

TASKS = [ndcg.TASK, bm25.TASK, ngrams.TASK, fusion.TASK, rates.TASK]
