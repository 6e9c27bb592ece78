"""Lesson 12: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l12 import best_threshold, f1_scores, indicator, precision_at_k

TASKS = [indicator.TASK, f1_scores.TASK, best_threshold.TASK, precision_at_k.TASK]
