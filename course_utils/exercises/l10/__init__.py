"""Lesson 10: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l10 import chances, likeness, logits, recall

TASKS = [recall.TASK, likeness.TASK, chances.TASK, logits.TASK]
