"""Lesson 40: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l40 import (
    article,
    cause,
    launch,
    mgda,
    pcgrad,
    rollback,
    units,
)

TASKS = [
    cause.TASK,
    units.TASK,
    pcgrad.TASK,
    mgda.TASK,
    article.TASK,
    launch.TASK,
    rollback.TASK,
]
