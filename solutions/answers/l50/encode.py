"""Task 50.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l50.encode import BEYOND, MISTAKES, SHORT, Titles, Vocabulary


def _by_lists(titles: Titles, vocabulary: Vocabulary, kernel: int) -> Any:
    width = max([kernel] + [len(title) for title in titles])
    return [[vocabulary.get(one, 1) for one in t] + [0] * (width - len(t)) for t in titles]


def _by_zip(titles: Titles, vocabulary: Vocabulary, kernel: int) -> Any:
    rows = [[vocabulary.get(one, 1) for one in title] for title in titles]
    columns = list(itertools.zip_longest(*rows, [0] * kernel, fillvalue=0))
    return np.array(columns).T[:-1]


def _text(titles: Titles, vocabulary: Vocabulary, kernel: int) -> Any:
    width = max(kernel, *map(len, titles), 0)
    return [title + [""] * (width - len(title)) for title in titles]


def _ragged(titles: Titles, vocabulary: Vocabulary, kernel: int) -> Any:
    return [[vocabulary.get(one, 1) for one in title] for title in titles]


def _turned(titles: Titles, vocabulary: Vocabulary, kernel: int) -> Any:
    return np.array(_by_lists(titles, vocabulary, kernel)).T


def _fails(titles: Titles, vocabulary: Vocabulary, kernel: int) -> Any:
    return [[vocabulary[one] for one in title] for title in titles]


NAMED = {SHORT: "E43", BEYOND: "E38"}

PROOF = Proof(
    task="50.2",
    right=[_by_lists, _by_zip],
    wrong=[
        *(
            Wrong(
                answer,
                f"{says}.",
                erratum=next((e for part, e in NAMED.items() if part in says), None),
                silent=True,
            )
            for says, answer in MISTAKES.items()
        ),
        Wrong(_text, "holds text: a network reads numbers", erratum="E33"),
        Wrong(lambda titles, v, k: titles, "Look each token up in the vocabulary", erratum="E33"),
        Wrong(_ragged, "must have rows of one length"),
        Wrong(_turned, "a row for each of 2 titles"),
        Wrong(_fails, "KeyError", status="error"),
    ],
)
