"""What is done and what comes next."""

from __future__ import annotations

from datetime import UTC, datetime

from course_utils.exercises import progress
from course_utils.exercises.finding import lessons_with_tasks, tasks_of
from course_utils.interview import bank, log
from course_utils.interview.schedule import WEAK, due, recall, topics

SHOWN = 3
"""Questions that are told of those that are due, and of those that make a topic weak."""


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
    return "\n".join([*lines, *interview_report(datetime.now(UTC))])


def interview_report(now: datetime) -> list[str]:
    """What the drill has seen: what is due, and which topics are weak, and why."""
    questions, answers = bank(), log.answers()
    latest = {one.question: one for one in answers}
    seen = [one for one in questions if one.id in latest]
    if not seen:
        count = len(questions)
        return [f"Interview: none of {count} questions seen. Try: python -m course_utils interview"]
    late, chance = due(questions, answers, now), recall(answers, now)
    lines = [f"Interview: {len(seen)} of {len(questions)} questions seen, {len(late)} due today"]
    for one in late[:SHOWN]:
        last = latest[one.id]
        lines.append(
            f"  due: {one.id} · {one.asked['en']} {last.share:.0%} of the points on "
            f"{last.at:%Y-%m-%d}; remembered by now with a chance of {chance[one.id]:.0%}"
        )
    for topic, share in topics(questions, answers).items():
        if share < WEAK:
            its = [latest[one.id] for one in seen if one.topic["en"] == topic]
            worst = sorted(its, key=lambda last: last.share)[:SHOWN]
            lost = ", ".join(f"{last.question} ({last.points} of {last.of})" for last in worst)
            lines.append(
                f"  weak: {topic}, {share:.0%} of the rubric's points in the latest answers: "
                f'{lost}. python -m course_utils interview --topic "{topic}"'
            )
    return lines


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
