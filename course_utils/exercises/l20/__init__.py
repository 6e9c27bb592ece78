"""Lesson 20: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l20 import adam, epochs, forward, launch, loss

TASKS = [loss.TASK, forward.TASK, epochs.TASK, adam.TASK, launch.TASK]
