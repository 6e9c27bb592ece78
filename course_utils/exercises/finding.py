"""Finding tasks: by lesson, by id, or all of them."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import marked_answers

CHECKS = paths.ROOT / "checks"
_TASK = re.compile(r"t\d+_(?!.*_test$)\w+")


def lessons_with_tasks() -> list[str]:
    """The numbers of all lessons that have tasks, in order."""
    folders = [str(CHECKS), str(Path(__file__).parent)]
    names = {module.name for module in pkgutil.iter_modules(folders)}
    return sorted(name[1:] for name in names if re.fullmatch(r"l\d\d", name))


def check_modules(lesson: str) -> list[str]:
    """The modules of a lesson's checks, ``checks.l53.t2_ndcg``: one file a task, by its number."""
    names = [module.name for module in pkgutil.iter_modules([str(CHECKS / f"l{lesson}")])]
    return [f"checks.l{lesson}.{name}" for name in names if _TASK.fullmatch(name)]


def tasks_of(lesson: str) -> list[Task]:
    """The tasks of lesson ``"51"``, in its order."""
    if not check_modules(lesson):
        return list(importlib.import_module(f"course_utils.exercises.l{lesson}").TASKS)
    modules = map(importlib.import_module, check_modules(lesson))
    pairs = [(module.TASK, getattr(module, "CHECK", None)) for module in modules]
    found = {one.id: one for pair in pairs for one in pair if one is not None}
    known = [*marked_answers()]
    return sorted(found.values(), key=lambda one: known.index(one.id))


def all_tasks() -> list[Task]:
    """Every task of the course, by number; a lesson may do 23.6 before 23.4."""

    def number(one: Task) -> list[tuple[int, str]]:
        return [(int(part.split()[0]), part) for part in one.id.split(".")]

    return sorted((one for lesson in lessons_with_tasks() for one in tasks_of(lesson)), key=number)


def task(id: str) -> Task:
    """The task with this id.

    Raises:
        CourseError: if there is none; the message lists what there is.
    """
    lesson = str(id).split(".")[0]
    if lesson not in lessons_with_tasks():
        raise CourseError(
            f"There is no task {id!r}: lessons with tasks are {', '.join(lessons_with_tasks())}."
        )
    tasks = tasks_of(lesson)
    for one in tasks:
        if one.id == id:
            return one
    raise CourseError(
        f"There is no task {id!r}: lesson {lesson} has {', '.join(one.id for one in tasks)}."
    )
