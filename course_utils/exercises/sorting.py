"""Tasks that sort sentences: the number of each -> the letter of the kind that it is of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from course_utils.exercises.asking import reject
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten


class Sentence(NamedTuple):
    """One sentence to sort.

    Attributes:
        text: the sentence, as in the task.
        letter: of its kind.
        why: told to whom sorts it elsewhere.
        erratum: the article's error that this sentence repeats, if it does.
        also: letters that are right as well.
    """

    text: str
    letter: str
    why: str
    erratum: str | None = None
    also: str = ""


def check_sorted(
    answer: Any,
    sentences: Mapping[int, Sentence],
    letters: Mapping[str, str],
    one: str = "a sentence",
) -> None:
    """Refuse an answer with the first sentence that is missing or of another kind.

    Args:
        answer: number of a sentence -> letter; numbers may be strings, letters lower case.
        sentences: by their numbers.
        letters: letter -> the kind, as "X is not ..." names it.
        one: what the task calls what is sorted.
    """
    refuse_none(answer, "The answer", "a dictionary")
    if not isinstance(answer, dict):
        reject(f"Expected a dictionary, number of {one} -> letter, got {shorten(answer)}.")
    read = {int(key) if str(key).isdigit() else key: value for key, value in answer.items()}
    if set(read) == {number - 1 for number in sentences}:
        reject(f"You count from 0: {one} has the number that it has in the task, from 1 on.")
    for number, (text, right, why, erratum, also) in sentences.items():
        told = f"{number}, {text!r},"
        if number not in read:
            reject(f"There is no entry for {told[:-1]}.")
        got = read[number]
        letter = got.strip().upper() if isinstance(got, str) else got
        if not isinstance(letter, str) or letter not in letters:
            reject(f"{told} needs one letter of {', '.join(letters)}, got {shorten(got)}.")
        if letter not in (right, *also):
            reject(f"{told} is not {letters[letter]}. {why}", erratum)
    more = [key for key in read if key not in sentences]
    if more:
        reject(f"{more[0]!r} is no number of {one}.")
