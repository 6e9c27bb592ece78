"""A text's words as they are compared: English by stems, Chinese by two neighbouring characters.

Titles are cut so in lesson 11: runs of letters and digits stay whole, runs of Chinese characters
become overlapping bigrams. Sentences ask for more: *collapses* and *collapsed* are one word, *the*
is none, and *rerank* finds *re-rank*.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from sys import intern

_STOP = """
    a about after all also am an and any are as at be because been before being but by can could
    did do does doing each ever every for from get gets give given go got had has have he her here
    him his how i if in into is it its just let like make makes many may me might more most much
    must my no not of off on one only or other our out over own please put said same say says see
    shall she should so some such take tell than that the their them then there these they thing
    things this those to too under up upon us use used uses using very want was way we well were
    what when where whether which while who whom whose why will with without would yet you your
    re pre co non explain describe difference work works
"""
STOP = frozenset(_STOP.split())
"""Words that do not tell what is looked for, and those with which interviewers begin."""

_RUN = re.compile(r"[0-9]+\.[0-9]+|[a-z0-9]+(?:[-'’][a-z0-9]+)*|[\u4e00-\u9fff]+")
_JOINT = re.compile("[-'’]")
_LEFT_OUT = """
    isation ization ations ation ators ator ating ated ates ate nesses ness ments ment ities ity
    ively ives ive ions ion ally al ings ing ers er ors or ies ied ised ized ises izes ise ize ed es
    ly e s y
"""
_ENDINGS = _LEFT_OUT.split()
_SHORTEST = 4
"""Letters that a stem keeps."""


def runs(text: str) -> list[str]:
    """English words and Chinese runs as they stand, in lower case; ² is 2."""
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def is_chinese(run: str) -> bool:
    """Whether a run of ``runs`` is Chinese; no run mixes both."""
    return run[0] >= "\u4e00"


def words(text: str) -> list[str]:
    """The words of a text in its order; what repeats, stays."""
    return [word for run in runs(text) for word in words_of(run)]


@cache
def words_of(run: str) -> tuple[str, ...]:
    """The words of one run: none if it says nothing, several if it is joined or Chinese."""
    if is_chinese(run):
        return tuple(intern(run[at : at + 2]) for at in range(max(1, len(run) - 1)))
    parts = _JOINT.split(run)
    found = [one for one in parts if len(one) > 1 and one not in STOP]
    if found and len(parts) > 1 and len(parts[-1]) > 1:
        found.append("".join(parts))
    return tuple(map(stem, found))


@cache
def stem(word: str) -> str:
    """An English word without its endings."""
    shorter: str | None = word
    while shorter:
        word = shorter
        shorter = next((word[: -len(one)] for one in _ENDINGS if _ends(word, one)), None)
    doubled = len(word) > _SHORTEST and word[-1] == word[-2] != "s"
    return intern(word[:-1] if doubled else word)


def _ends(word: str, ending: str) -> bool:
    long_enough = len(word) - len(ending) >= _SHORTEST
    return long_enough and word.endswith(ending) and not word.endswith("ss")
