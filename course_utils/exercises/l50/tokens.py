"""50.1: from a title to tokens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l50.shared import ERRATA, call_of, compare_named
from course_utils.exercises.reading import as_list
from course_utils.exercises.theirs import shorten

TITLES: list[Case] = [
    ("Alba USB-C 防水手机",),
    ("Brand 05 plastic-free mug, vegan",),
    ("红色纯棉衬衫",),
    ("",),
    ("soft SOFT Soft",),
    ("防水防风2件装",),
    (" ...! ",),
    ("一龥鿿、，。",),
    ("café olé 3.5mm",),
    ("MIX混合Words词",),
    ("a-b -- c",),
    ("ＡＢ wide",),
    ("no\ttab\nline 　",),
    ("snake_case 5m² ٣",),
    ("㐀 가 一a",),
    ("Straße ſoft",),
]
PATTERN = re.compile("[a-z0-9-]+|[\u4e00-\u9fff]")


def tokens(title: str) -> list[str]:
    return PATTERN.findall(title.lower())


def _found(pattern: str, flags: int = 0) -> Callable[[str], list[str]]:
    return lambda title: re.findall(pattern, title.lower(), flags)


def at_spaces(title: str) -> list[str]:
    return title.lower().split()


def at_spaces_as_written(title: str) -> list[str]:
    return title.split()


def as_written(title: str) -> list[str]:
    return re.findall("[A-Za-z0-9-]+|[\u4e00-\u9fff]", title)


def capitals_lost(title: str) -> list[str]:
    return PATTERN.findall(title)


def each_once(title: str) -> list[str]:
    return list(dict.fromkeys(tokens(title)))


def in_order(title: str) -> list[str]:
    return sorted(tokens(title))


def characters(title: str) -> list[str]:
    return [one for one in title.lower() if not one.isspace()]


SPACES = "the title is split at spaces, and Chinese has none"
RUNS = "a run of Chinese characters stays one token"
MISTAKES: dict[str, Callable[[str], list[str]]] = {
    SPACES: at_spaces,
    f"{SPACES} (nor is it put in lower case)": at_spaces_as_written,
    f"{SPACES} (and an empty token is kept)": lambda title: title.lower().split(" "),
    f"{SPACES} (here the whole title is one token)": lambda title: [title.lower()],
    RUNS: _found("[a-z0-9-]+|[\u4e00-\u9fff]+"),
    f"{RUNS}, and so does a word with an accent": _found(r"[\w-]+"),
    f"{RUNS}, and a hyphen ends a word": _found(r"\w+"),
    f"{RUNS}, with the letters beside it": _found("[a-z0-9\u4e00-\u9fff-]+"),
    "a hyphen ends a token: it belongs to it": _found("[a-z0-9]+|[\u4e00-\u9fff]"),
    "digits are left out": _found("[a-z-]+|[\u4e00-\u9fff]"),
    "Chinese is left out": _found("[a-z0-9-]+"),
    "letters with an accent are kept: only a to z, digits and hyphens make a word": (
        _found(r"(?:(?![\u4e00-\u9fff])[\w-])+|[\u4e00-\u9fff]")
    ),
    "every sign is a token: letters, digits and hyphens that stand together are one": characters,
    "an underscore is kept: only a to z, digits and hyphens make a word": (
        _found("[a-z0-9_-]+|[\u4e00-\u9fff]")
    ),
    "the last Chinese characters, above U+9FA5, are left out": (
        _found("[a-z0-9-]+|[\u4e00-\u9fa5]")
    ),
    "characters before U+4E00 are kept: the Chinese ones begin there": (
        _found("[a-z0-9-]+|[\u3400-\u9fff]")
    ),
    "everything after U+4E00 is kept: the Chinese ones end at U+9FFF": (
        _found("[a-z0-9-]+|[\u4e00-\U0010ffff]")
    ),
    "the tokens are not put in lower case": as_written,
    "capital letters are lost: put the title in lower case first": capitals_lost,
    "letters are folded by casefold(), which makes ss of ß: put the title in lower case": (
        lambda title: PATTERN.findall(title.casefold())
    ),
    "the pattern ignores case, and takes ſ for an s: put the title in lower case first": (
        lambda title: [one.lower() for one in re.findall(PATTERN.pattern, title, re.IGNORECASE)]
    ),
    "a token that stands twice is kept once": each_once,
    "the tokens are sorted: keep the order of the title": in_order,
}


def _read(value: Any, case: Case) -> list[str]:
    found = as_list(value, f"{call_of('tokens', case)}: the result")
    for one in found:
        if not isinstance(one, str):
            reject(f"{call_of('tokens', case)}: each token must be text, got {shorten(one)}.")
    return found


def check_tokens(answer: Any) -> None:
    errata = {SPACES: "E40", RUNS: "E40"}
    compare_named("tokens", answer, TITLES, tokens, _read, MISTAKES, errata)


TASK = Task(
    id="50.1",
    prompt="Return the tokens of a title: words, and single Chinese characters.",
    check_answer=check_tokens,
    hints=(
        "One regular expression with two alternatives does it, on title.lower().",
        "[a-z0-9-]+ is a word; [\\u4e00-\\u9fff] is one Chinese character, without a +.",
        're.findall("[a-z0-9-]+|[\\u4e00-\\u9fff]", title.lower())',
    ),
    insight="A network never sees text: what the tokens lose, no layer brings back.",
    errata=ERRATA,
)
