"""The drill in a notebook: buttons and boxes that the keyboard reaches by Tab, Enter and Space."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Sequence
from datetime import UTC, datetime

import ipywidgets as widgets
from IPython.display import display

from course_utils.interview import log
from course_utils.interview.bank import Language, Question, bank
from course_utils.interview.choice import RULE, Clock, chosen
from course_utils.interview.log import Answer
from course_utils.interview.schedule import cards, order

SAID: dict[Language, dict[str, str]] = {
    "en": {
        "start": "Start the clock",
        "done": "I am done",
        "grade": "Grade",
        "next": "Next question",
        "tick": "What did you say?",
        "points": "{} of {} points, {} s. It comes again on {}.",
    },
    "zh": {
        "start": "开始计时",
        "done": "说完了",
        "grade": "打分",
        "next": "下一题",
        "tick": "你说到了哪几点？",
        "points": "{} / {} 分，{} 秒。下次复习：{}。",
    },
}


class Drill(widgets.VBox):
    """One question after the other; what is graded is kept at once.

    Attributes:
        question: the one that is asked.
        button: what comes next: start, done, grade, next.
        boxes: one a point of the rubric.
    """

    def __init__(self, questions: Sequence[Question], language: Language) -> None:
        super().__init__()
        self.questions, self.language = questions, language
        self.button = widgets.Button(layout={"width": "auto"})
        self.button.on_click(lambda _: self._step())
        self.clock, self.asked, self.told = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.boxes: list[widgets.Checkbox] = []
        self._ask()

    def _step(self) -> None:
        """Whatever the button says."""
        {"start": self._start, "done": self._reveal, "grade": self._grade, "next": self._ask}[
            self.state
        ]()

    def _show(self, state: str) -> None:
        self.state, self.button.description = state, SAID[self.language][state]
        self.children = [self.asked, self.clock, self.told, *self.boxes, self.button]

    def _ask(self) -> None:
        self.question = order(self.questions, log.answers(), datetime.now(UTC))[0]
        one, language = self.question, self.language
        topic = html.escape(f"{one.id} · {one.topic[language]} · {one.level}")
        self.asked.value = f"<p>{topic}</p><p><b>{html.escape(one.asked[language])}</b></p>"
        self.clock.value = self.told.value = ""
        self.boxes = []
        self._show("start")

    def _start(self) -> None:
        self.time = Clock()
        self._show("done")
        self.ticking = asyncio.ensure_future(self._tick())

    async def _tick(self) -> None:
        """Draw the clock each second, as long as the answer is being said."""
        time = self.time
        while self.state == "done" and time is self.time:
            self.clock.value = f"<b>{time}</b>"
            await asyncio.sleep(1)

    def _reveal(self) -> None:
        one = self.question
        self.seconds = self.time.gone
        said = "".join(
            f"<p>{html.escape(part)}</p>" for part in one.told(self.language).split("\n\n")
        )
        tick = SAID[self.language]["tick"]
        self.told.value = f"{said}<p><b>{tick}</b> {RULE[self.language]}</p>"
        self.boxes = [
            widgets.Checkbox(
                description=f"{point} ({weight})", indent=False, layout={"width": "auto"}
            )
            for weight, point in one.rubric
        ]
        self._show("grade")

    def _grade(self) -> None:
        one = self.question
        weights = [weight for weight, _ in one.rubric]
        points = sum(w for w, box in zip(weights, self.boxes, strict=True) if box.value)
        missed = tuple(
            point for (_, point), box in zip(one.rubric, self.boxes, strict=True) if not box.value
        )
        log.add(Answer(one.id, datetime.now(UTC), points, sum(weights), self.seconds, missed))
        when = cards(log.answers())[one.id].due
        told = SAID[self.language]["points"].format(
            points, sum(weights), self.seconds, f"{when:%Y-%m-%d}"
        )
        follow_ups = "".join(
            f"<details><summary>{html.escape(each.asked)}</summary>"
            f"<p>{html.escape(each.told)}</p></details>"
            for each in one.follow_ups
        )
        self.told.value = f"<p>{told}</p>{follow_ups}"
        self.boxes = []
        self._show("next")


def drill(topic: str | None = None, level: str | None = None, language: Language = "en") -> None:
    """Be asked, with a clock of sixty seconds: what is due first, then weak topics, then new ones.

    Raises:
        CourseError: if no question has this topic and level.
    """
    display(Drill(chosen(bank(), topic, level), language))
