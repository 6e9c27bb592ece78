"""50.2: from tokens to a table of numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l50.shared import ERRATA, call_of, compare_named
from course_utils.exercises.reading import as_array, refuse_none
from course_utils.exercises.theirs import shorten

Titles = list[list[str]]
Vocabulary = dict[str, int]

WORDS: Vocabulary = {"防": 2, "水": 3, "mug": 4, "soft": 5, "the": 6}
CASES: list[Case] = [
    ([["mug", "soft"], ["tea"]], {"mug": 2, "soft": 3}, 3),
    ([["防", "水", "mug"], [], ["cup", "soft"]], WORDS, 2),
    ([[]], WORDS, 1),
    ([["soft"]], WORDS, 5),
    ([["the"] * 3 + ["x"]], WORDS, 4),
    ([["soft", "Soft", "soft "]], WORDS, 1),
    ([["mug", "tea"]], {"mug": 9, "cup": 2}, 2),
    ([["mug", "cup"] * 30, ["cup"]], {"mug": 2}, 3),
    ([["", "mug"]], WORDS, 3),
    ([["a", "b"], ["c"]], {}, 1),
    ([["mug", "tea"]], {"mug": 70_000}, 2),
]


def encode(
    titles: Titles,
    vocabulary: Vocabulary,
    kernel: int,
    unknown: int | None = 1,
    padding: int = 0,
    left: bool = False,
    width: Callable[[Titles, int], int] | None = None,
) -> np.ndarray:
    """The right table, or one with a mistake: an unknown token of None is left out."""
    numbers = [[vocabulary.get(one, unknown) for one in title] for title in titles]
    rows = [[one for one in title if one is not None] for title in numbers]
    length = width(titles, kernel) if width else max(kernel, *map(len, titles), 0)
    found = np.full((len(rows), length), padding)
    for at, row in enumerate(rows):
        row = row[:length]
        found[at, (length - len(row) if left else 0) :][: len(row)] = row
    return found


def longest(titles: Titles, kernel: int) -> int:
    return max(map(len, titles))


def beyond(titles: Titles, vocabulary: Vocabulary, kernel: int) -> np.ndarray:
    return encode(titles, vocabulary, kernel, unknown=len(vocabulary) + 2)


def one_more(titles: Titles, vocabulary: Vocabulary, kernel: int) -> np.ndarray:
    return encode(titles, vocabulary, kernel, unknown=max(vocabulary.values(), default=1) + 1)


def last_word(titles: Titles, vocabulary: Vocabulary, kernel: int) -> np.ndarray:
    return encode(titles, vocabulary, kernel, unknown=len(vocabulary) + 1)


def _with(**mistake: Any) -> Callable[..., np.ndarray]:
    return lambda titles, vocabulary, kernel: encode(titles, vocabulary, kernel, **mistake)


def in_lower_case(titles: Titles, vocabulary: Vocabulary, kernel: int) -> np.ndarray:
    return encode([[one.lower().strip() for one in row] for row in titles], vocabulary, kernel)


def counted_again(titles: Titles, vocabulary: Vocabulary, kernel: int) -> np.ndarray:
    """The place of a token in the vocabulary, not its number."""
    return encode(titles, {one: at + 2 for at, one in enumerate(vocabulary)}, kernel)


BEYOND = "an unknown token gets a number that no row of the embedding has: it is 1"
SHORT = "the table is as wide as the longest title, and a kernel may be wider"
MISTAKES: dict[str, Callable[..., np.ndarray]] = {
    SHORT: _with(width=longest),
    f"{BEYOND} (here one above the highest)": one_more,
    f"{BEYOND} (here the tokens counted, and two)": beyond,
    f"{BEYOND} (here 10,000, whatever the vocabulary)": _with(unknown=10_000),
    f"{BEYOND} (here -1)": _with(unknown=-1),
    "an unknown token gets the number of a known one: it is 1": last_word,
    "an unknown token is left out: it is 1, and stays where it stands": _with(unknown=None),
    "an unknown token gets 0, which is padding": _with(unknown=0),
    "padding and unknown are mixed up: padding is 0": _with(padding=1),
    "the zeros stand on the left: tokens begin on the left": _with(left=True),
    "every title is cut or filled up to 50": _with(width=lambda titles, kernel: 50),
    "the kernel is added to the longest title": (
        _with(width=lambda titles, kernel: max(map(len, titles)) + kernel - 1)
    ),
    "the table's type has no room for large numbers": lambda titles, vocabulary, kernel: encode(
        titles, vocabulary, kernel
    ).astype(np.int16),
    "every title is cut to the kernel": _with(width=lambda titles, kernel: kernel),
    "tokens are changed before they are looked up": in_lower_case,
    "the tokens are numbered again: the vocabulary holds their numbers": counted_again,
}


def _holds_text(value: Any) -> bool:
    if isinstance(value, str):
        return True
    rows = value.tolist() if isinstance(value, np.ndarray) else value
    return isinstance(rows, (list, tuple)) and any(map(_holds_text, rows))


def _read(value: Any, case: Case) -> np.ndarray:
    what = f"{call_of('encode', case)}: the result"
    refuse_none(value, what, "an array")
    if _holds_text(value):
        reject(
            f"{what} holds text: a network reads numbers. Look each token up in the vocabulary.",
            "E33",
        )
    try:
        np.asarray(value)
    except ValueError:
        reject(f"{what} must have rows of one length, got {shorten(value)}. Fill up with 0.")
    found = as_array(value, what)
    if found.ndim != 2 or len(found) != len(case[0]):
        reject(f"{what} must have a row for each of {len(case[0])} titles, got {found.shape}.")
    whole = bool((found == found.round()).all())
    return found.astype(int) if whole else found  # so that a message shows whole numbers


def check_encode(answer: Any) -> None:
    compare_named("encode", answer, CASES, encode, _read, MISTAKES, {SHORT: "E43", BEYOND: "E38"})


TASK = Task(
    id="50.2",
    prompt="Return a table of token numbers: 0 is padding, 1 an unknown token.",
    check_answer=check_encode,
    hints=(
        "How wide is the table? Then: a table of zeros, and each row begins with its numbers.",
        "width = max(kernel, longest title); vocabulary.get(token, 1) is the number.",
        "table = np.zeros((len(titles), width), int), then for each row table[row, :len(title)] = "
        "[vocabulary.get(one, 1) for one in title].",
    ),
    insight="0 means nothing stands here, 1 means something unknown does: two different things.",
    errata=ERRATA,
)
