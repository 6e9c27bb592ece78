"""Lesson 15: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l15 import draft, lambdas, rates, robust, swaps

TASKS = [swaps.TASK, rates.TASK, robust.TASK, lambdas.TASK, draft.TASK]
