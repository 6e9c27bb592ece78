"""The mock interview: two questions, a task at the whiteboard, a bug, a design; then the report."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from rich.console import Console
from rich.markdown import Markdown

from course_utils import bugs
from course_utils.exercises import progress
from course_utils.interview import FollowUp, Language, Question, bank, log
from course_utils.interview.choice import SECONDS, chosen
from course_utils.interview.log import Answer
from course_utils.interview.schedule import order
from course_utils.interview.terminal import follow_up, put, timed
from course_utils.mock.board import Board, boards
from course_utils.mock.report import BUG, show

Ask = Callable[[str], str]

DESIGNS = ("bh-01", "se-01", "ms-11", "fu-11", "lm-12", "me-15", "si-14", "si-15")
"""Questions of the bank that ask for a system."""

CLOCK = {"question": SECONDS // 60, "bug": 3, "design": 8}
"""Minutes of a part's clock; the whiteboard's are the task's."""

AFTER = {"question": 3, "bug": 2, "design": 4}
"""Minutes for the answer, the rubric and the follow-up."""

REPORT = 2

BOARD_POINTS = ((5, "passes"), (3, "first"), (2, "in_time"))
"""Weight and what it is for."""

SAID: dict[Language, dict[str, str]] = {
    "en": {
        "plan": "{total} minutes. The clocks: two questions, {question} minute each; the "
        "whiteboard, {board} minutes; a bug, {bug}; a design, {design}. The rest is for answers, "
        "points, follow-ups and the report; a follow-up has no clock and no points. Ctrl-C ends it "
        "early: what was graded is kept, and reported.",
        "board": "Task {} is in {}. Write the function there, in an editor, without hints: "
        "{} minutes. Enter starts the clock.",
        "done": "Save the file; Enter has it checked.",
        "again": "Enter has it checked again, s goes on: ",
        "next": "Enter for the next part.",
        "bug": "What is wrong, and how do you mend it?",
        "cause": "names the cause",
        "fix": "mends it, so or in another way that removes the cause and does no other harm",
        "passes": "the check passes",
        "first": "at the first try",
        "in_time": "within the task's minutes",
        "test": "Which test would have seen it?",
    },
    "zh": {
        "plan": "共 {total} 分钟。限时的部分：两道问答，每题 {question} 分钟；"
        "白板题 {board} 分钟；找 bug {bug} 分钟；设计题 {design} 分钟。其余时间用来看答案、打分、"
        "追问和看报告；追问不限时，也不计分。按 Ctrl-C 可以提前结束，"
        "已经打分的会保留，也会出现在报告里。",
        "board": "题目 {} 在 {} 里。用编辑器在这个文件里写出函数，不看提示，限时 {} 分钟。"
        "按回车开始计时。",
        "done": "保存文件，按回车检查。",
        "again": "按回车再检查一次，输入 s 跳到下一部分：",
        "next": "按回车进入下一部分。",
        "bug": "错在哪里？怎么改？",
        "cause": "说出了原因",
        "fix": "改对了；换一种改法，只要消除了原因、没有带来别的问题，也算",
        "passes": "通过检查",
        "first": "一次通过",
        "in_time": "在限时内完成",
        "test": "什么样的测试能发现它？",
    },
}


class Room(NamedTuple):
    """Who asks, where, and in which language."""

    language: Language
    ask: Ask
    console: Console

    def say(self, name: str, *values: object, **named: object) -> None:
        self.console.print(SAID[self.language][name].format(*values, **named), highlight=False)


def mock(
    topic: str | None,
    level: str | None,
    language: Language,
    ask: Ask = input,
    console: Console | None = None,
    chance: random.Random | None = None,
) -> list[Answer]:
    """Hold the interview and report; each part is kept as soon as it is graded.

    Args:
        topic, level: of the two questions.
        ask: shows a line and reads one.
        chance: draws what is asked, of what was asked least.

    Returns:
        What was graded, in order.

    Raises:
        CourseError: if no question has this topic and level.
    """
    room = Room(language, ask, console or Console())
    chance = chance or random.Random()
    first = _questions(chosen(bank(), topic, level))
    known = {one.id: one for one in bank()}
    given: list[Answer] = []
    there = boards()
    board = there[_least_asked(list(there), chance)]
    room.say("plan", total=_minutes(board), board=board.minutes, **CLOCK)
    try:
        for one in first:
            _spoken(one, CLOCK["question"], room, given, chance)
        _board(board, room, given)
        cards = {f"bug {card.name}": card for card in bugs.CARDS}
        bug = cards[_least_asked(list(cards), chance)]
        _spoken(_as_question(bug, language), CLOCK["bug"], room, given, chance)
        _spoken(known[_least_asked(DESIGNS, chance)], CLOCK["design"], room, given, chance)
    except (KeyboardInterrupt, EOFError):
        room.console.print()
    show(given, language, room.console)
    return given


def _minutes(board: Board) -> int:
    """All of it, with two questions; forty-five with the longest task at the whiteboard."""
    parts = sum(CLOCK.values()) + sum(AFTER.values()) + REPORT
    return parts + CLOCK["question"] + AFTER["question"] + board.minutes


def _questions(wanted: Sequence[Question]) -> list[Question]:
    """The next of the drill, and the next of another topic if there is one."""
    first, *rest = order(
        [one for one in wanted if one.id not in DESIGNS] or wanted, log.answers(), datetime.now(UTC)
    )
    others = [one for one in rest if one.topic != first.topic] or rest
    return [first, *others[:1]]


def _least_asked(ids: Sequence[str], chance: random.Random) -> str:
    asked = [one.question for one in log.answers()]
    fewest = min(asked.count(id) for id in ids)
    return chance.choice([id for id in ids if asked.count(id) == fewest])


def _spoken(
    one: Question, minutes: int, room: Room, given: list[Answer], chance: random.Random
) -> None:
    """A question with its clock, and one follow-up."""
    given.append(put(one, *room, 60 * minutes))
    follow_up(chance.choice(one.follow_ups), *room)
    room.ask(SAID[room.language]["next"])


def _as_question(card: bugs.Card, language: Language) -> Question:
    said = SAID[language]
    asked = f"{card.title}\n\n```python\n{card.code.strip()}\n```\n\n{said['bug']}"
    answer = f"{card.cause}\n\n```python\n{card.fix.strip()}\n```"
    test = f"```python\n{card.test.strip()}\n```"
    return Question(
        id=f"bug {card.name}", file="course_utils/bugs", topic=BUG,
        asked={language: asked}, answer={language: answer},
        level="senior", seen=0, beside=(), senior="", staff="",
        rubric=((3, said["cause"]), (2, said["fix"])),
        follow_ups=(FollowUp(said["test"], test),), sinks="", cells=(), claims=(), papers=(),
    )  # fmt: skip


def _board(one: Board, room: Room, given: list[Answer]) -> None:
    """The task until it passes, its minutes are over or the reader goes on; and one follow-up."""
    said = SAID[room.language]
    file = one.lay_out()
    room.console.rule(one.id)
    room.say("board", one.id, f"my/{file.name}", one.minutes)
    room.ask("")
    start, tries = time.monotonic(), 0
    while True:
        room.say("done")
        left = 60 * one.minutes - int(time.monotonic() - start)
        timed(max(left, 0), room.ask, room.console)
        gone = int(time.monotonic() - start)
        verdict = one.judged(file)
        tries += 1
        passed, in_time = verdict.status == "correct", gone <= 60 * one.minutes
        # What is said of a right answer would answer the follow-up.
        told = "" if passed else f" · {verdict.message}"
        room.console.print(Markdown(f"**{verdict.status}**{told}"))
        if passed or not in_time or room.ask(said["again"]).strip().lower() == "s":
            break
    progress.record_check(one.id, verdict.status, verdict.erratum)
    earned = (passed, passed and tries == 1, passed and in_time)
    points = sum(weight for (weight, _), got in zip(BOARD_POINTS, earned, strict=True) if got)
    missed = tuple(
        said[name] for (_, name), got in zip(BOARD_POINTS, earned, strict=True) if not got
    )
    of = sum(weight for weight, _ in BOARD_POINTS)
    answer = Answer(one.id, datetime.now(UTC), points, of, gone, missed)
    log.add(answer)
    given.append(answer)
    follow_up(one.follow_up, *room)
    room.ask(said["next"])
