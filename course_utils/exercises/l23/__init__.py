"""Lesson 23: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l23 import calibration, columns, launch, loss, targets

TASKS = [loss.TASK, targets.TASK, columns.TASK, calibration.TASK, launch.TASK]
