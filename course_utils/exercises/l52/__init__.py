"""Lesson 52: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l52 import (
    causal,
    context,
    judge,
    markov,
    pad,
    ready,
    split,
    target,
    vocabulary,
    windows,
)

TASKS = [
    ready.TASK,
    windows.TASK,
    judge.TASK,
    pad.TASK,
    context.TASK,
    vocabulary.TASK,
    split.TASK,
    markov.TASK,
    target.TASK,
    causal.TASK,
]
