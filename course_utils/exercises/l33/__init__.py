"""Lesson 33: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l33 import forgetting, freezing, launch, lora, price

TASKS = [
    forgetting.TASK,
    lora.TASK,
    freezing.TASK,
    price.TASK,
    launch.TASK,
]
