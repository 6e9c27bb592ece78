"""Lesson 54: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l54 import (
    colleague,
    encoders,
    looks,
    pool,
    pool_check,
    route,
    score,
    suspects,
)

TASKS = [
    looks.TASK,
    score.TASK,
    pool.TASK,
    pool_check.TASK,
    encoders.TASK,
    suspects.TASK,
    route.TASK,
    colleague.TASK,
]
