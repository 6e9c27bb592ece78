"""Lesson 20: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l20 import adam, cosines, forward, judge, launch, loss

TASKS = [loss.TASK, forward.TASK, judge.TASK, adam.TASK, cosines.TASK, launch.TASK]
