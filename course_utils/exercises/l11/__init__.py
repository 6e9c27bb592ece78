"""Lesson 11: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l11 import bm25, fusion, ndcg, pieces, rates

TASKS = [ndcg.TASK, bm25.TASK, pieces.TASK, fusion.TASK, rates.TASK]
