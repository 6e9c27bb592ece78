"""Lesson 00: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l00 import fair, kind, rates, verdict, words

TASKS = [rates.TASK, words.TASK, kind.TASK, verdict.TASK, fair.TASK]
