"""Lesson 11: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l11 import bm25, fields, fusion, ndcg, ngrams

TASKS = [ndcg.TASK, bm25.TASK, ngrams.TASK, fusion.TASK, fields.TASK]
