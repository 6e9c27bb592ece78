"""Text into words and n-grams that a search can count, for English and for Chinese."""

from __future__ import annotations

import re
from sys import intern

_RUN = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]+")


def words(text: str) -> list[str]:
    """Runs of letters and digits, and runs of Chinese characters; lower case.

    Chinese has no spaces, so a whole Chinese title is one "word".
    """
    return _RUN.findall(text.lower())


def words_and_bigrams(text: str) -> list[str]:
    """As ``words``, but a Chinese run is cut into character bigrams, two neighbours each.

    A run of one character stays as it is. Equal pieces are one string: who keeps the pieces of
    many texts needs little room.
    """
    found = []
    for run in words(text):
        if run.isascii():
            found.append(intern(run))
        else:
            found += [intern(run[at : at + 2]) for at in range(max(1, len(run) - 1))]
    return found
