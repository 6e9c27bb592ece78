"""Lesson 21: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l21 import (
    generated,
    kinds,
    partitioned_norm,
    report,
    shares,
    star_layer,
)

TASKS = [
    kinds.TASK,
    star_layer.TASK,
    report.TASK,
    partitioned_norm.TASK,
    generated.TASK,
    shares.TASK,
]
