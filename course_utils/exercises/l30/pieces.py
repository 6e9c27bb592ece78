"""Task 30.4: a word in the longest known pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_list
from course_utils.exercises.theirs import shorten

_LINE = (
    "water ##proof ##proofing proof un ##able able ##wash wash ##washable a ##a ##b b ab ##bc "
    "dress ##es ##y soft ##er ##est f ##f ##or ##t 防 ##水 水"
)
KNOWN = frozenset(_LINE.split())
UNKNOWN = "[UNK]"

CASES: list[Case] = [
    ("waterproof", KNOWN),
    ("waterproofing", KNOWN),
    ("unwashable", KNOWN),
    ("dress", KNOWN),
    ("dresses", KNOWN),
    ("softest", KNOWN),
    ("soften", KNOWN),
    ("zebra", KNOWN),
    ("abc", KNOWN),
    ("abba", KNOWN),
    ("aab", KNOWN),
    ("proofy", KNOWN),
    ("yproof", KNOWN),
    ("", KNOWN),
    ("a", frozenset()),
    ("防水", KNOWN),
    ("unz", KNOWN),
    ("##proof", KNOWN),
]


def longest(
    word: str,
    vocabulary: Iterable[str],
    sign: str = "##",
    ends: Callable[[int, int], Iterable[int]] = lambda start, n: range(n, start, -1),
) -> list[str] | None:
    """Pieces in order, or None where the word cannot be put together."""
    found, start = [], 0
    while start < len(word):
        for end in ends(start, len(word)):
            piece = (sign if start else "") + word[start:end]
            if piece in vocabulary:
                found.append(piece)
                start = end
                break
        else:
            return None
    return found


def pieces(word: str, vocabulary: frozenset[str]) -> list[str]:
    found = longest(word, vocabulary)
    return [UNKNOWN] if found is None else found


def shortest_first(word: str, vocabulary: frozenset[str]) -> list[str]:
    found = longest(word, vocabulary, ends=lambda start, n: range(start + 1, n + 1))
    return [UNKNOWN] if found is None else found


def without_sign(word: str, vocabulary: frozenset[str]) -> list[str]:
    found = longest(word, vocabulary, sign="")
    return [UNKNOWN] if found is None else found


def sign_forgotten(word: str, vocabulary: frozenset[str]) -> list[str]:
    return [one.removeprefix("##") for one in pieces(word, vocabulary)]


def rest_unknown(word: str, vocabulary: frozenset[str]) -> list[str]:
    for end in range(len(word), 0, -1):
        found = longest(word[:end], vocabulary)
        if found is not None:
            return found + [UNKNOWN] * (end < len(word))
    return [UNKNOWN] if word else []


def skips(word: str, vocabulary: frozenset[str]) -> list[str]:
    found, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary:
                found.append(piece)
                start = end
                break
        else:
            start += 1
    return found


def any_way(word: str, vocabulary: frozenset[str]) -> list[str]:
    """Goes back where the longest beginning leads nowhere: the fewest pieces."""
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            piece, before = ("##" if start else "") + word[start:end], best[start]
            now = best[end]
            if piece not in vocabulary or before is None:
                continue
            if now is None or len(before) + 1 < len(now):
                best[end] = [*before, piece]
    last = best[-1]
    return [UNKNOWN] if last is None else last


def whole_words(word: str, vocabulary: frozenset[str]) -> list[str]:
    if not word:
        return []
    return [word] if word in vocabulary else [UNKNOWN]


def letters(word: str, vocabulary: frozenset[str]) -> list[str]:
    if word in vocabulary or not word:
        return [word] if word else []
    found = [("##" if at else "") + one for at, one in enumerate(word)]
    return found if all(one in vocabulary for one in found) else [UNKNOWN]


def empty_unknown(word: str, vocabulary: frozenset[str]) -> list[str]:
    return pieces(word, vocabulary) or [UNKNOWN]


def none_found(word: str, vocabulary: frozenset[str]) -> list[str]:
    return longest(word, vocabulary) or []


MISTAKES: dict[str, Callable[..., list[str]]] = {
    "the shortest known beginning is taken: take the longest": shortest_first,
    "pieces inside a word are looked up without ##": without_sign,
    "## is looked up, but left out of the answer": sign_forgotten,
    "a word whose rest is unknown keeps its known beginning: the whole word is unknown": (
        rest_unknown
    ),
    "letters that no piece fits are left out: the whole word is unknown": skips,
    "a shorter beginning is tried where the longest leads nowhere: that word is unknown": any_way,
    "a word that is not known whole is unknown: put it together from pieces": whole_words,
    "a word that is not known whole is cut into letters: take the longest pieces": letters,
    "an empty word is unknown: it has no pieces": empty_unknown,
    "an unknown word has no pieces: it is one token, [UNK]": none_found,
}


def _told(case: Case) -> str:
    return call_of("word_pieces", case)


def _read(value: Any, case: Case) -> list[str]:
    found = as_list(value, f"{_told(case)}: the result")
    for one in found:
        if not isinstance(one, str):
            reject(f"{_told(case)}: each piece must be text, got {shorten(one)}.")
    return found


def check_pieces(answer: Any) -> None:
    compare(answer, CASES, pieces, _read, _told, MISTAKES)


TASK = Task(
    id="30.4",
    prompt="Cut a word, from the left, into the longest known word pieces.",
    check_answer=check_pieces,
    hints=(
        "Keep the place where the next piece begins. Which ends do you try first?",
        "for end in range(len(word), start, -1), piece = word[start:end], with ## in front unless "
        "start is 0. A for loop's else runs if nothing was found.",
        "found, start = [], 0; while start < len(word): for end in range(len(word), start, -1): "
        'piece = "##" * (start > 0) + word[start:end]; if piece in vocabulary: append, start = '
        'end, break; else: return ["[UNK]"].',
    ),
    insight="Hardly a word is unknown; a misspelt one is cut into word pieces that mean little.",
)
