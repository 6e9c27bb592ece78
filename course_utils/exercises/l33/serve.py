"""Task 33.8: what a model wrote, held against the list and today's catalogue."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import compare, leaving
from course_utils.exercises.engine import Task
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
    # A model that repeats itself: json.loads raises RecursionError.
    ("[" * 100_000, [12], {12}, 1),
]


def _ids(text: str) -> list[int]:
    try:
        got = json.loads(text)
    except (ValueError, RecursionError):
        return []
    ids = got if isinstance(got, list) else []
    return [one for one in ids if type(one) is int]


def _rest(listed: Any, today: Any) -> list[int]:
    """What of the list is there today."""
    return [one for one in listed if one in today]


def _serve(
    chosen: Callable[[Any, Any, Any], list[int]],
    fill: Callable[[Any, Any], list[int]] = _rest,
) -> Callable[..., list[int]]:
    def run(text: Any, listed: Any, today: Any, most: int) -> list[int]:
        return list(dict.fromkeys([*chosen(text, listed, today), *fill(listed, today)]))[:most]

    return run


def _good(text: str, listed: Any, today: Any) -> list[int]:
    return [x for x in _ids(text) if x in listed and x in today]


right_serve = _serve(_good)


def _fished(text: str) -> str:
    """The first list that stands in a text, a comma too many taken out."""
    inner = text[text.find("[") : text.find("]") + 1]
    return text if _ids(text) else inner.replace(",]", "]")


def _read_as(mend: Callable[[str], str]) -> Callable[..., list[int]]:
    return _serve(lambda text, listed, today: _good(mend(text), listed, today))


def _last_place(text: Any, listed: Any, today: Any, most: int) -> list[int]:
    ids = _good(text, listed, today)
    turned = list(dict.fromkeys(reversed(ids)))[::-1]
    return list(dict.fromkeys([*turned, *_rest(listed, today)]))[:most]


def _doubles_first(text: Any, listed: Any, today: Any, most: int) -> list[int]:
    """A true, a 1.0 and a 1 are one and the same to ``in``."""
    try:
        got = json.loads(text)
    except (ValueError, RecursionError):
        got = []
    seen: list[Any] = []
    for one in got if isinstance(got, list) else []:
        seen += [] if one in seen else [one]
    kept = [x for x in seen if type(x) is int and x in listed and x in today]
    return list(dict.fromkeys([*kept, *_rest(listed, today)]))[:most]


def _no_double_check(text: Any, listed: Any, today: Any, most: int) -> list[int]:
    good = _good(text, listed, today)
    return [*good, *(x for x in listed if x in today and x not in good)][:most]


def _sorted(text: Any, listed: Any, today: Any, most: int) -> list[int]:
    ids = _good(text, listed, today)
    return _serve(lambda *_: [x for x in listed if x in ids])(text, listed, today, most)


MISTAKES: dict[str, Callable[..., Any]] = {
    "what the model wrote is served unseen": lambda text, listed, today, most: _ids(text)[:most],
    "an id of the list is served although the product is gone today": _serve(
        lambda text, listed, today: [x for x in _ids(text) if x in listed],
        lambda listed, today: list(listed),
    ),
    "an id is served that is in the catalogue but in no list for this search": _serve(
        lambda text, listed, today: [x for x in _ids(text) if x in today]
    ),
    "fewer than `most` are served although the list has more that are there today": _serve(
        _good, lambda listed, today: []
    ),
    "a product is served twice": _no_double_check,
    "the order is the list's; the text asks for the model's": _sorted,
    "the answer is thrown away where one id is bad; drop the bad one alone": _serve(
        lambda text, listed, today: _ids(text) if {*_ids(text)} <= today & {*listed} else []
    ),
    "a list is taken out of a text that is no JSON; such a text is an empty choice": _read_as(
        _fished
    ),
    "the fence around a list is taken off; such a text is no JSON and an empty choice": _read_as(
        lambda text: text.strip("`json\n")
    ),
    "a comma too many is corrected; a text that is no JSON is an empty choice": _read_as(
        lambda text: text.replace(",]", "]")
    ),
    "of an id named twice the last position counts; the text asks for the first": _last_place,
    "doubles are dropped before true and 1.0 are: True == 1, so an id is lost": _doubles_first,
    "the list fills up with what is gone today": _serve(_good, lambda listed, today: list(listed)),
}


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
        "listed that is in today.",
        "good = [x for x in ids if type(x) is int and x in listed and x in today]; rest = [x for x "
        "in listed if x in today]; return list(dict.fromkeys(good + rest))[:most].",
    ),
    insight="What a model wrote is a wish; the catalogue decides, at the moment of serving.",
)
