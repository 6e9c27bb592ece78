"""What a lesson's interview cells take from the bank, when ``build`` makes its notebooks.

A line ``<!-- bank: mt-10 mt-11 -->`` in a lesson's source becomes these questions, each with its
sixty-second answer, the follow-ups that this lesson shows, and the sentence that sinks a candidate.
Below the last such line of a lesson stand the ids of the other questions that rest on its cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from course_utils.errors import CourseError
from course_utils.interview.bank import CELL, Question

PAGE = "../docs/interview.md"
"""From a notebook."""

_MARKER = re.compile(r"^<!-- bank: (.+) -->$", re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def filled(
    texts: Sequence[str], lesson: str, headings: Mapping[str, str], questions: Sequence[Question]
) -> list[str]:
    """A lesson's texts with the bank's questions in the place of their markers.

    Args:
        texts: of its Markdown cells.
        lesson: its number, "23".
        headings: id of each of its cells -> the heading below which it stands.

    Raises:
        CourseError: if a marker names an id that the bank does not have, that stands in this lesson
            twice, or that is shown in no cell of this lesson; or if a question names a cell that
            this lesson does not have.
    """
    known = {one.id: one for one in questions if lesson in _lessons(one)}
    named: list[str] = []
    result = []
    for source in texts:
        text = source
        for marker in _MARKER.finditer(source):
            for id in (here := marker[1].split()):
                if id not in known:
                    raise CourseError(_refusal(id, lesson, questions))
                if id in named or here.count(id) > 1:
                    raise CourseError(f"the bank's {id} is asked in this lesson already.")
            # "Look at" what stands under this very heading would lead nowhere.
            own = _HEADING.findall(source[: marker.start()])[-1:]
            told = [_told(known[id], lesson, headings, own) for id in here]
            text = text.replace(marker[0], "\n\n".join(told))
            named += here
        result.append(text)
    if named:
        [*_, last] = (at for at, text in enumerate(texts) if _MARKER.search(text))
        rest = [id for id in known if id not in named]
        ids = ", ".join(f"`{id}`" for id in rest)
        also = f", and answers from this lesson: {ids}" if rest else ""
        result[last] += f"\n\n[The bank]({PAGE}) has the Chinese too{also}."
    return result


def _lessons(one: Question) -> set[str]:
    return {cell[:2] for cell in one.cells}


def _refusal(id: str, lesson: str, questions: Sequence[Question]) -> str:
    found = [one for one in questions if one.id == id]
    if not found:
        return f"interview/ has no question {id!r}."
    places = ", ".join(sorted(_lessons(found[0]))) or "no lesson"
    return f"the bank shows {id} in {places}, not in {lesson}: name a cell in its 'Shown in'."


def _told(one: Question, lesson: str, headings: Mapping[str, str], own: Sequence[str]) -> str:
    """Heading, answer, follow-ups with where to look outside ``own``, what sinks a candidate."""
    lines = [f"### {one.asked['en']}", "", f"**Sixty seconds.** {one.answer['en']}", ""]
    for follow_up in one.follow_ups:
        here = [cell for cell in CELL.findall(follow_up.answer) if cell[:2] == lesson]
        if lost := [cell for cell in here if cell not in headings]:
            raise CourseError(f"interview/: {one.id} names `{lost[0]}`, which is not there.")
        if here := [cell for cell in here if headings[cell] not in own]:
            where = ", ".join(dict.fromkeys(f"*{headings[cell]}*" for cell in here))
            lines.append(f'- *"{follow_up.asked}"* Look at {where}.')
    return "\n".join([*lines, "", f"**The sentence that sinks a candidate:** {one.sinks}"])
