"""Lesson 51: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l51 import (
    bpr,
    cold,
    hide_last,
    ndcg,
    one_epoch,
    solve_user,
    top_n,
    whole,
)

TASKS = [
    top_n.TASK,
    whole.TASK,
    one_epoch.TASK,
    hide_last.TASK,
    ndcg.TASK,
    solve_user.TASK,
    bpr.TASK,
    cold.TASK,
]
