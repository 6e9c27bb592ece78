"""Lesson 14: its tasks, one file each."""

from course_utils.exercises.l14 import conversion, funnel, holes, mix

TASKS = [funnel.TASK, conversion.TASK, mix.TASK, holes.TASK]
