"""Task 32.8: the price of a thousand requests."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import in_one_line
from course_utils.exercises.comparing import Case, ask_quietly, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number
from course_utils.exercises.tolerance import same

ERRATA = {"E19": "a gain without its price: tokens that are read and written, hours of a machine"}

right = LessonAnswer("32.8")
edit, first, returning = right.edit, right.first, right.returning

CASES: list[Case] = [
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

SECONDS, REACHED = "tokens_in / read + tokens_out / write", "share * (1 - hits) * 1_000"
FREE = {
    "no token has a price: hits and shares of an amount that is 1 second": edit({SECONDS: "1.0"}),
    "tokens that are written are left out: each costs a step of its own": edit(
        {" + tokens_out / write": ""}
    ),
}
"""A gain without its price: what erratum E19 names."""

SLIPS = FREE | {
    "tokens that are read are left out": edit({"tokens_in / read + ": ""}),
    "all tokens go at the speed of reading; writing is one token after the other": first(
        "write = read"
    ),
    "the two speeds are exchanged": first("read, write = write, read"),
    "the hits are paid; the misses are": edit({"(1 - hits)": "hits"}),
    "the cache is left out": edit({" * (1 - hits)": ""}),
    "the share of requests that reach the model is left out": edit({"share * ": ""}),
    "hits are subtracted from the share; they are a part of it": edit(
        {"share * (1 - hits)": "(share - hits)"}
    ),
    "the number of requests is made whole": edit({REACHED: f"round({REACHED})"}),
    "the seconds of a request are cut to whole ones": edit({SECONDS: SECONDS.replace("/", "//")}),
    "the price of an hour is taken for that of a second; an hour has 3,600": edit({" / 3_600": ""}),
    "the two speeds are added; each kind of token has its own": edit(
        {SECONDS: "(tokens_in + tokens_out) / (read + write)"}
    ),
    "an hour has 60 seconds": edit({"3_600": "60"}),
    "the price of one request is returned; asked is that of a thousand": edit({" * 1_000": ""}),
    "these are seconds, not money": edit({" * hour / 3_600": ""}),
    "tokens are multiplied by the speed; seconds are tokens over tokens a second": edit(
        {SECONDS: "tokens_in * read + tokens_out * write"}
    ),
}

shown = in_one_line(right)


def check_price(answer: Any) -> None:
    gots = ask_quietly(lambda *case: _read(answer(*case), case), CASES)
    for words, slip in FREE.items():
        if all(same(got, slip(*case)) for got, case in zip(gots, CASES, strict=True)):
            case, got = next(
                (case, got)
                for case, got in zip(CASES, gots, strict=True)
                if not same(got, right(*case))
            )
            reject(
                f"{shown(case)} must be {right(*case):.4g}, got {got:.4g}. It looks as if {words}.",
                "E19",
            )
    compare(answer, CASES, right, _read, shown, SLIPS)


def _read(got: Any, case: Case) -> float:
    return as_number(got, shown(case))


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
    slips=SLIPS,
    erratum_of=dict.fromkeys(FREE, "E19"),
    right=right,
    cases=CASES,
)
