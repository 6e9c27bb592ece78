"""Lesson 71: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l71 import evidence, forecasts, ids

TASKS = [evidence.TASK, ids.TASK, forecasts.TASK]
