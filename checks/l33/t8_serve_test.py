"""33.8: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

import json
import re
from typing import Any

from checks.l33.t8_serve import WISHED, right
from checks.proof import Proof, Wrong


def _loop(text: Any, listed: Any, today: Any, most: Any) -> Any:
    try:
        wished = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        wished = []
    if not isinstance(wished, list):
        wished = []
    served: list[int] = []
    for one in [*wished, *listed]:
        fits = isinstance(one, int) and not isinstance(one, bool)
        if fits and one in listed and one in today and one not in served and len(served) < most:
            served.append(one)
    return served


def _ranked(text: Any, listed: Any, today: Any, most: Any) -> Any:
    """The list in the order of wishes, those without one last."""
    wished: Any = None
    if text.strip().startswith("["):
        try:
            wished = json.loads(text)
        except (ValueError, RecursionError):
            wished = None
    places = {x: k for k, x in reversed([*enumerate(wished or [])]) if type(x) is int}
    here = [x for x in listed if x in today]
    return tuple(sorted(here, key=lambda x: places.get(x, len(places) + 99))[:most])


def _by_pattern(text: Any, listed: Any, today: Any, most: Any) -> Any:
    ids = [int(x) for x in re.findall(r"\d+", text) if int(x) in listed and int(x) in today]
    rest = [x for x in listed if x in today]
    return list(dict.fromkeys([*ids, *rest]))[:most]


def _wishes_first(text: Any, listed: Any, today: Any, most: Any) -> Any:
    """The first ``most`` wishes, checked and filled up: places are lost to what is not there."""
    try:
        ids = json.loads(text)
    except (ValueError, RecursionError):
        ids = []
    served: list[int] = []
    wished = [x for x in ids if type(x) is int][:most] if isinstance(ids, list) else []
    for x in [*wished, *listed]:
        if x in listed and x in today and x not in served:
            served.append(x)
    return served[:most]


def _listed_last(text: Any, listed: Any, today: Any, most: Any) -> Any:
    """What is there today takes the places, and only then is the list asked."""
    try:
        ids = json.loads(text)
    except (ValueError, RecursionError):
        ids = []
    there = [x for x in ids if type(x) is int and x in today] if isinstance(ids, list) else []
    kept = [x for x in list(dict.fromkeys(there))[:most] if x in listed]
    return list(dict.fromkeys([*kept, *(x for x in listed if x in today)]))[:most]


def _deep_text_raises(text: Any, listed: Any, today: Any, most: Any) -> Any:
    json.loads("[]" if len(text) < 999 else text)
    return right(text, listed, today, most)


PROOF = Proof(
    task="33.8",
    right=[_loop, _ranked],
    wrong=[
        Wrong(_deep_text_raises, "RecursionError", status="error"),
        Wrong(_by_pattern, "fished out of the text", silent=True),
        Wrong(_wishes_first, "before it is checked; check first, then cut", silent=True),
        Wrong(_listed_last, "before it is held against the list", silent=True),
        # True == 1: a truth value passes for a product.
        Wrong(
            right.edit({WISHED: "not isinstance(x, list)"}), "true in JSON is no id", silent=True
        ),
        Wrong(right.returning("[str(x) for x in result]"), "must be a whole number"),
        Wrong(right.returning("3"), "must be a list"),
    ],
)
