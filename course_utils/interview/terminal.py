"""The drill in a terminal: a question, a clock of sixty seconds, the answer, the rubric."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from rich.console import Console
from rich.live import Live
from rich.markdown import Markdown

from course_utils.interview import log
from course_utils.interview.bank import FollowUp, Language, Question, bank
from course_utils.interview.choice import RULE, SECONDS, Clock, chosen
from course_utils.interview.log import Answer
from course_utils.interview.schedule import cards, order

SAID: dict[Language, dict[str, str]] = {
    "en": {
        "start": "Enter starts the clock. Say your answer aloud; Enter again when you are done.",
        "answer": "The answer",
        "rubric": "What did you say? Numbers with spaces between, or nothing: ",
        "again": "Numbers from 1 to {}, with spaces between: ",
        "points": "{} of {} points, {} s.",
        "when": "It comes again on {}.",
        "next": "Enter for the next question, q to stop: ",
        "follow": "Enter for the answer.",
        "end": "{} answered. The log is my/interview.json.",
    },
    "zh": {
        "start": "按回车开始计时，大声作答；说完再按回车。",
        "answer": "参考回答",
        "rubric": "你说到了哪几点？输入序号，用空格隔开；一点没说到就直接回车：",
        "again": "请输入 1 到 {} 之间的序号，用空格隔开：",
        "points": "{} / {} 分，{} 秒。",
        "when": "下次复习：{}。",
        "next": "按回车继续下一题，输入 q 结束：",
        "follow": "按回车看答案。",
        "end": "共回答 {} 题，记录在 my/interview.json。",
    },
}


def drill(
    topic: str | None = None,
    level: str | None = None,
    minutes: float = 20.0,
    language: Language = "en",
    ask: Callable[[str], str] = input,
    console: Console | None = None,
) -> int:
    """Ask questions until the time is over; each answer is kept at once.

    Args:
        ask: shows a line and reads one.

    Returns:
        How many were answered.

    Raises:
        CourseError: if no question has this topic and level.
    """
    console = console or Console()
    until, count = time.monotonic() + 60 * minutes, 0
    wanted = chosen(bank(), topic, level)
    try:
        while time.monotonic() < until:
            one = order(wanted, log.answers(), datetime.now(UTC))[0]
            put(one, language, ask, console)
            count += 1
            when = cards(log.answers())[one.id].due
            console.print(SAID[language]["when"].format(f"{when:%Y-%m-%d}"))
            for each in one.follow_ups:
                follow_up(each, language, ask, console)
            if ask(SAID[language]["next"]).strip().lower() == "q":
                break
    except (KeyboardInterrupt, EOFError):
        console.print()
    console.print(SAID[language]["end"].format(count))
    return count


def put(
    one: Question,
    language: Language,
    ask: Callable[[str], str],
    console: Console,
    seconds: int = SECONDS,
) -> Answer:
    """Ask a question, with a clock; show its answer, have the rubric ticked, keep the points."""
    said = SAID[language]
    console.rule(f"{one.id} · {one.topic[language]} · {one.level}")
    console.print(Markdown(one.asked[language]), style="bold")
    ask(said["start"])
    gone = timed(seconds, ask, console)
    console.print(Markdown(f"**{said['answer']}** ({gone} s)\n\n{one.told(language)}"))
    for number, (weight, point) in enumerate(one.rubric, start=1):
        console.print(f"  {number}. {point} ({weight})", highlight=False)
    console.print(RULE[language])
    named = _numbers(ask(said["rubric"]), len(one.rubric), said, ask)
    points = sum(one.rubric[number - 1][0] for number in named)
    missed = tuple(point for at, (_, point) in enumerate(one.rubric, start=1) if at not in named)
    of = sum(weight for weight, _ in one.rubric)
    given = Answer(one.id, datetime.now(UTC), points, of, gone, missed)
    log.add(given)
    console.print(said["points"].format(points, given.of, gone))
    return given


def timed(seconds: int, ask: Callable[[str], str], console: Console) -> int:
    """Show a clock until Enter; the seconds that are gone."""
    clock = Clock(seconds)
    with Live(clock, console=console, refresh_per_second=2, transient=True):
        ask("")
    return clock.gone


def follow_up(
    each: FollowUp, language: Language, ask: Callable[[str], str], console: Console
) -> None:
    """Ask on, and show the answer in words."""
    console.print(Markdown(each.asked), style="bold")
    ask(SAID[language]["follow"])
    console.print(Markdown(each.told))


def _numbers(typed: str, most: int, said: dict[str, str], ask: Callable[[str], str]) -> set[int]:
    """The points that a reader ticks; asked again until they can be read."""
    while True:
        words = typed.replace(",", " ").split()
        if all(word.isdecimal() and 1 <= int(word) <= most for word in words):
            return {int(word) for word in words}
        typed = ask(said["again"].format(most))
