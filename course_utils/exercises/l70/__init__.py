"""Lesson 70: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l70 import (
    accepted,
    at_cutoff,
    decide,
    picked,
    regained,
    sell,
    shrunk,
)

TASKS = [
    at_cutoff.TASK,
    shrunk.TASK,
    regained.TASK,
    picked.TASK,
    accepted.TASK,
    sell.TASK,
    decide.TASK,
]
