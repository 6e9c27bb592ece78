"""What is done and what comes next."""

from __future__ import annotations

from course_utils.exercises import progress
from course_utils.exercises.finding import lessons_with_tasks, tasks_of


def status_report() -> str:
    """What is done and what comes next, as text."""
    states = progress.load()
    lines = []
    upcoming = None
    for lesson in lessons_with_tasks():
        tasks = tasks_of(lesson)
        solved = sum(states.get(one.id, progress.State()).solved for one in tasks)
        lines.append(f"Lesson {lesson}: {solved} of {len(tasks)} tasks solved")
        for one in tasks:
            record = states.get(one.id, progress.State())
            lines.append(f"  {one.id}  {_in_words(record):<34}  {one.prompt}")
            if not record.solved and upcoming is None:
                upcoming = one
    if upcoming is None:
        lines.append("Every task is solved.")
    else:
        lesson = upcoming.id.split(".")[0]
        lines.append(f"Next: task {upcoming.id}. Open it with: python -m course_utils lab {lesson}")
    return "\n".join(lines)


def _in_words(record: progress.State) -> str:
    if record.attempts == 0 and not record.solution:
        return "not attempted"
    said = "solved" if record.solved else "open"
    said += f", {record.attempts} attempt{'' if record.attempts == 1 else 's'}"
    if record.hints:
        said += f", hint {record.hints}"
    if record.solution == "forced":
        said += ", solution forced"
    return said
