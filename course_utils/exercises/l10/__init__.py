"""Lesson 10: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l10 import logits, negatives, recall, similarity

TASKS = [recall.TASK, similarity.TASK, negatives.TASK, logits.TASK]
