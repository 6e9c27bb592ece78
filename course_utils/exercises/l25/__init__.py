"""Lesson 25: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l25 import by_scenario, delayed, front, fuse, grouped

TASKS = [fuse.TASK, front.TASK, grouped.TASK, by_scenario.TASK, delayed.TASK]
