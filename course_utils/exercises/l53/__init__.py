"""Lesson 53: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l53 import auc, auc_check

TASKS = [auc.TASK, auc_check.TASK]
