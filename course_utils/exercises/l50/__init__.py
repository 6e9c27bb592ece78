"""Lesson 50: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l50 import (
    attend,
    bce,
    cells,
    decide,
    encode,
    pair,
    pr_auc,
    queue,
    stop,
    title_vector,
    tokens,
)

TASKS = [
    tokens.TASK,
    encode.TASK,
    bce.TASK,
    pr_auc.TASK,
    decide.TASK,
    title_vector.TASK,
    stop.TASK,
    attend.TASK,
    cells.TASK,
    queue.TASK,
    pair.TASK,
]
