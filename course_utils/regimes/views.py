"""A contender that reads a log in another way: repaired, on every row, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from course_utils.columns import Split, Table
from course_utils.comparison import Asked, Chances, Contender, Trial

View = Callable[[Table], Table]
Said = Callable[[Split, Chances], Chances]


class Reader(Contender):
    """A contender that learns from another view of the rows, and whose chances are worked on.

    Args:
        inner: it learns all tasks of the view with one trial.
        view: of each table.
        said: the chances to judge, from the rows as they are given and the inner chances.
    """

    def __init__(self, name: str, inner: Contender, view: View, said: Said) -> None:
        super().__init__(name, inner.grid)
        self.inner, self.view, self.said, self.each_task = inner, view, said, inner.each_task

    def grid_for(self, n_tasks: int) -> dict[str, list[Any]]:
        return self.inner.grid_for(n_tasks)

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Asked
    ) -> Chances:
        seen = Split(self.view(split.train), self.view(split.valid), self.view(split.test))
        every = self.inner.fit(seen, seed, trial, list(split.train.labels), asked)
        said = self.said(split, every)
        return {task: said[task] for task in tasks}


def as_logged(table: Table) -> Table:
    """The table itself."""
    return table


def every_row(table: Table) -> Table:
    """Every task on all rows: the purchase becomes click *and* purchase."""
    return replace(table, masks={})


def repaired(table: Table) -> Table:
    """A purchase implies its click, also where the log lost it."""
    click = np.maximum(table.labels["click"], table.labels["purchase"])
    return replace(table, labels={**table.labels, "click": click}, masks={"purchase": click == 1})


def reached(table: Table) -> Table:
    """Each step on the rows that reached the one before."""
    masks = {then: table.labels[first] == 1 for first, then in pairwise(table.labels)}
    return replace(table, masks=masks)


def as_said(_: Split, said: Chances) -> Chances:
    """The chances themselves."""
    return said


def divided(_: Split, said: Chances) -> Chances:
    """p(click and purchase) / p(click), what ESMM's paper calls DIVISION; it may pass 1."""
    return {**said, "purchase": said["purchase"] / said["click"]}


def multiplied(_: Split, said: Chances) -> Chances:
    """The chance to get as far as each step, from that of each step after the one before."""
    so_far = np.cumprod(np.stack(list(said.values())), axis=0)
    return dict(zip(said, so_far, strict=True))


def kept_share(labels: Mapping[str, np.ndarray]) -> float:
    """Which share of purchases has its click in the log: what can be known of lost clicks."""
    return float(labels["click"][labels["purchase"] == 1].mean())


def less_lost(split: Split, said: Chances) -> Chances:
    """ESMM's p(purchase) / p(recorded click), times the share of clicks that is recorded."""
    return {**said, "purchase": said["purchase"] * kept_share(split.train.labels)}


def less_repaired(split: Split, said: Chances) -> Chances:
    """On repaired rows clicks without a purchase are too few: the odds times the share kept."""
    p, share = said["purchase"], kept_share(split.train.labels)
    return {**said, "purchase": p * share / (p * share + 1.0 - p)}
