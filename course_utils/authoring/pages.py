"""What readers see of the plan and of the lessons' headers, in the pages that have them.

README in English and in Chinese has the plan and a table of all lessons, lesson 00 the plan of the
evenings, the teachers' page the minutes. ``build`` writes these parts, README's and lesson 00's
between two comments; the rest of a page is written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from course_utils import paths
from course_utils.authoring import plan
from course_utils.authoring.editions import sources
from course_utils.authoring.plan import Entry, Part
from course_utils.errors import CourseError
from course_utils.interview.bank import PAGES, bank
from course_utils.interview.page import interview_page
from course_utils.notebook import header
from course_utils.notebook.header import Lesson

Language = Literal["en", "zh"]

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "sittings are": "- A lesson has *sittings* of an hour or less. Words in italics are the "
        "heading of a section. What a plan does not name can wait.",
        "run": "- To read, nothing need be run: all outputs are there. To run a sitting that needs "
        "what earlier ones made, click its heading, then choose *Run > Run All Above Selected "
        "Cell*.",
        "aloud": "- *Say aloud* stands for the interview answers that you have read: say each "
        "within a minute, with a clock; compare; say it again. Three minutes an answer. A link "
        "such as *cv-07* leads to a question of the bank: read its answer first. Where minutes "
        "are left of an evening's 90, `python -m course_utils interview --minutes 10` asks "
        "what is due.",
        "evenings": "**Two evenings**, to see whether the course is for you:",
        "fortnight": "<b>Two weeks before an interview</b>: {count} evenings, {hours} hours",
        "semester": "<b>A semester</b>, for a teacher: {count} weeks, {hours} hours",
        "elsewhere": "{}: see [README]({}).",
        "class": "The minutes are those in class and at home. [For teachers]({teaching}) says what "
        "to show in class.",
        "left out": "Not in it: {}.",
        "evening": "| evening | read | skip | say aloud |",
        "week": "| week | about | lessons | minutes |",
        "table": "| lesson | the question that it answers | minutes | in interviews |",
        "minutes": "{} min",
        "lesson": "lesson {}",
        "lessons": "lessons {}",
        "sitting": "sitting {}",
        "sittings": "sittings {}",
        "essential": "the essential hour",
        "deeper": "*Deeper* {}",
        "said": "{}: {}",
        "answer": "{}\u00a0answer",
        "answers": "{}\u00a0answers",
        "comma": ", ",
        "semicolon": "; ",
    },
    "zh": {
        "sittings are": "- 课程正文是英文。一课分若干“节”，每节不超过一小时；表中斜体是课里的"
        "小标题。计划没有列出的内容可以先不读。",
        "run": "- 只读不必运行：所有输出都在页面上。要运行的那一节如果用到前面各节的结果，先点中"
        "该节的标题，再选菜单 *Run > Run All Above Selected Cell*。",
        "aloud": "- “口述”指已经读过的面试回答：掐着表，每题一分钟内说完；与课里的回答对照；"
        "再说一遍。每题三分钟。*cv-07* 这样的链接指向题库里的题，先读参考回答。"
        "一晚 90 分钟如有剩余，用 `python -m course_utils interview --minutes 10` 复习到期的题。",
        "evenings": "**两个晚上**，看看这门课适不适合你：",
        "fortnight": "<b>面试前两周</b>：{count} 个晚上，共 {hours} 小时",
        "semester": "<b>一学期</b>（供教师使用）：{count} 周，共 {hours} 小时",
        "elsewhere": "{}：见 [README]({})。",
        "class": "分钟数包括课堂和课后。课堂上展示什么，见[给教师]({teaching})（英文）。",
        "left out": "未列入：{}。",
        "evening": "| 晚上 | 读 | 跳过 | 口述 |",
        "week": "| 周 | 主题 | 课 | 分钟 |",
        "table": "| 课 | 回答什么问题 | 分钟 | 面试怎么问 |",
        "minutes": "{} 分钟",
        "lesson": "第 {} 课",
        "lessons": "第 {} 课",
        "sitting": "第 {} 节",
        "sittings": "第 {} 节",
        "essential": "核心一小时",
        "deeper": "“深入” {}",
        "said": "{}：{}",
        "answer": "{}\u00a0题",
        "answers": "{}\u00a0题",
        "comma": "、",
        "semicolon": "；",
    },
}
_RULE = "|---|---|---|---|"

INTERVIEW = {language: paths.ROOT / name for language, name in PAGES.items()}


def write() -> list[Path]:
    """Bring the pages up to date; returns those that changed.

    Raises:
        CourseError: if the plan does not fit its lessons, or a page lacks its comments.
    """
    changed = []
    for page, text in rendered().items():
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")
            changed.append(page)
    return changed


def stale() -> list[str]:
    """One line for each page that ``write`` would change."""
    return [
        f"{page.relative_to(paths.ROOT)}: the plan, the table or the minutes are old"
        for page, text in rendered().items()
        if not page.exists() or page.read_text(encoding="utf-8") != text
    ]


def rendered() -> dict[Path, str]:
    """Each page's text as it should be."""
    plans, lessons = plan.plans(), header.lessons()
    files = {source.name[:2]: f"{source.stem}.ipynb" for source in sources()}
    links = {number: f"notebooks/{file}" for number, file in files.items()}
    result = {}
    languages: dict[str, Language] = {"README.md": "en", "README.zh-CN.md": "zh"}
    for name, language in languages.items():
        page = paths.ROOT / name
        shown = _Pen(language, lessons, links, "docs/teaching.md", "docs/interview.md")
        text = _between(page, page.read_text(encoding="utf-8"), "plan", shown.plans(plans))
        result[page] = _between(page, text, "lessons", shown.table())
    [start] = sources(["00"])
    shown = _Pen("en", lessons, files, "../docs/teaching.md", "../docs/interview.md")
    result[start] = _between(
        start, start.read_text(encoding="utf-8"), "plan", shown.first(plans), comment="# "
    )
    teaching = paths.ROOT / "docs" / "teaching.md"
    result[teaching] = taught(teaching.read_text(encoding="utf-8"), lessons)
    below = {number: f"../notebooks/{file}" for number, file in files.items()}
    for language, page in INTERVIEW.items():
        result[page] = interview_page(bank(), below, language)
    return result


def taught(text: str, lessons: Sequence[Lesson]) -> str:
    """The teachers' page with a row for each lesson, and its header's minutes in it."""
    lines = text.splitlines(keepends=True)
    rows = {line[2:4]: place for place, line in enumerate(lines) if re.match(r"\| \d\d ", line)}
    last = min(rows.values())
    for one in lessons:
        minutes = header.column(one.sittings)
        last = rows.get(one.number, last)
        if one.number in rows:
            _, name, _, rest = lines[last].split("|", 3)
            lines[last] = f"|{name}| {minutes} |{rest}"
        else:
            lines[last] += f"| {one.number} {one.title} | {minutes} | | | |\n"
    return "".join(lines)


def _between(page: Path, text: str, what: str, shown: list[str], comment: str = "") -> str:
    """A page's text with these lines between its two comments."""
    begin, end = (f"{comment}<!-- {what}:{place} -->\n" for place in ("begin", "end"))
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise CourseError(
            f"{page.relative_to(paths.ROOT)} needs one line '{begin.strip()}' and, below it, "
            f"one line '{end.strip()}'."
        )
    body = "".join(f"{comment}{line}".rstrip() + "\n" for line in ["", *shown, ""])
    return f"{text[: text.index(begin)]}{begin}{body}{text[text.index(end) :]}"


@dataclass(frozen=True)
class _Pen:
    """Writes Markdown in one language.

    Attributes:
        lessons: by number.
        links: number -> file of a lesson, from the page that is written.
        teaching: the teachers' page, from there.
        questions: the bank's page, from there.
    """

    language: Language
    lessons: Sequence[Lesson]
    links: Mapping[str, str]
    teaching: str
    questions: str

    def word(self, name: str, *values: object, **named: object) -> str:
        return _WORDS[self.language][name].format(*values, **named)

    def counted(self, name: str, count: int, shown: object) -> str:
        """ "1 answer", "2 answers"."""
        return self.word(name if count == 1 else f"{name}s", shown)

    def plans(self, plans: Mapping[str, Sequence[Entry]]) -> list[str]:
        """All of them, for README."""
        weeks = plans["semester"]
        return [
            *self.for_learners(plans),
            *self.folded("semester", plans),
            self.word("class", teaching=self.teaching),
            *self.left_out(weeks),
            "",
            self.word("week"),
            _RULE,
            *(
                f"| **{number}** | {week.title[self.language]} | {self.reading(week.read)} | "
                f"{week.minutes} |"
                for number, week in enumerate(weeks, start=1)
            ),
            "",
            "</details>",
        ]

    def first(self, plans: Mapping[str, Sequence[Entry]]) -> list[str]:
        """For lesson 00: a learner's evenings, and where a teacher's weeks stand."""
        semester = self.word("elsewhere", self.summary("semester", plans), "../README.md")
        return [*self.for_learners(plans), semester]

    def for_learners(self, plans: Mapping[str, Sequence[Entry]]) -> list[str]:
        return [
            *(self.word(name) for name in ("sittings are", "run", "aloud")),
            "",
            self.word("evenings"),
            "",
            *self.evenings(plans["evenings"]),
            "",
            *self.folded("fortnight", plans),
            *self.evenings(plans["fortnight"]),
            "",
            *self.left_out(plans["fortnight"]),
            "",
            "</details>",
            "",
        ]

    def folded(self, name: str, plans: Mapping[str, Sequence[Entry]]) -> list[str]:
        return [f"<details><summary>{self.summary(name, plans)}</summary>", ""]

    def summary(self, name: str, plans: Mapping[str, Sequence[Entry]]) -> str:
        hours = round(sum(one.minutes for one in plans[name]) / 60)
        return self.word(name, count=len(plans[name]), hours=hours)

    def evenings(self, entries: Sequence[Entry]) -> list[str]:
        rows = [self.word("evening"), _RULE]
        for number, one in enumerate(entries, start=1):
            say = [
                self.word("said", self.link(lesson), self.counted("answer", answers, answers))
                for lesson, answers in one.say.items()
            ]
            if one.bank:
                asked = [f"[{id}]({self.questions}#{id})" for id in one.bank]
                say.append(self.word("comma").join(asked))
            cells = [
                f"**{number}**<br>{self.word('minutes', one.minutes)}",
                f"**{one.title[self.language]}**<br>{self.reading(one.read)}",
                self.skipping(one.skip),
                "<br>".join(say),
            ]
            rows.append(f"| {' | '.join(cells)} |")
        return rows

    def reading(self, parts: Sequence[Part]) -> str:
        """Links to the lessons, each with what is read of it; nothing more if that is all."""
        told = []
        for lesson, group in groupby(parts, key=lambda part: part.lesson):
            found = list(group)
            what = []
            if len([part for part in found if not part.section]) < self.count(lesson):
                for named, run in groupby(found, key=lambda part: bool(part.section)):
                    some = list(run)
                    what.append(self.names(some) if named else self.sittings(some))
            told.append(f"{self.link(lesson)} {self.word('comma').join(what)}".rstrip())
        return " · ".join(told)

    def skipping(self, parts: Sequence[Part]) -> str:
        """The sections that are skipped, each lesson's after its number."""
        groups = groupby(parts, key=lambda part: part.lesson)
        return "<br>".join(f"{lesson} {self.names(list(group))}" for lesson, group in groups)

    def left_out(self, entries: Sequence[Entry]) -> list[str]:
        """A sentence with the lessons and the sittings that these entries leave out, if any.

        A lesson of which they read sections alone is not told; nor is a sitting.
        """
        read = [part for one in entries for part in one.read]
        known = {part.lesson for part in read}
        unread = [one.number for one in self.lessons if one.number not in known]
        told = [self.numbered("lesson", unread)] if unread else []
        for lesson in sorted({part.lesson for part in read if not part.section}):
            named = {part.sitting for part in read if part.lesson == lesson}
            every = range(1, self.count(lesson) + 1)
            if left := [Part(lesson, one) for one in every if one not in named]:
                told.append(f"{lesson} {self.sittings(left)}")
        return [self.word("left out", self.word("semicolon").join(told))] if told else []

    def sittings(self, parts: Sequence[Part]) -> str:
        """ "sitting 2" or "sittings 2, 3"; "the essential hour, deeper 1"."""
        [lesson] = {part.lesson for part in parts}
        if not next(one.essential for one in self.lessons if one.number == lesson):
            return self.numbered("sitting", [str(part.sitting) for part in parts])
        return self.word("comma").join(
            self.word("deeper", part.sitting - 1) if part.sitting > 1 else self.word("essential")
            for part in parts
        )

    def numbered(self, name: str, numbers: Sequence[str]) -> str:
        return self.counted(name, len(numbers), self.word("comma").join(numbers))

    def names(self, parts: Sequence[Part]) -> str:
        """The headings of sections, as a table's cell may hold them."""
        shown = [part.section.replace("|", "\\|") for part in parts]
        return self.word("comma").join(f"*{one}*" for one in shown)

    def link(self, lesson: str) -> str:
        return f"[{lesson}]({self.links[lesson]})"

    def count(self, lesson: str) -> int:
        """How many sittings a lesson has."""
        return next(len(one.sittings) for one in self.lessons if one.number == lesson)

    def table(self) -> list[str]:
        rows = [self.word("table"), _RULE]
        for one, source in zip(self.lessons, sources(), strict=True):
            asked = one.asked if self.language == "en" else header.in_chinese(source)
            name = f"[{one.number} · {one.title}]({self.links[one.number]})"
            rows.append(
                f"| {' | '.join([name, asked.question, str(one.minutes), asked.interview])} |"
            )
        return rows
