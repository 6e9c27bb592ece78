"""Task 30.4: a word in the longest known pieces."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l30.pieces_slips import MISTAKES, pieces
from course_utils.exercises.reading import as_list
from course_utils.exercises.theirs import shorten

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
