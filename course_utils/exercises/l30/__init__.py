"""Lesson 30: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l30 import (
    attention,
    new_products,
    pieces,
    reached,
    roles,
    text_vector,
)

TASKS = [
    roles.TASK,
    attention.TASK,
    text_vector.TASK,
    pieces.TASK,
    reached.TASK,
    new_products.TASK,
]
