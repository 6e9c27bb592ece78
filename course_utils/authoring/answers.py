"""The lessons' marked answers, copied to where the checks read them."""

from __future__ import annotations

import json
import re

from course_utils.exercises import markers, sources
from course_utils.exercises.finding import lessons_with_tasks
from course_utils.exercises.lesson_answer import STORED

_PASSED = re.compile(r"^(?:grade_)?check\(\s*[\"'][\d.]+[\"'],\s*(\w+)", re.MULTILINE)


def write() -> bool:
    """Copy them; whether anything has changed."""
    text = _text()
    if STORED.exists() and STORED.read_text(encoding="utf-8") == text:
        return False
    STORED.write_text(text, encoding="utf-8")
    return True


def stale() -> list[str]:
    """What ``build --check`` says where the copy is not that of the lessons."""
    if STORED.exists() and STORED.read_text(encoding="utf-8") == _text():
        return []
    return [f"{STORED.parent.name}/{STORED.name} is not what the lessons mark as answers."]


def _text() -> str:
    found = {}
    for lesson in lessons_with_tasks():
        for cell in sources.code_cells(lesson):
            task = markers.task_id(cell)
            passed = _PASSED.search(cell)
            if task is not None and passed is not None and markers.split(cell) is not None:
                found[task] = {"name": passed.group(1), "text": sources.solution_text(task)}
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
