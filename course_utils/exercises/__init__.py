"""The course's tasks: find them, check an answer, get a hint, see the solution.

In a lesson::

    from course_utils.exercises import check, hint, solution

    check("51.3", top_n)

Elsewhere ``task(id)`` and ``all_tasks()`` give the same without a notebook.
"""

from course_utils.exercises.engine import Task, Verdict
from course_utils.exercises.finding import all_tasks, lessons_with_tasks, task, tasks_of
from course_utils.exercises.session import check, grade_check, hint, solution

__all__ = [
    "Task",
    "Verdict",
    "all_tasks",
    "check",
    "grade_check",
    "hint",
    "lessons_with_tasks",
    "solution",
    "task",
    "tasks_of",
]
