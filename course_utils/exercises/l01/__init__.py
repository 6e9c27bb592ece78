"""Lesson 01: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l01 import conversion, limits, rates

TASKS = [rates.TASK, limits.TASK, conversion.TASK]
