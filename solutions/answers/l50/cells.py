"""Task 50.9: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l50.cells import MISTAKES, Texts, cells


def _by_sets(ticked: Texts, asked: Texts, names: Texts) -> Any:
    rows = []
    for yes, looked in zip(
        map(set, map(_parts, ticked)), map(set, map(_parts, asked)), strict=True
    ):
        rows.append([1 if n in yes else 0 if n in looked else float("nan") for n in names])
    return rows


def _parts(text: str) -> list[str]:
    return text.split("|")


def _by_masks(ticked: Texts, asked: Texts, names: Texts) -> Any:
    def has(texts: Texts) -> np.ndarray:
        return np.array([[f"|{n}|" in f"|{text}|" for n in names] for text in texts])

    return np.where(has(ticked), 1.0, np.where(has(asked), 0.0, np.nan))


def _none(ticked: Texts, asked: Texts, names: Texts) -> Any:
    table = cells(ticked, asked, names)
    return [["?" if np.isnan(one) else one for one in row] for row in table.tolist()]


def _turned(ticked: Texts, asked: Texts, names: Texts) -> Any:
    return cells(ticked, asked, names).T


def _exchanged(ticked: Texts, asked: Texts, names: Texts) -> Any:
    return cells(asked, ticked, names)


PROOF = Proof(
    task="50.9",
    right=[_by_sets, _by_masks],
    wrong=[
        *(Wrong(answer, f"{says}.", silent=True) for says, answer in MISTAKES.items()),
        Wrong(_none, "an array of 0, 1 and nan"),
        Wrong(_turned, "a row a product and a column a label"),
        Wrong(lambda t, a, n: 1 - cells(t, a, n), "label 'soft' must be 1, got 0.", silent=True),
    ],
)
