"""Lesson 32: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l32 import (
    adapter,
    caching,
    classes,
    encoder,
    integers,
    memory,
    price,
    savings,
)

TASKS = [
    savings.TASK,
    encoder.TASK,
    memory.TASK,
    adapter.TASK,
    classes.TASK,
    integers.TASK,
    caching.TASK,
    price.TASK,
]
