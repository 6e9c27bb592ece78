"""Task 12.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from unicodedata import normalize

import numpy as np
import pandas as pd
from sklearn.preprocessing import MultiLabelBinarizer

from answers import Proof, Wrong
from course_utils.exercises.l12.indicator import (
    MATRIX_MISTAKES,
    UNKNOWN_MISTAKES,
    indicator,
    matrix_of,
    unknown_of,
)


def _with_dummies(texts: list[str], names: list[str]) -> Any:
    table = pd.Series(texts).str.get_dummies("|")
    return table.reindex(columns=names, fill_value=0), sorted(
        table.columns.difference([*names, ""])
    )


def _with_binarizer(texts: list[str], names: list[str]) -> Any:
    rows = [[] if text == "" else text.split("|") for text in texts]
    unknown = {name for row in rows for name in row} - set(names)
    known = [[name for name in row if name not in unknown] for row in rows]
    return MultiLabelBinarizer(classes=names).fit_transform(known) == 1, np.array(sorted(unknown))


def _unsorted(texts: list[str], names: list[str]) -> Any:
    every = [name for text in texts if text for name in text.split("|") if name not in names]
    return indicator(texts, names)[0], list(dict.fromkeys(every))


def _columns_seen(texts: list[str], names: list[str]) -> Any:
    table = pd.Series(texts).str.get_dummies("|")
    return table[[n for n in names if n in table]].to_numpy(), indicator(texts, names)[1]


def _wrong_matrix(gives: Callable[..., Any]) -> Callable[..., Any]:
    return lambda texts, names: (gives(texts, names), unknown_of(texts, names))


def _wrong_unknown(gives: Callable[..., Any]) -> Callable[..., Any]:
    return lambda texts, names: (matrix_of(texts, names), gives(texts, names))


def _without_accents(text: str) -> str:
    return text.replace("é", "e")


def _pattern(texts: list[str], names: list[str]) -> Any:
    """Whole words by a regular expression: 'smart' is a word of 'smart home'."""
    found = [[int(bool(re.search(rf"\b{re.escape(n)}\b", t))) for n in names] for t in texts]
    return found, unknown_of(texts, names)


PROOF = Proof(
    task="12.1",
    right=[_with_dummies, _with_binarizer],
    wrong=[
        *(
            Wrong(_wrong_matrix(gives), says, silent=True)
            for says, gives in MATRIX_MISTAKES.items()
        ),
        *(
            Wrong(_wrong_unknown(gives), says, silent=True)
            for says, gives in UNKNOWN_MISTAKES.items()
        ),
        Wrong(_unsorted, "Sort them", silent=True),
        Wrong(
            lambda texts, names: indicator(list(dict.fromkeys(texts)), names),
            "the matrix must have shape (3, 1), got shape (2, 1)",
            silent=True,
        ),
        Wrong(
            lambda texts, names: indicator([" ".join(text.split()) for text in texts], names),
            "Names are equal if every character is.",
            silent=True,
        ),
        Wrong(
            lambda texts, names: indicator([normalize("NFKC", text) for text in texts], names),
            "[0, 0, 0, 0], [0, 0, 0, 0]], got [[0, 0, 0, 0], [0, 1, 1, 0], [0",
            silent=True,
        ),
        Wrong(_columns_seen, "the matrix must have shape (3, 3), got shape (3, 2)", silent=True),
        Wrong(_pattern, "the matrix must be [[1, 0, 1], [0, 0, 0], [0, 0, 0]]", silent=True),
        Wrong(
            lambda texts, names: indicator(
                [_without_accents(text) for text in texts], [_without_accents(n) for n in names]
            ),
            "['café', 'cafe|c++|usb3']",
            silent=True,
        ),
        Wrong(lambda texts, names: indicator(texts, names)[0], "a pair (matrix, unknown"),
        Wrong(lambda texts, names: None, "Did you forget a return?"),
    ],
)
