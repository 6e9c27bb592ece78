"""Lesson 22: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l22 import cosine, gain, groups, lookahead

TASKS = [
    gain.TASK,
    cosine.TASK,
    groups.TASK,
    lookahead.TASK,
]
