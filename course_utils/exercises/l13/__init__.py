"""Lesson 13: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l13 import bayes, copies, votes, weights, wilson

TASKS = [bayes.TASK, wilson.TASK, weights.TASK, copies.TASK, votes.TASK]
