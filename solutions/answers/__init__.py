"""What proves the checks: for each task right answers in other words, and wrong ones.

A file ``answers/lNN/<task>.py`` stands for the check ``course_utils/exercises/lNN/<task>.py`` and
holds one ``PROOF``. Nothing in ``course_utils`` imports from here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from checks import proof
from checks.proof import Proof, Wrong, silent
from course_utils.errors import CourseError
from course_utils.exercises import all_tasks

__all__ = ["Proof", "Wrong", "modules", "proofs", "silent"]


def proofs() -> dict[str, Proof]:
    """The proofs of all tasks, by task, in the order of the tasks.

    Raises:
        CourseError: if a proof's task is unknown, or has two proofs.
    """
    known = [one.id for one in all_tasks()]
    found: dict[str, Proof] = {}
    for module, made in modules():
        if made.task not in known:
            raise CourseError(f"{module} proves task {made.task!r}, which does not exist.")
        if made.task in found:
            raise CourseError(f"{module} proves task {made.task}, which has a proof already.")
        found[made.task] = made
    return {id: found[id] for id in known if id in found}


def modules() -> Iterator[tuple[str, Proof]]:
    """The name of each file that proves a task, and its proof."""
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        if not module.ispkg:
            yield module.name, importlib.import_module(module.name).PROOF
    yield from proof.modules()
