"""What readers see of the plan and of the lessons' headers, in the pages that have them.

README in English and in Chinese has the plan and a table of all lessons, lesson 00 the plan, the
teachers' page the minutes. ``build`` writes these parts, README's and lesson 00's between two
comments; the rest of a page is written by hand.
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
from course_utils.notebook import header
from course_utils.notebook.header import Lesson

Language = Literal["en", "zh"]

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "evenings": "**Two evenings**, to see whether the course is for you:",
        "fortnight": "<b>Two weeks before an interview</b>: {count} evenings, {hours} hours",
        "semester": "<b>A semester</b>, for a teacher: {count} weeks, {hours} hours",
        "aloud": "*Say aloud* stands for the answers at the end of a lesson: say each within a "
        "minute, with a clock; compare; say it again. Three minutes an answer.",
        "class": "The minutes are those in class and at home. [For teachers]({teaching}) says what "
        "to show in class.",
        "left out": "Not in it: {}.",
        "evening": "| evening | read | skip | say aloud |",
        "week": "| week | about | lessons | minutes |",
        "lesson": "| lesson | the question that it answers | minutes | in interviews |",
        "minutes": "{} min",
        "sitting": "sitting {}",
        "sittings": "sittings {}",
        "answer": "{}\u00a0answer",
        "answers": "{}\u00a0answers",
        "rest": "all else of {}",
    },
    "zh": {
        "evenings": "**两个晚上**，看看这门课适不适合你：",
        "fortnight": "<b>面试前两周</b>：{count} 个晚上，共 {hours} 小时",
        "semester": "<b>一学期</b>（供教师使用）：{count} 周，共 {hours} 小时",
        "aloud": "“口述”指课末的面试回答：掐着表，每题一分钟内说完；与课里的回答对照；再说一遍。"
        "每题三分钟。",
        "class": "分钟数包括课堂和课后。课堂上展示什么，见[给教师]({teaching})（英文）。",
        "left out": "未列入：{}。",
        "evening": "| 晚上 | 读 | 跳过 | 口述 |",
        "week": "| 周 | 主题 | 课 | 分钟 |",
        "lesson": "| 课 | 回答什么问题 | 分钟 | 面试怎么问 |",
        "minutes": "{} 分钟",
        "sitting": "第 {} 节",
        "sittings": "第 {} 节",
        "answer": "{}\u00a0题",
        "answers": "{}\u00a0题",
        "rest": "{} 的其余部分",
    },
}
_RULE = "|---|---|---|---|"


def write() -> list[Path]:
    """Bring the pages up to date; returns those that changed.

    Raises:
        CourseError: if the plan does not fit its lessons, or a page lacks its comments.
    """
    changed = []
    for page, text in rendered().items():
        if page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")
            changed.append(page)
    return changed


def stale() -> list[str]:
    """One line for each page that ``write`` would change."""
    return [
        f"{page.relative_to(paths.ROOT)}: the plan, the table or the minutes are old"
        for page, text in rendered().items()
        if page.read_text(encoding="utf-8") != text
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
        shown = _Pen(language, lessons, links, "docs/teaching.md")
        text = _between(page, page.read_text(encoding="utf-8"), "plan", shown.plans(plans))
        result[page] = _between(page, text, "lessons", shown.table())
    [start] = sources(["00"])
    shown = _Pen("en", lessons, files, "../docs/teaching.md")
    result[start] = _between(
        start, start.read_text(encoding="utf-8"), "plan", shown.plans(plans), comment="# "
    )
    teaching = paths.ROOT / "docs" / "teaching.md"
    result[teaching] = taught(teaching.read_text(encoding="utf-8"), lessons)
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
    """

    language: Language
    lessons: Sequence[Lesson]
    links: Mapping[str, str]
    teaching: str

    def word(self, name: str, *values: object, **named: object) -> str:
        return _WORDS[self.language][name].format(*values, **named)

    def counted(self, name: str, count: int, shown: object) -> str:
        """ "1 answer", "2 answers"."""
        return self.word(name if count == 1 else f"{name}s", shown)

    def plans(self, plans: Mapping[str, Sequence[Entry]]) -> list[str]:
        weeks = plans["semester"]
        left = "; ".join(self.left_out(weeks, [one.number for one in self.lessons]))
        return [
            self.word("evenings"),
            "",
            *self.evenings(plans["evenings"]),
            "",
            *self.folded("fortnight", plans),
            self.word("aloud"),
            "",
            *self.evenings(plans["fortnight"]),
            "",
            "</details>",
            "",
            *self.folded("semester", plans),
            self.word("class", teaching=self.teaching),
            *([self.word("left out", left)] if left else []),
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

    def folded(self, name: str, plans: Mapping[str, Sequence[Entry]]) -> list[str]:
        hours = round(sum(one.minutes for one in plans[name]) / 60)
        title = self.word(name, count=len(plans[name]), hours=hours)
        return [f"<details><summary>{title}</summary>", ""]

    def evenings(self, entries: Sequence[Entry]) -> list[str]:
        rows = [self.word("evening"), _RULE]
        for number, one in enumerate(entries, start=1):
            later = {lesson for entry in entries[number:] for lesson in entry.lessons}
            last = sorted(one.lessons - later)
            skip = [_names(one.skip)] if one.skip else []
            say = [
                f"[{lesson}]({self.links[lesson]}): {self.counted('answer', answers, answers)}"
                for lesson, answers in one.say.items()
            ]
            cells = [
                f"**{number}**<br>{self.word('minutes', one.minutes)}",
                f"**{one.title[self.language]}**<br>{self.reading(one.read)}",
                "; ".join([*skip, *self.left_out(entries, last)]),
                "<br>".join(say),
            ]
            rows.append(f"| {' | '.join(cells)} |")
        return rows

    def reading(self, parts: Sequence[Part]) -> str:
        """Links to the lessons, each with what is read of it; nothing more if that is all."""
        told = []
        for lesson, group in groupby(parts, key=lambda part: part.lesson):
            found = list(group)
            whole = [part.sitting for part in found if not part.section]
            what = [] if len(whole) == self.count(lesson) else self.sittings(whole)
            what += [_names([part]) for part in found if part.section]
            told.append(f"[{lesson}]({self.links[lesson]}) {', '.join(what)}".rstrip())
        return " · ".join(told)

    def left_out(self, entries: Sequence[Entry], lessons: Sequence[str]) -> list[str]:
        """What these entries leave out of these lessons."""
        told = []
        for lesson in lessons:
            read = [part for one in entries for part in one.read if part.lesson == lesson]
            named = {part.sitting for part in read}
            left = [one for one in range(1, self.count(lesson) + 1) if one not in named]
            if all(part.section for part in read):
                told.append(self.word("rest", lesson))
            elif left:
                told.append(f"{lesson} {self.sittings(left)[0]}")
        return told

    def sittings(self, numbers: Sequence[int]) -> list[str]:
        """ "sitting 2" or "sittings 2, 3", if there is one."""
        shown = ", ".join(map(str, numbers))
        return [self.counted("sitting", len(numbers), shown)] if numbers else []

    def count(self, lesson: str) -> int:
        """How many sittings a lesson has."""
        return next(len(one.sittings) for one in self.lessons if one.number == lesson)

    def table(self) -> list[str]:
        rows = [self.word("lesson"), _RULE]
        for one, source in zip(self.lessons, sources(), strict=True):
            asked = one.asked if self.language == "en" else header.in_chinese(source)
            name = f"{one.number} · {one.title}" if self.language == "en" else one.number
            cells = [f"[{name}]({self.links[one.number]})", asked.question, str(one.minutes)]
            rows.append(f"| {' | '.join([*cells, asked.interview])} |")
        return rows


def _names(parts: Sequence[Part]) -> str:
    """The headings of sections, as a table's cell may hold them."""
    return ", ".join(f"*{part.section.replace('|', chr(92) + '|')}*" for part in parts)
