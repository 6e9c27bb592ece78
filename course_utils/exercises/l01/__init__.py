"""Lesson 01: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l01 import conversion, oracle, rates

TASKS = [rates.TASK, oracle.TASK, conversion.TASK]
