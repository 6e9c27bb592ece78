"""Lesson 41: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l41 import (
    balanced,
    budgets,
    cost,
    gradient,
    guardrails,
    speed,
)

TASKS = [
    budgets.TASK,
    balanced.TASK,
    speed.TASK,
    guardrails.TASK,
    gradient.TASK,
    cost.TASK,
]
