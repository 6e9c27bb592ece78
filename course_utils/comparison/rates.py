"""Smoothed rates: the plain way to borrow from another task, one number a column."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse
from scipy.special import logit
from sklearn.preprocessing import TargetEncoder

from course_utils.columns import Split, Table
from course_utils.comparison.contender import Asked, PerTask, Trial
from course_utils.comparison.inputs import joint_codes, scenario_column
from course_utils.comparison.logistic import Pair, logistic_chances, main_effects, stacked
from course_utils.comparison.plain import cross_fitted
from course_utils.errors import CourseError

MANY_VALUES = 100
"""From so many values on a column has a rate by default: its weights are poorly known."""

SMALLEST = 1e-6


class SmoothedRates(PerTask):
    """Logistic regression on main effects and on logits of the *other* tasks' smoothed rates.

    The rate of a value is (positives + m r) / (rows + m), over the training rows of the other
    task's sample space, with r its rate overall and m its smoothing. Rates of training rows
    are cross-fitted: a click must not show in its own row's rate of clicks.

    Args:
        of: columns that have rates, each a name or names to combine; None for every
            categorical column of 100 values or more.
    """

    def __init__(
        self,
        of: Sequence[str | tuple[str, ...]] | None,
        smoothing: Sequence[float],
        strengths: Sequence[float],
        prepare: Callable[[Split], Split],
        name: str,
    ) -> None:
        super().__init__(name, {"C": strengths, "smoothing": smoothing})
        self.of, self.prepare = of, prepare

    def fit_task(
        self, split: Split, task: str, seed: int, trial: Trial, asked: Asked
    ) -> np.ndarray:
        table, rows = getattr(split, asked), self.prepare(split)
        pairs = [main_effects(rows.train, getattr(rows, asked))]
        for other in split.train.labels:
            if other != task:
                for names in self._columns(split):
                    pairs.append(rates(split.train, table, other, names, trial["smoothing"], seed))
        labels, inside = split.train.labels[task], split.train.mask(task)
        return logistic_chances(labels, inside, stacked(pairs), trial["C"])

    def _columns(self, split: Split) -> list[tuple[str, ...]]:
        columns = split.train.columns
        sizes = zip(columns.vocabulary, columns.sizes, strict=True)
        of = [name for name, size in sizes if size > MANY_VALUES] if self.of is None else self.of
        if not of or len(split.train.labels) < 2:
            raise CourseError(
                f"{self.name!r} needs another task and a column of {MANY_VALUES} values or more "
                "for its rates: name the columns, or leave it out."
            )
        return [(one,) if isinstance(one, str) else tuple(one) for one in of]


def rates(
    train: Table, asked: Table, task: str, names: Sequence[str], smoothing: float, seed: int
) -> Pair:
    """Logits of a task's smoothed rates within the columns' combinations, each ``[n, 1]``."""
    codes, others = (joint_codes(table, names)[:, None] for table in (train, asked))
    rows, y = train.mask(task), train.labels[task]
    encoder = TargetEncoder(smooth=smoothing, target_type="binary")
    own = np.empty(codes.shape)
    own[rows] = cross_fitted(encoder, codes[rows], y[rows], seed)
    if not rows.all():
        own[~rows] = encoder.transform(codes[~rows])
    made = (own, encoder.transform(others))
    first, second = (sparse.csr_array(logit(np.clip(x, SMALLEST, 1 - SMALLEST))) for x in made)
    return first, second


def smoothed_rates(
    of: Sequence[str | tuple[str, ...]] | None = None,
    smoothing: Sequence[float] = (5.0, 20.0, 100.0),
    strengths: Sequence[float] = (0.01, 0.03, 0.1, 0.3, 1.0),
    prepare: Callable[[Split], Split] = scenario_column,
    name: str = "logistic regression with smoothed rates",
) -> SmoothedRates:
    """See ``SmoothedRates``."""
    return SmoothedRates(of, smoothing, strengths, prepare, name)
