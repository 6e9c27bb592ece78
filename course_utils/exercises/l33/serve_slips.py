"""Wrong answers to task 33.8 that its check names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any


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


def _digits(text: str) -> list[int]:
    return [int(one) for one in re.findall(r"\d+", text)]


def _numbers_of_a_broken_text(text: str, listed: Any, today: Any) -> list[int]:
    try:
        json.loads(text)
    except RecursionError:
        return []
    except ValueError:
        return [x for x in _digits(text) if x in listed and x in today]
    return _good(text, listed, today)


def _each_once(ids: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(ids))


def _cut(first: Callable[[Any, Any, Any, int], list[int]]) -> Callable[..., list[int]]:
    """Cut to ``most`` before the rest of the checks."""

    def run(text: Any, listed: Any, today: Any, most: int) -> list[int]:
        kept = [x for x in first(text, listed, today, most) if x in listed and x in today]
        return _each_once([*kept, *_rest(listed, today)])[:most]

    return run


def _doubles_take_places(text: Any, listed: Any, today: Any, most: int) -> list[int]:
    return _each_once([*_good(text, listed, today)[:most], *_rest(listed, today)])[:most]


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
    "where a text is no JSON, numbers are fished out of it; such a text is an empty choice": (
        _serve(_numbers_of_a_broken_text)
    ),
    "numbers are fished out of the text; what is no JSON list is an empty choice": _serve(
        lambda text, listed, today: [x for x in _digits(text) if x in listed and x in today]
    ),
    "the choice is cut to `most` before it is checked; check first, then cut": _cut(
        lambda text, listed, today, most: _ids(text)[:most]
    ),
    "the choice is cut to `most` before it is held against today; check first, then cut": _cut(
        lambda text, listed, today, most: _each_once(x for x in _ids(text) if x in listed)[:most]
    ),
    "the choice is cut to `most` before it is held against the list; check first, then cut": _cut(
        lambda text, listed, today, most: _each_once(x for x in _ids(text) if x in today)[:most]
    ),
    "the fence around a list is taken off; such a text is no JSON and an empty choice": _read_as(
        lambda text: text.strip("`json\n")
    ),
    "a comma too many is corrected; a text that is no JSON is an empty choice": _read_as(
        lambda text: text.replace(",]", "]")
    ),
    "of an id named twice the last position counts; the text asks for the first": _last_place,
    "doubles are dropped before true and 1.0 are: True == 1, so an id is lost": _doubles_first,
    "the choice is cut to `most` while an id stands in it twice; drop doubles first, then cut": (
        _doubles_take_places
    ),
    "the list fills up with what is gone today": _serve(_good, lambda listed, today: list(listed)),
}
