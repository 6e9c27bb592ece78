"""Task 12.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.preprocessing import MultiLabelBinarizer

from answers import Proof, Wrong
from course_utils.exercises.l12.indicator import first_only, indicator, substrings


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


def _counted(texts: list[str], names: list[str]) -> Any:
    return [[t.split("|").count(n) for n in names] for t in texts], indicator(texts, names)[1]


def _alphabetical(texts: list[str], names: list[str]) -> Any:
    return indicator(texts, sorted(names))


def _silent(texts: list[str], names: list[str]) -> Any:
    return indicator(texts, names)[0], []


def _repeated(texts: list[str], names: list[str]) -> Any:
    every = [name for text in texts if text for name in text.split("|")]
    return indicator(texts, names)[0], sorted(name for name in every if name not in names)


def _unsorted(texts: list[str], names: list[str]) -> Any:
    return indicator(texts, names)[0], list(dict.fromkeys(_repeated(texts, names)[1][::-1]))


def _empty_name(texts: list[str], names: list[str]) -> Any:
    every = {name for text in texts for name in text.split("|")}
    return indicator(texts, names)[0], sorted(every - set(names))


def _columns_seen(texts: list[str], names: list[str]) -> Any:
    table = pd.Series(texts).str.get_dummies("|")
    return table[[n for n in names if n in table]].to_numpy(), indicator(texts, names)[1]


PROOF = Proof(
    task="12.1",
    right=[_with_dummies, _with_binarizer],
    wrong=[
        Wrong(substrings, "not a whole name", silent=True),
        Wrong(_alphabetical, "alphabetical order", silent=True),
        Wrong(_counted, "stands twice is still one", silent=True),
        Wrong(_silent, "dropped in silence", silent=True),
        Wrong(_repeated, "Each once", silent=True),
        Wrong(_unsorted, "Sort them", silent=True),
        Wrong(_empty_name, "An empty text has no name", silent=True),
        Wrong(first_only, "Only the first name", silent=True),
        Wrong(_columns_seen, "the matrix must have shape (3, 3), got shape (3, 2)", silent=True),
        Wrong(lambda texts, names: indicator(texts, names)[0], "a pair (matrix, unknown"),
        Wrong(lambda texts, names: None, "Did you forget a return?"),
    ],
)
