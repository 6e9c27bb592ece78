"""Task 32.8: the price of a thousand requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, ask_quietly, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number
from course_utils.exercises.tolerance import same

ERRATA = {"E19": "a gain without its price: tokens that are read and written, hours of a machine"}

_CASES: list[Case] = [
    (1_000, 0, 1_000.0, 20.0, 3.6, 0.0, 1.0),
    (500, 40, 250.0, 20.0, 0.9, 0.25, 0.5),
    (0, 100, 250.0, 25.0, 1.8, 0.0, 0.1),
    (80, 0, 4_000.0, 1.0, 0.05, 0.6, 1.0),
    (300, 30, 300.0, 30.0, 2.0, 1.0, 0.7),
    (300, 30, 300.0, 30.0, 0.0, 0.2, 0.7),
    (90, 12, 450.0, 24.0, 0.05, 0.4, 0.02),
    (10, 10, 100.0, 100.0, 5.0, 0.3, 0.0),
    # Of a thousand requests .87 reach the model: an expected number is no whole one.
    (1_000, 0, 1_000.0, 20.0, 3.6, 1 / 3, 0.0013),
]


def right_price(
    tokens_in: float,
    tokens_out: float,
    read: float,
    write: float,
    hour: float,
    hits: float,
    share: float,
) -> float:
    seconds = tokens_in / read + tokens_out / write
    return 1_000 * share * (1 - hits) * seconds * hour / 3_600


def _by(change: Callable[..., tuple[Any, ...]], times: float = 1.0) -> Callable[..., Any]:
    return lambda *case: times * right_price(*change(*case))


MISTAKES: dict[str, Callable[..., Any]] = {
    "no token has a price: hits and shares of an amount that is 1 second": _by(
        lambda i, o, r, w, h, c, s: (1.0, 0.0, 1.0, 1.0, h, c, s)
    ),
    "tokens that are written are left out: each costs a step of its own": _by(
        lambda i, o, r, w, h, c, s: (i, 0, r, w, h, c, s)
    ),
    "tokens that are read are left out": _by(lambda i, o, r, w, h, c, s: (0, o, r, w, h, c, s)),
    "all tokens go at the speed of reading; writing is one token after the other": _by(
        lambda i, o, r, w, h, c, s: (i, o, r, r, h, c, s)
    ),
    "the two speeds are exchanged": _by(lambda i, o, r, w, h, c, s: (i, o, w, r, h, c, s)),
    "the hits are paid; the misses are": _by(lambda i, o, r, w, h, c, s: (i, o, r, w, h, 1 - c, s)),
    "the cache is left out": _by(lambda i, o, r, w, h, c, s: (i, o, r, w, h, 0.0, s)),
    "the share of requests that reach the model is left out": _by(
        lambda i, o, r, w, h, c, s: (i, o, r, w, h, c, 1.0)
    ),
    "hits are subtracted from the share; they are a part of it": lambda i, o, r, w, h, c, s: (
        1_000 * (s - c) * (i / r + o / w) * h / 3_600
    ),
    "the number of requests is made whole": lambda i, o, r, w, h, c, s: (
        round(1_000 * s * (1 - c)) * (i / r + o / w) * h / 3_600
    ),
    "the seconds of a request are cut to whole ones": lambda i, o, r, w, h, c, s: (
        1_000 * s * (1 - c) * (i // r + o // w) * h / 3_600
    ),
    "the price of an hour is taken for that of a second; an hour has 3,600": _by(
        lambda *case: case, 3_600.0
    ),
    "the two speeds are added; each kind of token has its own": lambda i, o, r, w, h, c, s: (
        1_000 * s * (1 - c) * (i + o) / (r + w) * h / 3_600
    ),
    "an hour has 60 seconds": _by(lambda *case: case, 60.0),
    "the price of one request is returned; asked is that of a thousand": _by(
        lambda *case: case, 1e-3
    ),
    "these are seconds, not money": lambda i, o, r, w, h, c, s: (
        1_000 * s * (1 - c) * (i / r + o / w)
    ),
    "tokens are multiplied by the speed; seconds are tokens over tokens a second": (
        lambda i, o, r, w, h, c, s: 1_000 * s * (1 - c) * (i * r + o * w) * h / 3_600
    ),
}
FREE = next(iter(MISTAKES)), "tokens that are written are left out: each costs a step of its own"


def check_price(answer: Any) -> None:
    gots = ask_quietly(lambda *case: as_number(answer(*case), _told(case)), _CASES)
    for why in FREE:
        if all(same(got, MISTAKES[why](*case)) for got, case in zip(gots, _CASES, strict=True)):
            case, got = next(
                (case, got)
                for case, got in zip(_CASES, gots, strict=True)
                if not same(got, right_price(*case))
            )
            reject(
                f"{_told(case)} must be {right_price(*case):.4g}, got {got:.4g}. It looks as if "
                f"{why}.",
                "E19",
            )
    compare(
        answer,
        _CASES,
        right_price,
        lambda got, case: as_number(got, _told(case)),
        _told,
        MISTAKES,
    )


def _told(case: Case) -> str:
    return call_of("price", case)


TASK = Task(
    id="32.8",
    prompt="Return the price of a thousand requests.",
    check_answer=check_price,
    hints=(
        "How many of a thousand requests reach the model? How many seconds does one need? What "
        "does a second cost?",
        "1,000 * share * (1 - hits) requests; tokens_in / read + tokens_out / write seconds each; "
        "hour / 3,600 a second.",
        "return 1000 * share * (1 - hits) * (tokens_in / read + tokens_out / write) * hour / 3600.",
    ),
    insight="Four levers: fewer requests, shorter texts, a faster model, a cheaper hour.",
    errata=ERRATA,
)
