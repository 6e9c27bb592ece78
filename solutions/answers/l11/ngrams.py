"""Task 11.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import re
from typing import Any

from answers import Proof, Wrong, silent
from course_utils.exercises.l11.ngrams import MISTAKES, right_ngrams


def _by_characters(text: str, n: int) -> Any:
    found: list[str] = []
    run = ""
    for character in [*text.lower(), " "]:
        if "\u4e00" <= character <= "\u9fff":
            if run and run.isascii():
                found.append(run)
                run = ""
            run += character
            continue
        if run and not run.isascii():
            found += [run[i : i + n] for i in range(len(run) - n + 1)] or [run]
            run = ""
        if character.isascii() and character.isalnum():
            run += character
        elif run:
            found.append(run)
            run = ""
    return tuple(found)


def _by_zip(text: str, n: int) -> Any:
    result: list[str] = []
    for word, chinese in re.findall(r"([a-z0-9]+)|([\u4e00-\u9fff]+)", text.lower()):
        if word:
            result += [word]
        elif len(chinese) < n:
            result += [chinese]
        else:
            shifted = [chinese[at:] for at in range(n)]
            result += ["".join(one) for one in zip(*shifted, strict=False)]
    return result


def _ascii_lower(text: str, n: int) -> list[str]:
    lower = "".join(one.lower() if one.isascii() else one for one in text)
    runs = re.findall(r"[a-z0-9]+|[\u4e00-\u9fff]+", lower)
    return [gram for run in runs for gram in right_ngrams(run, n)]


def _ignoring_case(text: str, n: int) -> list[str]:
    """The pattern matches both cases, also a letter whose lower case is outside of it."""
    runs = re.findall(r"([a-z0-9]+)|([\u4e00-\u9fff]+)", text, re.IGNORECASE)
    return [
        gram
        for word, chinese in runs
        for gram in ([word.lower()] if word else right_ngrams(chinese, n))
    ]


PROOF = Proof(
    task="11.3",
    right=[_by_characters, _by_zip],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda text, n: sorted(right_ngrams(text, n)), "got ['05', 'box'", silent=True),
        Wrong(_ascii_lower, "only the letters A to Z are made lower case", silent=True),
        Wrong(_ignoring_case, "got ['3k', 'ſa']", silent=True),
        Wrong(
            lambda text, n: right_ngrams(text.replace("々", "茶"), n),
            "got ['红', '茶茶'",
            silent=True,
        ),
        Wrong(lambda text, n: list(text.encode()), "must be a list of strings"),
    ],
)
