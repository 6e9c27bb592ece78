"""docs/interview.md and its Chinese edition: every question by topic and level, its answer, and
the cells that show it. One page would be longer than GitHub shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from course_utils.interview.bank import LEVELS, PAGES, Language, Question, asked_with

SAID: dict[Language, dict[str, str]] = {
    "en": {
        "head": """\
# Interview questions

[中文](interview.zh-CN.md). {count} questions, made by `python -m course_utils build` from
`interview/`. Each is said within sixty seconds; what a senior adds, the rubric, the follow-ups and
what sinks a candidate are one link away. `python -m course_utils find mt-07` shows one of them. To
be asked, with a clock: `python -m course_utils interview`, and with `--mock` for up to 45 minutes,
with a report of what to read; in a notebook
`from course_utils.interview.widget import drill; drill()`.

""",
        "topic": "topic",
        "all": "in all",
        "seen": ", seen in {} sources",
        "shown": "Shown in {}.",
        "apart": "Not measured here.",
        "with": " Asked with {}.",
        "more": "Senior, staff, rubric, follow-ups",
        "other": "中文",
    },
    "zh": {
        "head": """\
# 面试题

[English](interview.md)。共 {count} 题，由 `python -m course_utils build` 从 `interview/` 生成。
每题用六十秒说完；高级工程师的补充、评分要点、追问、会让人出局的话，点链接可见（英文）。
`python -m course_utils find mt-07` 显示其中一题。计时练习：
`python -m course_utils interview --language zh`；加 `--mock` 是最多 45 分钟的模拟面试。

""",
        "topic": "主题",
        "all": "合计",
        "seen": "，见于 {} 处来源",
        "shown": "见 {}。",
        "apart": "本课程没有测量。",
        "with": " 常一起问：{}。",
        "more": "补充、评分要点、追问",
        "other": "English",
    },
}


def interview_page(
    questions: Sequence[Question], files: Mapping[str, str], language: Language = "en"
) -> str:
    """The page's Markdown.

    Args:
        files: number of a lesson -> its notebook, from the page.
    """
    said = SAID[language]
    by_topic = {
        name: list(of) for name, of in groupby(questions, key=lambda one: one.topic[language])
    }
    head = [said["topic"], *LEVELS, said["all"]]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for name, of in by_topic.items():
        counts = [sum(one.level == level for one in of) for level in LEVELS]
        cells = [f"[{name}](#{_anchor(name)})", *map(str, counts), str(len(of))]
        lines.append(f"| {' | '.join(cells)} |")
    parts = [said["head"].format(count=len(questions)) + "\n".join(lines)]
    for name, of in by_topic.items():
        listed = "\n".join(f"- [{one.asked[language]}](#{one.id})" for one in of)
        parts.append(f"<details><summary>{name}</summary>\n\n{listed}\n\n</details>")
    for name, of in by_topic.items():
        parts.append(f"## {name}")
        parts += [_told(one, questions, files, language) for one in of]
    return "\n\n".join(parts) + "\n"


def _anchor(heading: str) -> str:
    """As GitHub makes it of a heading: ² is no digit there."""
    kept = "".join(c for c in heading.lower() if c.isalpha() or c.isdecimal() or c in " -_")
    return kept.replace(" ", "-")


def _told(
    one: Question, questions: Sequence[Question], files: Mapping[str, str], language: Language
) -> str:
    said = SAID[language]
    links = ", ".join(f"[`{cell}`]({files[cell[:2]]})" for cell in one.cells)
    beside = ", ".join(f"[{id}](#{id})" for id in asked_with(one, questions))
    other = PAGES["zh" if language == "en" else "en"].removeprefix("docs/")
    source = _anchor(f"{one.id} · {one.asked['en']}")
    told = (
        f"*{one.level}{said['seen'].format(one.seen) if one.seen else ''}.* "
        f"{said['shown'].format(links) if links else said['apart']}"
        f"{said['with'].format(beside) if beside else ''} "
        f"[{said['more']}](../{one.file}#{source}). "
        f"[{said['other']}]({other}#{one.id})."
    )
    # The id outlives the question's words, so links lead to it.
    heading = f"### {one.id} · {one.asked[language]}"
    return f'<a id="{one.id}"></a>\n\n{heading}\n\n{told}\n\n{one.answer[language]}'
