"""Task 30.4: a word in the longest known pieces."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_list
from course_utils.exercises.theirs import shorten

right = LessonAnswer("30.4")
edit, first, returning = right.edit, right.first, right.returning

_LINE = (
    "water ##proof ##proofing proof un ##able able ##wash wash ##washable a ##a ##b b ab ##bc "
    "dress ##es ##y soft ##er ##est f ##f ##or ##t 防 ##水 水"
)
KNOWN = set(_LINE.split())

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
    ("a", set()),
    ("防水", KNOWN),
    ("unz", KNOWN),
    ("##proof", KNOWN),
    ("Water", {"water"}),
    ("banana", {"ba", "##na"}),
    ("ab", {"a", "###"}),
    ("abcd", {"abc", "##d", "##cd", "##b", "a"}),
    ("water", {"water"}),
    ("", {""}),
]

UNKNOWN, ENDS, SIGN = '["[UNK]"]', "range(len(word), start, -1)", '("##" if start else "")'


def _any_way(word: str, vocabulary: set[str]) -> list[str]:
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
    return ["[UNK]"] if last is None else last


def _from_right(word: str, vocabulary: set[str]) -> list[str]:
    """The longest known end first, then on to the left."""
    found: list[str] = []
    end = len(word)
    while end > 0:
        for start in range(end):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary:
                found.insert(0, piece)
                end = start
                break
        else:
            return ["[UNK]"]
    return found


def _listed(word: str, vocabulary: set[str]) -> list[str]:
    """Goes through the vocabulary; every # at the left of a piece is taken for its sign."""
    found: list[str] = []
    at = 0
    while at < len(word):
        fit = [one for one in vocabulary if (
            one.startswith("##") and word.startswith(one.lstrip("#"), at)
            if at else one and word.startswith(one)
        )]  # fmt: skip
        if not fit:
            return ["[UNK]"]
        found.append(max(fit, key=len))
        at += len(found[-1]) - 2 * (at > 0)
    return found


SLIPS = {
    "capitals are made small: the word is taken as it is": first("word = word.lower()"),
    "a word piece that comes twice is given once": returning("list(dict.fromkeys(result))"),
    "the word is cut from the right: begin at the left": _from_right,
    "inside a word one without ## will do: it will not": first(
        'vocabulary = vocabulary | {f"##{one}" for one in vocabulary if one[:2] != "##"}'
    ),
    "two letters are taken off the longest piece for ##, at the begin of a word too": edit(
        {
            ENDS: "range(min(len(word), start + max(max(map(len, vocabulary), default=0) - 2, 0)), "
            "start, -1)"
        }
    ),
    "every # at the left is taken off: ## are two signs": _listed,
    "a word that is known whole is asked for first, the empty one too": first(
        "if word in vocabulary:\n    return [word]"
    ),
    "the shortest known beginning is taken: take the longest": edit(
        {ENDS: "range(start + 1, len(word) + 1)"}
    ),
    "pieces inside a word are looked up without ##": edit({f"{SIGN} + ": ""}),
    "## is looked up, but left out of the answer": returning(
        '[one.removeprefix("##") for one in result]'
    ),
    "a word whose rest is unknown keeps its known beginning: the whole word is unknown": edit(
        {f"return {UNKNOWN}": f"return found + {UNKNOWN}"}
    ),
    "letters that no piece fits are left out: the whole word is unknown": edit(
        {f"return {UNKNOWN}": "start += 1"}
    ),
    "a shorter beginning is tried where the longest leads nowhere: that word is unknown": _any_way,
    "a word that is not known whole is unknown: put it together from pieces": returning(
        '[] if not word else [word] if word in vocabulary else ["[UNK]"]'
    ),
    "a word that is not known whole is cut into letters: take the longest pieces": edit(
        {ENDS: "([len(word)] if word in vocabulary else [start + 1])"}
    ),
    "an empty word is unknown: it has no pieces": returning('result or ["[UNK]"]'),
    "an unknown word has no pieces: it is one token, [UNK]": edit(
        {f"return {UNKNOWN}": "return []"}
    ),
}

shown = in_one_line(right)


def _read(value: Any, case: Case) -> list[str]:
    found = as_list(value, f"{shown(case)}: the result")
    for one in found:
        if not isinstance(one, str):
            reject(f"{shown(case)}: each piece must be text, got {shorten(one)}.")
    return found


TASK = checked(
    "30.4",
    "Cut a word, from the left, into the longest known word pieces.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Keep the place where the next piece begins. Which ends do you try first?",
        "for end in range(len(word), start, -1), piece = word[start:end], with ## in front unless "
        "start is 0. A for loop's else runs if nothing was found.",
        "found, start = [], 0; while start < len(word): for end in range(len(word), start, -1): "
        'piece = "##" * (start > 0) + word[start:end]; if piece in vocabulary: append, start = '
        'end, break; else: return ["[UNK]"].',
    ),
    insight="Hardly a word is unknown; a misspelt one is cut into word pieces that mean little.",
    shown=shown,
    read=_read,
    leaves=False,
)
