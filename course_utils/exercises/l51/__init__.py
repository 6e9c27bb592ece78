"""Lesson 51: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l51 import (
    cold,
    hide_last,
    item_cf,
    latest,
    ndcg,
    one_epoch,
    read_file,
    score,
    solve_user,
    top_n,
    train,
    whole,
)

TASKS = [
    read_file.TASK,
    score.TASK,
    train.TASK,
    one_epoch.TASK,
    top_n.TASK,
    latest.TASK,
    hide_last.TASK,
    ndcg.TASK,
    item_cf.TASK,
    solve_user.TASK,
    cold.TASK,
    whole.TASK,
]
