"""Lesson 13: its tasks, one file each: the check, the hints, and the answers that prove it."""

from course_utils.exercises.l13 import bayes, copies, votes, wilson

TASKS = [bayes.TASK, wilson.TASK, copies.TASK, votes.TASK]
