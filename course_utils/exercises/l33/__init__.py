"""Lesson 33: its tasks, one file each: the check, its inputs and the hints."""

from course_utils.exercises.l33 import (
    forgetting,
    freezing,
    kappa,
    launch,
    lora,
    price,
    serve,
    swap,
    turned,
)

TASKS = [
    forgetting.TASK,
    lora.TASK,
    freezing.TASK,
    price.TASK,
    launch.TASK,
    kappa.TASK,
    swap.TASK,
    serve.TASK,
    turned.TASK,
]
