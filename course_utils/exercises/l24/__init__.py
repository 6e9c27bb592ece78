"""Lesson 24: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l24 import (
    calibrator,
    esmm_loss,
    forward,
    judged,
    trained_by,
    use,
)

TASKS = [
    forward.TASK,
    trained_by.TASK,
    esmm_loss.TASK,
    use.TASK,
    judged.TASK,
    calibrator.TASK,
]
