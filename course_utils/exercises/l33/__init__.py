"""Lesson 33: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l33 import kappa, serve, swap, turned

TASKS = [
    kappa.TASK,
    swap.TASK,
    serve.TASK,
    turned.TASK,
]
