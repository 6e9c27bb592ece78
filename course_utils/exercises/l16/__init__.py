"""Lesson 16: its tasks, one file each."""

from course_utils.exercises.l16 import alarm, cuped, interval, size

TASKS = [interval.TASK, size.TASK, cuped.TASK, alarm.TASK]
