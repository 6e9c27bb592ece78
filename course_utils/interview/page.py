"""docs/interview.md: every question by topic and level, its answer, and the cells that show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from course_utils.interview.bank import LEVELS, Question

HEAD = """\
# Interview questions

{count} questions, made by `python -m course_utils build` from `interview/`. Each is said within
sixty seconds; what a senior adds, the rubric, the follow-ups and what sinks a candidate are one
link away. To be asked, with a clock: `python -m course_utils interview`, and with
`--mock` for 45 minutes, with a report of what to read; in a notebook
`from course_utils.interview.widget import drill; drill()`.

"""


def interview_page(questions: Sequence[Question], files: Mapping[str, str]) -> str:
    """The page's Markdown.

    Args:
        files: number of a lesson -> its notebook, from the page.
    """
    by_topic = {name: list(of) for name, of in groupby(questions, key=lambda one: one.topic["en"])}
    lines = ["| topic | " + " | ".join(LEVELS) + " | in all |", "|---" * (len(LEVELS) + 2) + "|"]
    for name, of in by_topic.items():
        counts = [sum(one.level == level for one in of) for level in LEVELS]
        link = f"[{name} · {of[0].topic['zh']}](#{_anchor(name + ' · ' + of[0].topic['zh'])})"
        lines.append(f"| {link} | {' | '.join(map(str, counts))} | {len(of)} |")
    parts = [HEAD.format(count=len(questions)) + "\n".join(lines)]
    for name, of in by_topic.items():
        listed = "\n".join(f"- [{one.asked['en']}](#{one.id})" for one in of)
        parts.append(f"<details><summary>{name}</summary>\n\n{listed}\n\n</details>")
    for name, of in by_topic.items():
        parts.append(f"## {name} · {of[0].topic['zh']}")
        parts += [_told(one, files) for one in of]
    return "\n\n".join(parts) + "\n"


def _anchor(heading: str) -> str:
    """As GitHub makes it of a heading: ² is no digit there."""
    kept = "".join(c for c in heading.lower() if c.isalpha() or c.isdecimal() or c in " -_")
    return kept.replace(" ", "-")


def _told(one: Question, files: Mapping[str, str]) -> str:
    seen = f", seen in {one.seen} source{'s' * (one.seen != 1)}" if one.seen else ""
    links = [f"[`{cell}`]({files[cell[:2]]})" for cell in one.cells]
    shown = f"Shown in {', '.join(links)}." if links else "Not measured here."
    heading = f"{one.id} · {one.asked['en']}"
    more = f"[Senior, staff, rubric, follow-ups](../{one.file}#{_anchor(heading)})."
    # The id outlives the question's words, so links lead to it.
    return (
        f'<a id="{one.id}"></a>\n\n### {heading}\n\n*{one.level}{seen}.* {shown} {more}\n\n'
        f"{one.answer['en']}\n\n"
        f"<details><summary>{one.asked['zh']}</summary>\n\n{one.answer['zh']}\n\n</details>"
    )
