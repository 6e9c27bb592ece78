"""Lesson 31: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l31 import audit, clean_rows, cooled, power_law, probe, ties

TASKS = [audit.TASK, power_law.TASK, cooled.TASK, ties.TASK, probe.TASK, clean_rows.TASK]
