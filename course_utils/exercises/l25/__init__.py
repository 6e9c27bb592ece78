"""Lesson 25: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l25 import by_scenario, delayed, front, fuse, grouped

TASKS = [fuse.TASK, front.TASK, by_scenario.TASK, grouped.TASK, delayed.TASK]
