"""Task 11.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import re
from typing import Any

from answers import Proof, Wrong
from course_utils.exercises.l11.pieces import (
    across,
    always_two,
    by_character,
    capitals_dropped,
    chinese_only,
    each_once,
    english_first,
    english_too,
    one_missing,
    short_dropped,
    steps,
    tail,
    whole_runs,
)


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


PROOF = Proof(
    task="11.3",
    right=[_by_characters, _by_zip],
    wrong=[
        Wrong(whole_runs, "Chinese runs stay whole", silent=True),
        Wrong(by_character, "single characters, whatever n is", silent=True),
        Wrong(english_too, "English words are cut", silent=True),
        Wrong(across, "reach across a gap", silent=True),
        Wrong(english_first, "English comes first", silent=True),
        Wrong(one_missing, "the last piece of every run", silent=True),
        Wrong(tail, "stand at the end of every run", silent=True),
        Wrong(steps, "do not overlap", silent=True),
        Wrong(short_dropped, "a run shorter than n is dropped", silent=True),
        Wrong(each_once, "kept once", silent=True),
        Wrong(capitals_dropped, "capital letters are lost", silent=True),
        Wrong(always_two, "n is not used", silent=True),
        Wrong(chinese_only, "English words are dropped", silent=True),
        Wrong(lambda text, n: list(text.encode()), "must be a list of strings"),
    ],
)
