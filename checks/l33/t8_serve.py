"""Task 33.8: what a model wrote, held against the list and today's catalogue."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import Function, LessonAnswer
from course_utils.exercises.reading import as_list
from course_utils.exercises.theirs import shorten

right = LessonAnswer("33.8", json=json, re=re)
edit, first = right.edit, right.first

CASES: list[Case] = [
    ("[31, 12, 58]", [12, 31, 58, 77], {12, 31, 58, 77}, 3),
    # 58 was sold out since the list was made: the next of the list takes its place.
    ("[58, 31, 12]", [12, 31, 58, 77], {12, 31, 77}, 3),
    # 99 is in the catalogue, but nobody retrieved it for this search.
    ("[99, 12, 31]", [12, 31, 58], {12, 31, 58, 99}, 2),
    ("[12, 12, 12]", [31, 12, 58], {12, 31, 58}, 3),
    ("The best are 12 and 31.", [31, 12, 58], {12, 31, 58}, 2),
    ("[12, 31", [31, 12], {12, 31}, 2),
    ('{"ids": [12]}', [31, 12], {12, 31}, 1),
    ("12", [31, 12], {12, 31}, 2),
    ('["12", true, 1.0, null, 31]', [1, 12, 31], {1, 12, 31}, 3),
    ("[12, 31, 58, 77]", [77, 58, 31, 12], {12, 31, 58, 77}, 2),
    ("[]", [5, 4], {4, 5, 6}, 1),
    ("[5]", [5, 4], set(), 2),
    ("[7]", [], {7}, 3),
    ("[7, 8]", [8, 7], {7, 8}, 5),
    ("[[12], 31]", [12, 31], {12, 31}, 1),
    ("", [12], {12}, 1),
    # No JSON, though a list stands in it.
    ("```json\n[12]\n```", [31, 12], {12, 31}, 1),
    ("Take these: [12]", [31, 12], {12, 31}, 1),
    ("[12,]", [31, 12], {12, 31}, 1),
    ("[12] and [31]", [31, 12], {12, 31}, 1),
    # True == 1 == 1.0: who drops doubles first loses the id.
    ("[true, 1.0, 1]", [31, 1], {1, 31}, 1),
    # Twice: its first place counts.
    ("[12, 31, 12]", [31, 12], {12, 31}, 1),
    # Cut to `most` before an unlisted id, one that is gone, or a double is out: places are lost.
    ("[99, 98, 58, 12]", [12, 31, 58], {12, 31, 58, 98, 99}, 2),
    ("[77, 58, 12]", [12, 31, 58, 77], {12, 31, 58}, 1),
    ("[1, 2, 3, 4]", [4, 3, 2, 1], {3, 4}, 2),
    ("[1, 1, 2]", [3, 2, 1], {1, 2, 3}, 2),
    # A model that repeats itself: json.loads raises RecursionError.
    ("[" * 100_000, [12], {12}, 1),
]

WISHED, LISTED, TODAY = "type(x) is int", " and x in listed", " and x in today"
GOOD = f"good = [x for x in ids if {WISHED}{LISTED}{TODAY}]"
REST, SERVED = "rest = [x for x in listed if x in today]", "list(dict.fromkeys(good + rest))[:most]"
IS_LIST = "ids = ids if isinstance(ids, list) else []"
NO_JSON = "except (ValueError, RecursionError):\n        ids = []"
DIGITS = 'list(map(int, re.findall(r"\\d+", text)))'


def _good(lines: str) -> Function:
    """Another choice, before what the list adds."""
    return edit({GOOD: lines})


def _cut(kept: str) -> Function:
    """Cut to ``most`` before the rest of the checks."""
    return _good(f"good = [x for x in list(dict.fromkeys({kept}))[:most] if x in listed{TODAY}]")


def _read_as(mended: str) -> Function:
    return first(f"text = {mended}")


SLIPS = {
    "what the model wrote is served unseen": edit({SERVED: f"[x for x in ids if {WISHED}][:most]"}),
    "an id of the list is served although the product is gone today": edit(
        {TODAY: "", " if x in today": ""}
    ),
    "an id is served that is in the catalogue but in no list for this search": edit({LISTED: ""}),
    "fewer than `most` are served although the list has more that are there today": edit(
        {"good + rest": "good"}
    ),
    "a product is served twice": edit(
        {SERVED: "(good + [x for x in rest if x not in good])[:most]"}
    ),
    "the order is the list's; the text asks for the model's": edit(
        {SERVED: "sorted({*good, *rest}, key=lambda x: (x not in good, listed.index(x)))[:most]"}
    ),
    "the answer is thrown away where one id is bad; drop the bad one alone": _good(
        f"good = [x for x in ids if {WISHED}]\n"
        "    good = good if {*good} <= today & {*listed} else []"
    ),
    "a list is taken out of a text that is no JSON; such a text is an empty choice": edit(
        {
            IS_LIST: "if not isinstance(ids, list) or int not in map(type, ids):\n"
            '        part = text[text.find("[") : text.find("]") + 1]\n'
            '        ids = json.loads(part.replace(",]", "]") or "[]")'
        }
    ),
    "where a text is no JSON, numbers are fished out of it; such a text is an empty choice": edit(
        {
            NO_JSON: "except RecursionError:\n        ids = []\n"
            f"    except ValueError:\n        ids = {DIGITS}"
        }
    ),
    "numbers are fished out of the text; what is no JSON list is an empty choice": edit(
        {IS_LIST: f"ids = {DIGITS}"}
    ),
    "the choice is cut to `most` before it is checked; check first, then cut": _good(
        f"ids = [x for x in ids if {WISHED}][:most]\n    {GOOD}"
    ),
    "the choice is cut to `most` before it is held against today; check first, then cut": _cut(
        f"[x for x in ids if {WISHED}{LISTED}]"
    ),
    "the choice is cut to `most` before it is held against the list; check first, then cut": _cut(
        f"[x for x in ids if {WISHED}{TODAY}]"
    ),
    "the fence around a list is taken off; such a text is no JSON and an empty choice": _read_as(
        'text.strip("`json\\n")'
    ),
    "a comma too many is corrected; a text that is no JSON is an empty choice": _read_as(
        'text.replace(",]", "]")'
    ),
    "of an id named twice the last position counts; the text asks for the first": edit(
        {"good + rest": "list(dict.fromkeys(good[::-1]))[::-1] + rest"}
    ),
    "doubles are dropped before true and 1.0 are: True == 1, so an id is lost": _good(
        f"ids = [x for k, x in enumerate(ids) if x not in ids[:k]]\n    {GOOD}"
    ),
    "the choice is cut to `most` while an id stands in it twice; drop doubles first, then cut": (
        edit({"good + rest": "good[:most] + rest"})
    ),
    "the list fills up with what is gone today": edit({REST: "rest = listed"}),
}


def check_serve(answer: Any) -> None:
    compare(
        leaving(answer, right.arguments, lambda case: f"{_told(case)}the call"),
        CASES,
        _as_text(right),
        _read,
        lambda case: f"{_told(case)}the ids",
        {words: _as_text(slip) for words, slip in SLIPS.items()},
    )


def _as_text(gives: Callable[..., list[int]]) -> Callable[..., str]:
    """Ids as text: what is no number is not written with decimals."""
    return lambda *case: ", ".join(map(str, gives(*case)))


def _told(case: Case) -> str:
    text, listed, today, most = case
    text = text if len(text) < 99 else f"{text[:9]} ... ({len(text):,} signs)"
    return with_lines(text=text, listed=listed, today=sorted(today), most=most)


def _read(got: Any, case: Case) -> str:
    ids = as_list(got, f"{_told(case)}the ids")
    for one in ids:
        if isinstance(one, bool):
            reject(f"{_told(case)}true in JSON is no id, though True == 1 in Python; drop it.")
        if not isinstance(one, int):
            reject(f"{_told(case)}each id must be a whole number, got {shorten(one)}.")
    return ", ".join(map(str, ids))


TASK = Task(
    id="33.8",
    prompt="Return the ids to serve: the model's choice as far as it is in list and catalogue.",
    check_answer=check_serve,
    hints=(
        "Read the JSON first; what cannot be read, or is no list, is an empty choice.",
        "Keep whole numbers (type(x) is int) that are in listed and in today; then the rest of "
        "listed that is in today; cut to most last.",
        "good = [x for x in ids if type(x) is int and x in listed and x in today]; rest = [x for x "
        "in listed if x in today]; return list(dict.fromkeys(good + rest))[:most].",
    ),
    insight="What a model wrote is a wish; the catalogue decides, at the moment of serving.",
    slips=SLIPS,
    right=right,
    cases=CASES,
)
