"""Task 33.8: what a model wrote, held against the list and today's catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.l33.serve_slips import MISTAKES, right_serve
from course_utils.exercises.reading import as_list
from course_utils.exercises.theirs import shorten

Case = tuple[str, list[int], set[int], int]

_CASES: list[Case] = [
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


_NAMES = ("text", "listed", "today", "most")


def check_serve(answer: Any) -> None:
    compare(
        leaving(answer, _NAMES, lambda case: f"{_told(case)}the call"),
        _CASES,
        _shown(right_serve),
        _read,
        lambda case: f"{_told(case)}the ids",
        {mistake: _shown(gives) for mistake, gives in MISTAKES.items()},
    )


def _shown(gives: Callable[..., list[int]]) -> Callable[..., str]:
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
)
