"""Lesson 23: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l23 import calibration, columns, launch, loss, targets

TASKS = [loss.TASK, targets.TASK, launch.TASK, columns.TASK, calibration.TASK]
